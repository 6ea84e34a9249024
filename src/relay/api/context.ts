/** What a handler knows about its caller, and the parts of the relay it may use. */

import type { SessionKind } from '../../model/user.ts'
import type { Listener } from '../../mta/listen.ts'
import type { Clock, Log } from '../../mta/ports.ts'
import type { DataExports } from '../../privacy/exports/exports.ts'
import type { RequestService } from '../../privacy/requests/requests.ts'
import type { AuditEntry, Store } from '../../store/store.ts'
import type { Checkpoints } from '../audit/checkpoints.ts'
import { type Actor, actorName } from '../auth/authorise.ts'
import type { LoginThrottle } from '../auth/loginThrottle.ts'
import type { SecondFactors } from '../auth/secondFactor.ts'
import type { Sessions } from '../auth/sessions.ts'
import type { UserRules } from '../auth/userRules.ts'
import type { Backups } from '../backup/backups.ts'
import type { Changes } from '../changes.ts'
import type { Engine, EngineOptions } from '../engine/engine.ts'
import type { SealKey } from '../keys/sealKey.ts'

/** One connection of a caller: a WebSocket, a MessagePort, or a single HTTP request. */
export interface Connection {
  /** where the caller sits, for the login throttle: an IP address, or `desktop` */
  address: string
  /** what a session that is opened on this connection is listed as */
  kind: SessionKind
  /** on the control socket: the owner of the data folder */
  local: boolean
  /** session token; a login on this connection puts it here, a logout takes it away */
  session: string | undefined
  /** API token of a single HTTP request; such a request has no session */
  apiToken?: string | undefined
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
  backups: Backups
  requests: RequestService
  engine: Engine
  clock: Clock
  log: Log
  sessions: Sessions
  loginThrottle: LoginThrottle
  secondFactors: SecondFactors
  dataExports: DataExports
  userRules: UserRules
  changes: Changes
  checkpoints: Checkpoints
  /** id of the data folder */
  folderId: string
  hostname: string
  startedAt: number
  demo: boolean
  listeners(): readonly (Listener | ConsoleListener)[]
  certificate(): Certificate
  /** things a person should know, besides those of the store */
  notices: { at: number; text: string }[]
}

type Said = Pick<AuditEntry, 'action' | 'object'> & Partial<Pick<AuditEntry, 'reason' | 'details' | 'facts'>>

/** The audit entry of an act, to be written in one transaction with it: {@link audit} where there is nothing to write. */
export function entryOf({ clock }: Pick<Parts, 'clock'>, actor: Actor, said: Said): AuditEntry {
  return { at: clock.now(), actor: actorName(actor), reason: '', details: {}, ...said }
}

/** Writes to the audit log what a person did that changes nothing in the store. */
export function audit(parts: Pick<Parts, 'store' | 'clock'>, actor: Actor, said: Said): Promise<void> {
  return parts.store.audit.append(entryOf(parts, actor, said))
}
