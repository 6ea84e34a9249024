/** Checks of the audit log that are under way in the reader: each is asked for slice by slice, under its number. */

import type { AuditFinding, SamplingReplayResult, SignedCheckpoint, VerificationResult } from '../../../auditLog.ts'
import type { Connection } from '../../thread/connection.ts'
import { SamplingReplay } from './draws.ts'
import { compareCheckpoints, Verification } from './verification.ts'

interface Check<T> {
  /** does the next slice; the result when it was the last */
  step(): T | undefined
}

class Running<T> {
  private readonly checks = new Map<number, Check<T>>()
  private last = 0

  begin(check: Check<T>): number {
    this.last += 1
    this.checks.set(this.last, check)
    return this.last
  }

  step(number: number): T | undefined {
    const check = this.checks.get(number)
    if (!check) throw new Error(`no check ${number} is under way`)
    const result = check.step()
    if (result !== undefined) this.checks.delete(number)
    return result
  }
}

export class AuditChecks {
  private readonly main: Connection
  private readonly verifications = new Running<VerificationResult>()
  private readonly replays = new Running<SamplingReplayResult>()

  constructor(main: Connection) {
    this.main = main
  }

  /** Begins to check every row, receipt and checkpoint. Returns the number of the check. */
  beginVerify(folder: string, outside: SignedCheckpoint[]): number {
    return this.verifications.begin(new Verification(this.main, folder, outside))
  }

  /** Does the next slice; the verdict when it was the last. */
  verify(number: number): VerificationResult | undefined {
    return this.verifications.step(number)
  }

  compare(folder: string, outside: SignedCheckpoint[]): AuditFinding[] {
    return compareCheckpoints(this.main, folder, outside)
  }

  /** Begins to recompute the draws. Returns the number of the check. */
  beginReplay(now: number): number {
    return this.replays.begin(new SamplingReplay(this.main, now))
  }

  /** Does the next slice; the verdict when it was the last. */
  replay(number: number): SamplingReplayResult | undefined {
    return this.replays.step(number)
  }
}
