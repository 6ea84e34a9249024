/** What handling requests needs of the relay. */

import type { RequestKind } from '../../model/request.ts'
import type { Clock, Log } from '../../mta/ports.ts'
import type { SendSystemMail } from '../../mta/queue/systemMail.ts'
import type { BackupRecord } from '../../store/backup.ts'
import type { Actor } from '../../store/cases.ts'
import type { SubjectRequest } from '../../store/requests.ts'
import type { Directory, Store } from '../../store/store.ts'
import type { SubjectScope, Work } from '../../store/subjects.ts'
import type { ExportView } from '../exports/view.ts'

/** Puts together what is handed over. */
export interface ExportBuilder {
  /** Undefined when it was cancelled. */
  build(
    request: { id: number; scope: SubjectScope; kind: RequestKind },
    actor: Actor,
    work: Work,
  ): Promise<ExportView | undefined>
  list(request: number): Promise<ExportView[]>
}

/** A backup that was made, and what became of it. */
export interface ListedBackup extends BackupRecord {
  /** whether its files are still where they were written */
  present: boolean
  /** days that are not in it, because their file was damaged or lost, as far as its manifest is there to say so */
  leftOut: string[]
}

export interface RequestParts {
  store: Pick<
    Store,
    'audit' | 'directory' | 'legalRequests' | 'holds' | 'log' | 'on' | 'subjects' | 'requests' | 'settings'
  >
  dataExports: ExportBuilder
  backups: { list(): Promise<ListedBackup[]> }
  /** the engine is started later than this is built */
  send: SendSystemMail
  /** name of this relay */
  hostname: string
  clock: Clock
  log: Log
}

/** The relay itself, when it goes on with what a person began. */
export const relayItself: Actor = { id: 0, email: 'system' }

/** Whose records a request is about. */
export function scopeOf({ track, subject, account }: SubjectRequest): SubjectScope {
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
export function mailboxAddress(hostname: string): string {
  return `privacy@${hostname}`
}
