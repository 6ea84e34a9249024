/** What packages need of the relay, and how one is shown. */

import type { Clock, Log } from '../../mta/ports.ts'
import type { ExportRecord } from '../../store/exports.ts'
import type { Store } from '../../store/store.ts'
import type { SubjectStore } from '../../store/subjects.ts'
import type { Sharing } from './head.ts'
import type { ExportView } from './view.ts'

export interface DataExportsOptions {
  store: Pick<Store, 'dataExports' | 'requests' | 'settings' | 'directory' | 'trust' | 'cases' | 'legalRequests'> & {
    subjects: Pick<SubjectStore, 'search' | 'records' | 'hash'>
  }
  /** data folder */
  folder: string
  /** name of the relay */
  hostname: string
  /** who else gets data, from the settings in force */
  sharing?(): Promise<Sharing>
  clock: Clock
  log: Log
}

function time(ms: number): string {
  return new Date(ms).toISOString()
}

export function viewOf(record: ExportRecord, now: number): ExportView {
  const { id, createdAt, expiresAt, bytes, records, sha256, builtBy, reviewedBy, downloads } = record
  return {
    ...{ id, bytes, records, sha256, builtBy, downloads },
    createdAt: time(createdAt),
    expiresAt: time(expiresAt),
    needsReview: record.needsReview && reviewedBy === undefined,
    reviewedBy: reviewedBy ?? null,
    available: record.destroyedAt === undefined && expiresAt > now,
  }
}
