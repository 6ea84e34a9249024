/** Checks that are under way in the reader: each is asked for slice by slice, under its number. */

import type { SamplingReplayResult, SignedCheckpoint, VerificationResult } from '../../../auditLog.ts'
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

/** The reader's operations that check the audit log. */
export function auditChecks(main: Connection): Record<string, (argument: never) => unknown> {
  const verifications = new Running<VerificationResult>()
  const replays = new Running<SamplingReplayResult>()
  return {
    beginVerify: ([folder, outside]: [string, SignedCheckpoint[]]) =>
      verifications.begin(new Verification(main, folder, outside)),
    verify: (number: number) => verifications.step(number),
    compareCheckpoints: ([folder, outside]: [string, SignedCheckpoint[]]) => compareCheckpoints(main, folder, outside),
    beginReplay: (now: number) => replays.begin(new SamplingReplay(main, now)),
    replay: (number: number) => replays.step(number),
  }
}
