/** What all sessions share. */

import { HourlyCount } from '../../base/hourlyCount.ts'
import { AccountSessions } from './accountSessions.ts'
import { AddressCredentials } from './addressCredentials.ts'
import { Authenticator } from './authenticator.ts'
import { defaultTunables, type SubmissionOptions, type Tunables } from './options.ts'
import { SharedBudget } from './sharedBudget.ts'
import { Strangers } from './strangers.ts'
import { PasswordThrottle } from './throttle.ts'

export interface Parts
  extends Pick<
    SubmissionOptions,
    'accept' | 'clock' | 'mailboxes' | 'directory' | 'hostname' | 'isSuppressed' | 'limits' | 'log'
  > {
  tunables: Tunables
  throttle: PasswordThrottle
  authenticator: Authenticator
  addressCredentials: AddressCredentials
  hourly: HourlyCount
  /** messages of whole accounts, over all their credentials */
  hourlyAccounts: HourlyCount
  /** by account */
  budget: SharedBudget
  /** by network of the client */
  mailboxBudget: SharedBudget
  strangers: Strangers
  /** sessions with a credential, by account */
  accountSessions: AccountSessions
  /** milliseconds of a clock that never jumps, as of the last sweep: reading it costs nothing */
  time: { now: number }
  /** sessions are to end at the next good moment */
  isStopping: boolean
}

/** Milliseconds of a clock that never jumps. */
export function steadyNow(): number {
  return performance.now()
}

export function createParts(options: SubmissionOptions): Parts {
  const { accept, clock, mailboxes, directory, hostname, isSuppressed, limits, log } = options
  const tunables = { ...defaultTunables, ...options.tunables }
  const throttle = new PasswordThrottle(
    options.throttle,
    { clock, steady: options.steady ?? { now: steadyNow } },
    log,
    tunables.throttle,
  )
  return {
    accept,
    clock,
    mailboxes,
    directory,
    hostname,
    isSuppressed,
    limits,
    log,
    tunables,
    throttle,
    authenticator: new Authenticator(directory, throttle),
    addressCredentials: new AddressCredentials(directory),
    hourly: new HourlyCount(),
    hourlyAccounts: new HourlyCount(),
    budget: new SharedBudget(tunables.memoryOctets),
    mailboxBudget: new SharedBudget(tunables.mailboxOctets),
    strangers: new Strangers(limits.sessions),
    accountSessions: new AccountSessions(limits.sessions),
    time: { now: steadyNow() },
    isStopping: false,
  }
}
