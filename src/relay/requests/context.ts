/** What handling requests needs of the relay. */

import type { PackageView } from '../../contract/requests.ts'
import type { Engine } from '../../engine/engine.ts'
import type { Clock, Log } from '../../engine/seams.ts'
import type { RequestKind } from '../../model/request.ts'
import type { Actor } from '../../store/cases.ts'
import type { PersonScope, Work } from '../../store/persons.ts'
import type { SubjectRequest } from '../../store/requests.ts'
import type { Directory, Store } from '../../store/store.ts'
import type { Backups } from '../backup/backups.ts'

/** Puts together what is handed over. */
export interface PackageBuilder {
  /** Undefined when it was cancelled. */
  build(
    request: { id: number; scope: PersonScope; kind: RequestKind },
    actor: Actor,
    work: Work,
  ): Promise<PackageView | undefined>
  list(request: number): Promise<PackageView[]>
}

export interface RequestParts {
  store: Pick<
    Store,
    'audit' | 'directory' | 'disclosures' | 'holds' | 'log' | 'onChange' | 'persons' | 'requests' | 'settings'
  >
  packages: PackageBuilder
  backups: Pick<Backups, 'list'>
  /** the engine is started later than this is built */
  send: Engine['sendOwn']
  /** name of this relay */
  hostname: string
  clock: Clock
  log: Log
}

/** The relay itself, when it goes on with what a person began. */
export const relayItself: Actor = { id: 0, email: 'system' }

/** Whose records a request is about. */
export function scopeOf({ track, subject, account }: SubjectRequest): PersonScope {
  return { address: track === 'holder' ? undefined : subject, account: track === 'third party' ? undefined : account }
}

/** Who is written to about a request: the person, or the contact of the account whose request it is. */
export function respondentOf(directory: Directory, { track, subject, account }: SubjectRequest): string | undefined {
  return track === 'third party' ? subject : directory.accountById(account ?? 0)?.contact
}

/** Under which account's number letters about a request go: only an account's own matters are in its log. */
export function letterAccount({ track, account }: SubjectRequest): number {
  return track === 'holder' ? (account ?? 0) : 0
}

/** Where people answer letters about requests. */
export function deskAddress(hostname: string): string {
  return `privacy@${hostname}`
}
