/**
 * Writes of packages, each with its entry in the audit log, which names the request and never the person. Who may do
 * what is decided inside the writing transaction: of two reviews at once one wins, and nobody reviews their own work.
 */

import { findingKey } from '../../../model/addressKey.ts'
import type { Actor } from '../../cases.ts'
import {
  type ExportRecord,
  type ExportRefusal,
  type ExportResult,
  type HandedExport,
  type LinkedExport,
  MOST_DOWNLOADS,
  type NewExport,
} from '../../exports.ts'
import type { AuditWriter } from '../audit/writer.ts'
import type { Connection } from '../thread/connection.ts'
import { decodeExport, type ExportRow } from './rows.ts'

/** An order about one package. */
/** Entries of links are nobody's by name: who has the link takes the package. */
const link: Actor = { id: 0, email: 'link' }
const system: Actor = { id: 0, email: 'system' }
const NO_KEYS = 'key = NULL, handed_file = NULL, handed_key = NULL, link_hash = NULL, link_expires = NULL'

function refuse(refusal: ExportRefusal): ExportResult {
  return { ok: false, refusal }
}

export class ExportWriter {
  private readonly database: Connection
  private readonly audit: AuditWriter

  constructor(database: Connection, audit: AuditWriter) {
    this.database = database
    this.audit = audit
  }

  add(made: NewExport, actor: Actor, at: number): ExportRecord {
    const { request, account, expiresAt, file, key, bytes, records, sha256, needsReview } = made
    const { lastInsertRowid } = this.database
      .prepare(
        `INSERT INTO package (request, account, created_at, expires_at, file, key, bytes, records, sha256, needs_review,
         builder, built_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        request,
        account ?? null,
        at,
        expiresAt,
        file,
        key,
        bytes,
        records,
        sha256,
        needsReview ? 1 : 0,
        actor.id,
        actor.email,
      )
    const row = this.row(Number(lastInsertRowid))!
    this.record(row, actor, at, 'requests.buildPackage', '', { bytes, records, sha256, needsReview })
    return decodeExport(row)
  }

  read(id: number, actor: Actor, at: number): ExportResult {
    const row = this.row(id)
    const refusal = this.refusalOf(row, at)
    if (!row || refusal) return refuse(refusal ?? 'not found')
    this.record(row, actor, at, 'requests.readPackage', '', {})
    return this.result(id)
  }

  review(id: number, note: string, actor: Actor, at: number): ExportResult {
    const row = this.row(id)
    const refusal = this.refusalOf(row, at)
    if (!row || refusal) return refuse(refusal ?? 'not found')
    if (row.reviewer !== null) return refuse('reviewed')
    if (actor.id === 0) return refuse('nobody')
    if (actor.id === row.builder || findingKey(actor.email) === findingKey(row.built_by)) return refuse('own work')
    this.database
      .prepare('UPDATE package SET reviewer = ?, reviewed_by = ?, reviewed_at = ? WHERE id = ?')
      .run(actor.id, actor.email, at, id)
    this.record(row, actor, at, 'requests.reviewPackage', note, {})
    return this.result(id)
  }

  handOver(id: number, handed: HandedExport, actor: Actor, at: number): ExportResult {
    const row = this.row(id)
    const refusal = this.refusalOf(row, at)
    if (!row || refusal) return refuse(refusal ?? 'not found')
    if (row.needs_review === 1 && row.reviewer === null) return refuse('not reviewed')
    const { file, key, bytes, sha256, linkHash, linkExpires } = handed
    this.database
      .prepare(
        `UPDATE package SET handed_file = ?, handed_key = ?, bytes = ?, sha256 = ?, link_hash = ?, link_expires = ?,
         downloads = 0 WHERE id = ?`,
      )
      .run(file, key, bytes, sha256, linkHash, Math.min(linkExpires, row.expires_at), id)
    this.record(row, actor, at, 'requests.handOver', '', { bytes, sha256 })
    return this.result(id)
  }

  take(linkHash: string, at: number): LinkedExport | undefined {
    const row = this.database
      .prepare(
        `UPDATE package SET downloads = downloads + 1
         WHERE link_hash = ? AND link_expires > ? AND expires_at > ? AND downloads < ? RETURNING *`,
      )
      .get(linkHash, at, at, MOST_DOWNLOADS) as ExportRow | undefined
    if (!row?.handed_file || !row.handed_key) return undefined
    const { id, request, bytes, handed_file: file, handed_key: key, downloads } = row
    this.record(row, link, at, 'requests.downloadPackage', '', { download: downloads })
    return { id, request, bytes, file, key }
  }

  destroy(id: number, actor: Actor, at: number): ExportResult {
    const row = this.row(id)
    if (!row) return refuse('not found')
    if (!row.key) return refuse('gone')
    this.forget(row, actor, at)
    return this.result(id)
  }

  /** Returns how many packages and links ended. */
  expire(at: number): number {
    const over = this.database
      .prepare('SELECT * FROM package WHERE key IS NOT NULL AND expires_at <= ?')
      .all(at) as ExportRow[]
    for (const row of over) this.forget(row, system, at)
    const { changes } = this.database
      .prepare(
        `UPDATE package SET handed_file = NULL, handed_key = NULL, link_hash = NULL, link_expires = NULL
         WHERE link_expires <= ?`,
      )
      .run(at)
    return over.length + changes
  }

  private forget(row: ExportRow, actor: Actor, at: number): void {
    this.database.prepare(`UPDATE package SET ${NO_KEYS}, destroyed_at = ? WHERE id = ?`).run(at, row.id)
    this.record(row, actor, at, 'requests.destroyPackage', '', {})
  }

  private refusalOf(row: ExportRow | undefined, at: number): ExportRefusal | undefined {
    if (!row) return 'not found'
    return !row.key || row.expires_at <= at ? 'gone' : undefined
  }

  private record(
    row: ExportRow,
    actor: Actor,
    at: number,
    action: string,
    reason: string,
    facts: Record<string, unknown>,
  ): void {
    const object = `request ${row.request}`
    this.audit.append({
      at,
      actor: actor.email,
      action,
      object,
      reason,
      details: {},
      facts: { package: row.id, request: row.request, ...facts },
    })
  }

  private row(id: number): ExportRow | undefined {
    return this.database.prepare('SELECT * FROM package WHERE id = ?').get(id) as ExportRow | undefined
  }

  private result(id: number): ExportResult {
    return { ok: true, package: decodeExport(this.row(id)!) }
  }
}
