/** What all sessions share. */

import type { AddressCredentials } from './addressCredentials.ts'
import type { Authenticator } from './authenticator.ts'
import type { ByteBudget } from './budget.ts'
import type { HourlyCount } from './hourlyCount.ts'
import type { IntakeOptions, Tunables } from './options.ts'

export interface Parts extends Pick<IntakeOptions, 'accept' | 'clock' | 'directory' | 'hostname' | 'limits' | 'log'> {
  tunables: Tunables
  authenticator: Authenticator
  addressCredentials: AddressCredentials
  hourly: HourlyCount
  budget: ByteBudget
  /** milliseconds of a clock that never jumps, as of the last sweep: reading it costs nothing */
  time: { now: number }
  /** sessions are to end at the next good moment */
  isStopping: boolean
}
