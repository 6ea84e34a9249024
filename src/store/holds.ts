/** Legal holds, and retention shortened for an account, in the words of the model. */

import type { HoldScope } from '../model/hold.ts'

/** A legal hold, in force or released. */
export interface HoldRecord {
  id: number
  scope: HoldScope
  reason: string
  placedBy: string
  placedAt: number
  released: { by: string; at: number; reason: string } | undefined
  /** header records beyond their day that it keeps, or had kept when it was released */
  headers: number
}

/** Who does it, as the audit log names them, and why. */
export interface HoldAct {
  actor: string
  at: number
  reason: string
}

export interface HoldStore {
  /** Newest first. */
  list(): Promise<HoldRecord[]>
  /** What it covers survives its day from here on. */
  place(scope: HoldScope, act: HoldAct): Promise<HoldRecord>
  /** What it kept is hidden from here on, and gone with the next run. Undefined when no such hold is in force. */
  release(id: number, act: HoldAct): Promise<HoldRecord | undefined>
  /**
   * Sets how many days an account's mail is kept, undefined for as many as the policy says. What is kept already can
   * only be shortened: what is over then is hidden at once and gone with the next run.
   */
  setKeepDays(account: number, days: number | undefined, act: HoldAct): Promise<void>
}
