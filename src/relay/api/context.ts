/** What a handler knows about its caller, and the parts of the relay it may use. */

import type { Engine, EngineOptions, Listener } from '../../engine/engine.ts'
import type { Clock, Log } from '../../engine/seams.ts'
import type { AuditEntry, Store } from '../../store/store.ts'
import { type Actor, actorName } from '../authorise.ts'
import type { Changes } from '../changes.ts'
import type { LoginThrottle } from '../loginThrottle.ts'
import type { SealKey } from '../sealKey.ts'
import type { Sessions } from '../sessions.ts'

/** One connection of a caller: a WebSocket, a MessagePort, or a single HTTP request. */
export interface Connection {
  /** where the caller sits, for the login throttle: an IP address, or `desktop` */
  address: string
  /** on the control socket: the owner of the data folder */
  local: boolean
  /** session token; a login on this connection puts it here, a logout takes it away */
  session: string | undefined
  /** told when a login or logout changed the session of this connection */
  remember?(session: string | undefined): void
}

/** What transports hand to the handlers. */
export type CallContext = { connection: Connection }

export type ConsoleListener = { kind: 'console'; host: string; port: number }

/** The certificate SMTP clients see. */
export interface Certificate {
  /** PEM */
  tls: EngineOptions['tls']
  selfMade: boolean
}

/** The parts of a running relay that handlers use. */
export interface Parts {
  store: Store
  sealKey: SealKey
  engine: Engine
  clock: Clock
  log: Log
  sessions: Sessions
  loginThrottle: LoginThrottle
  changes: Changes
  hostname: string
  startedAt: number
  demo: boolean
  listeners(): readonly (Listener | ConsoleListener)[]
  certificate(): Certificate
  /** things a person should know, besides those of the store */
  notices: { at: number; text: string }[]
}

/** Writes an act of a person to the audit log. */
export function audit(
  parts: Pick<Parts, 'store' | 'clock'>,
  actor: Actor,
  entry: Pick<AuditEntry, 'action' | 'object'> & Partial<Pick<AuditEntry, 'reason' | 'details'>>,
): Promise<void> {
  const { store, clock } = parts
  return store.audit.append({ at: clock.now(), actor: actorName(actor), reason: '', details: {}, ...entry })
}
