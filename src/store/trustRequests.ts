/** What account holders ask for: that no samples of their mail be stored. Times are milliseconds of Unix time. */

import type { AuditEntry } from './auditLog.ts'

/** A request for trust that nobody has decided yet; deciding about the account's trust ends it. */
export interface TrustRequest {
  account: number
  /** e-mail address of who asked */
  requestedBy: string
  reason: string
  requestedAt: number
}

export interface TrustRequestStore {
  /** Oldest first. */
  list(): Promise<TrustRequest[]>
  of(account: number): Promise<TrustRequest | undefined>
  /** False when one of the account waits already. */
  ask(request: TrustRequest, entry: AuditEntry): Promise<boolean>
}
