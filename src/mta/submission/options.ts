/** What intake is given, and the limits it keeps. */

import { defaultHeaderLimits, type HeaderLimits } from '../../model/header.ts'
import type { Directory, Store } from '../../store/store.ts'
import type { EngineLimits } from '../limits.ts'
import type { ListenAddress } from '../listen.ts'
import type { Accept, Clock, Log, RoleMailboxes } from '../ports.ts'
import { defaultThrottleLimits, type ThrottleLimits } from './throttle.ts'

export interface SubmissionOptions {
  directory: Directory
  throttle: Store['throttle']
  accept: Accept
  /** without them, nobody but accounts is listened to */
  mailboxes?: RoleMailboxes
  /** whether an account must not write to an address: its person asked not to be written to */
  isSuppressed?(account: number, address: string): boolean
  /** name in greetings and Received fields */
  hostname: string
  smtp: ListenAddress[]
  smtps: ListenAddress[]
  /** PEM */
  tls: { key: string; cert: string }
  limits: EngineLimits
  log: Log
  clock: Clock
  /** never jumps; the process's own when left out */
  steady?: Clock
  tunables?: Partial<Tunables>
}

/** Limits few would change. Times in milliseconds, sizes in octets. */
export interface Tunables {
  /** between two commands (RFC 5321 §4.5.3.2.7: at least five minutes) */
  idleMs: number
  /** from connection to a credential */
  loginMs: number
  handshakeMs: number
  /** a whole session */
  sessionMs: number
  /** slowest sender of a message, octets a second, measured over windows of `dataWindowMs` */
  dataRate: number
  dataWindowMs: number
  /** how often the limits in time are looked at; they are that exact */
  sweepMs: number
  /** a whole session without a credential, a letter to a desk of the relay included */
  strangerMs: number
  /** commands before there is a credential */
  strangerCommands: number
  /** malformed, misplaced and unknown commands, and wrong passwords, of one session */
  errors: number
  /** messages being received, all sessions together */
  memoryOctets: number
  /** the same for mail to role mailboxes: they take nothing from accounts */
  mailboxOctets: number
  /**
   * One line of a body without its CRLF. RFC 5321 §4.5.3.1.6 lets clients count on 998 only, but real mail has lines
   * of hundreds of thousands (HTML in one line), and a relay changes no octet; header lines are held to 998.
   */
  lineOctets: number
  header: HeaderLimits
  throttle: ThrottleLimits
}

export const defaultTunables: Tunables = {
  idleMs: 5 * 60_000,
  loginMs: 2 * 60_000,
  handshakeMs: 30_000,
  sessionMs: 60 * 60_000,
  dataRate: 512,
  dataWindowMs: 60_000,
  sweepMs: 1000,
  strangerMs: 5 * 60_000,
  strangerCommands: 30,
  errors: 20,
  memoryOctets: 128 * 1024 * 1024,
  mailboxOctets: 16 * 1024 * 1024,
  lineOctets: 1024 * 1024,
  header: defaultHeaderLimits,
  throttle: defaultThrottleLimits,
}
