/** Retention in the words of the model: what is kept until when, what went, and the proof of it. */

import type { Day } from '../model/retention.ts'
import type { AuditEntry } from './auditLog.ts'

/** The time retention goes by, which is not always what the clock says. Milliseconds of Unix time. */
export interface PolicyClock {
  /** what ends by this time is not shown */
  hideBy(): number
  /** what ends by this time may be destroyed */
  destroyBy(): number
}

/** A signed record of a deletion. */
export interface Receipt {
  id: number
  kind: 'retention' | 'samples' | 'hold' | 'erasure'
  /** null when the deletion was not of one day */
  day: Day | null
  headers: number
  samples: number
  bodies: number
  /** SHA-256, hex, over the ids of the header records (of the samples, where none went), ascending, eight bytes big-endian each */
  digest: string
  bytesBefore: number
  bytesAfter: number
  orphans: number
  at: number
  /** Ed25519, base64 */
  signature: string
  /** whether the signature is right and the audit log has the receipt's hash */
  valid: boolean
}

/** A day that is kept. */
export interface RetainedDay {
  day: Day
  headers: number
  samples: number
  /** size on disk of its files */
  bytes: number
  oldestAt: number | undefined
  youngestAt: number | undefined
  /** when it is destroyed */
  goesAt: number
  /** header records under a legal hold */
  held: number
  /** messages accepted on it that are not finished; counted for a plan only */
  live: number
}

export interface RetentionState {
  lastRun: number | undefined
  /** acceptance of the oldest header record in history */
  oldestHeader: number | undefined
  oldestSample: number | undefined
  /** samples stored */
  samples: number
  /** days whose time is up and that are still there */
  overdue: number
  /** since when the first of them should be gone */
  overdueSince: number | undefined
  /** when the next day ends; undefined when nothing is kept */
  nextEnd: number | undefined
}

/** What the live checks of the promise look at. */
export interface RetentionFindings {
  /** acceptance of the youngest record of the oldest day */
  youngestOfOldestDay: number | undefined
  /** bodies looked at, whether these are all, and those of messages without an unfinished delivery */
  bodies: { looked: number; all: boolean; finished: number }
  /** unfinished messages whose own time is up */
  liveOverdue: number
  /** files in days/ and samples/ without a catalogue entry */
  orphans: number
  /** deletions that were begun and are not known to be complete */
  pendingReceipts: number
  receipts: number
  /** of the latest 20 */
  invalidReceipts: number
  audit: { entries: number; checkpointAt: number | undefined; checkpointSequence: number | undefined }
  /** settings that hold a private key which opens samples; there must be none */
  sampleKeysInReach: number
  sealKeys: number
  held: { headers: number; samples: number }
}

export interface RetentionStore {
  /**
   * Destroys every day that is over, and ends what a crash left begun. Returns the receipts, of which the audit log has
   * the hashes.
   */
  purge(now: number): Promise<Receipt[]>
  state(now: number): Promise<RetentionState>
  /** The days there are, newest first. */
  days(): Promise<RetainedDay[]>
  /** The days a run at a moment would destroy, as if the policy said `days` days when given. Nothing is changed. */
  plan(at: number, days?: number): Promise<RetainedDay[]>
  findings(now: number): Promise<RetentionFindings>
  /** Newest first. */
  receipts(limit: number, before: number | undefined): Promise<Receipt[]>
  /** Sets the days of the policy, at most 70; what is kept already can only be shortened. */
  setDays(days: number, entry: AuditEntry): Promise<void>
}
