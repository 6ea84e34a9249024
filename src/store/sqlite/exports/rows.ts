/** Rows of packages as the store's words. */

import type { ExportRecord } from '../../exports.ts'

export interface ExportRow {
  id: number
  request: number
  account: number | null
  created_at: number
  expires_at: number
  destroyed_at: number | null
  file: string
  key: Uint8Array | null
  bytes: number
  records: number
  sha256: string
  needs_review: number
  builder: number
  built_by: string
  reviewer: number | null
  reviewed_by: string | null
  handed_file: string | null
  handed_key: Uint8Array | null
  link_expires: number | null
  downloads: number
}

export function decodeExport(row: ExportRow): ExportRecord {
  return {
    id: row.id,
    request: row.request,
    account: row.account ?? undefined,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    destroyedAt: row.destroyed_at ?? undefined,
    bytes: row.bytes,
    records: row.records,
    sha256: row.sha256,
    needsReview: row.needs_review === 1,
    builtBy: row.built_by,
    reviewedBy: row.reviewed_by ?? undefined,
    downloads: row.downloads,
  }
}
