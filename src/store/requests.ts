/** Requests of people about data held of them, in the words of the model. Times are milliseconds of Unix time. */

import type { MessageId } from '../model/id.ts'
import type {
  RefusalGround,
  RequestKind,
  RequestMove,
  RequestOutcome,
  RequestSource,
  RequestState,
  RequestTrack,
} from '../model/request.ts'
import type { Actor } from './cases.ts'
import type { ColumnCount, Erased, SubjectSearch } from './subjects.ts'

/** A piece of work that takes its time. */
export interface RequestWork {
  state: 'running' | 'done' | 'cancelled' | 'failed'
  done: number
  total: number
  startedAt: number
  endedAt: number | undefined
  /** what went wrong, and what to do; empty while all is well */
  problem: string
}

export type StoredSearch = RequestWork & SubjectSearch

/** How far carrying out has come. */
export interface Execution extends RequestWork {
  /** who began it */
  by: Actor
  destroyed: Pick<Erased, 'headers' | 'redacted' | 'samples' | 'rows'>
  /** what has to wait: unfinished deliveries, holds */
  waiting: ColumnCount[]
}

export interface SubjectRequest {
  id: number
  kind: RequestKind
  track: RequestTrack
  /** address of the person; a short hash once it was erased */
  subject: string
  /** id of the account it is limited to; undefined: everything */
  account: number | undefined
  source: RequestSource
  receivedAt: number
  dueAt: number
  extended: boolean
  state: RequestState
  outcome: RequestOutcome | undefined
  ground: RefusalGround | undefined
  owner: string | undefined
  parent: number | undefined
  text: string
  correction: string
  suppress: boolean
  closedAt: number | undefined
  identity: { how: string; by: string; at: number } | undefined
  codeSentAt: number | undefined
  search: StoredSearch | undefined
  execution: Execution | undefined
  receipts: number[]
  /** the legal hold of a restriction */
  hold: number | undefined
  /** when the person was taken out of the request itself */
  erasedAt: number | undefined
  /** it is answered, and the person wrote since: somebody has to read that */
  wroteAgain: boolean
}

export interface StoredRequestEvent {
  id: number
  at: number
  actor: string
  kind: string
  text: string
}

/** A letter that goes out, or went out. `{id}` in subject and text of a new request's letter stands for its number. */
export interface NewLetter {
  /** such as `acknowledgement`, `forwarding`, `code`, `extension`, `refusal`, `answer` */
  kind: string
  /** whose log it is in, 0 for nobody's */
  account: number
  /** id of the account it forwards the request to */
  about: number | undefined
  to: string
  subject: string
  text: string
}

export interface StoredLetter extends NewLetter {
  id: number
  request: number
  at: number
  /** the message it went out as; undefined until it was accepted */
  message: MessageId | undefined
}

export interface RequestRecord extends SubjectRequest {
  events: StoredRequestEvent[]
  letters: StoredLetter[]
  /** requests of accounts that were made for this one */
  orders: SubjectRequest[]
}

export interface NewRequest {
  kind: RequestKind
  track: RequestTrack
  subject: string
  account: number | undefined
  source: RequestSource
  receivedAt: number
  parent: number | undefined
  text: string
  correction: string
  suppress: boolean
  /** why it is known who asks, where the way it came in says so */
  identity: string | undefined
  /** how the kind was found out, where it was guessed */
  guess: string | undefined
  /** goes out unless the address got one within a day */
  acknowledgement: NewLetter | undefined
  /** the mail it came by, which ends in the same transaction */
  inbox: number | undefined
}

/** Who acts, when, on which request. */
export interface RequestAct {
  request: number
  actor: Actor
  at: number
}

export interface RequestChange {
  kind?: RequestKind | undefined
  track?: RequestTrack | undefined
  account?: number | null | undefined
  owner?: string | null | undefined
  correction?: string | undefined
  suppress?: boolean | undefined
}

/** What became of an act; `obstacle` says in words why not. */
export type RequestResult = { ok: true } | { ok: false; obstacle: string }

/** `known`: another request about the same is open, and the text was attached to it. */
export type OpenedRequest = { kind: 'opened' | 'known'; id: number } | { kind: 'gone' }

/** `moved`: it was mailed to an address that another has replaced since. */
export type CodeResult = 'confirmed' | 'wrong' | 'none' | 'expired' | 'used up' | 'moved'

export interface RequestQuery {
  state: 'open' | 'closed' | 'all'
  kind?: RequestKind | undefined
  track?: RequestTrack | undefined
  account?: number | undefined
  limit: number
  cursor: string | undefined
}

/** A step on the path, with the letters that belong to it. */
export interface RequestStep {
  move: RequestMove
  outcome?: RequestOutcome | undefined
  ground?: RefusalGround | undefined
  letters: NewLetter[]
  /** line of the timeline */
  text: string
  /** of the person who does it */
  reason: string
  /** what begins with it */
  execution?: Execution | undefined
}

export interface RequestStore {
  /** Those with the fewest days left first; closed ones newest first. */
  list(query: RequestQuery): Promise<{ requests: SubjectRequest[]; next: string | undefined }>
  get(id: number): Promise<RequestRecord | undefined>
  counts(now: number): Promise<{ open: number; dueSoon: number; overdue: number }>
  /** What was destroyed by order of a request so far, as the audit log has it. */
  erasedBy(id: number): Promise<Pick<Erased, 'headers' | 'redacted' | 'samples' | 'rows' | 'receipts'>>
  /** Those on which the relay itself has something to do. */
  underWay(): Promise<SubjectRequest[]>
  /**
   * Requests closed before a time that still say who asked. Not those a legal hold covers, nor deletions that were carried
   * out: their end is a matter of its own.
   */
  aged(closedBefore: number): Promise<SubjectRequest[]>
  /** Rows of the audit log in which people wrote why something was done about a request. */
  reasons(id: number): Promise<number[]>
  /** Letters that were written and not accepted yet, oldest first. */
  unsent(): Promise<StoredLetter[]>
  /** One open request an address, kind, track and account: what comes in besides is attached to it. */
  open(given: NewRequest, actor: Actor, at: number): Promise<OpenedRequest>
  /** While nothing is decided. */
  change(act: RequestAct, change: RequestChange, reason: string): Promise<RequestResult>
  note(act: RequestAct, text: string): Promise<StoredRequestEvent>
  /** Attaches what the person wrote, and ends the mail it came by. */
  attach(act: RequestAct, text: string, inbox: number): Promise<void>
  /** Keeps the hash of a code that was mailed; an earlier one counts no more. */
  codeSent(act: RequestAct, hash: string, letter: Omit<StoredLetter, 'id' | 'request' | 'at'>): Promise<RequestResult>
  /** Tries a code; so many wrong ones, and it counts no more. Confirms the identity when it is right. */
  tryCode(act: RequestAct, hashes: string[]): Promise<CodeResult>
  confirm(act: RequestAct, how: string): Promise<RequestResult>
  /** Moves it on by the table of the model, with its letters, its line in the timeline and its audit entry. */
  step(act: RequestAct, step: RequestStep): Promise<RequestResult>
  /** Once, before it is due. */
  extend(act: RequestAct, letter: NewLetter, reason: string): Promise<RequestResult>
  /** Keeps what a search found. */
  searched(act: RequestAct, search: StoredSearch): Promise<void>
  /** Keeps how far carrying out has come; receipts are added to those there are. */
  executed(id: number, execution: Execution, receipts: number[]): Promise<void>
  /** Binds the legal hold of a restriction, or lets go of it. */
  bindHold(act: RequestAct, hold: number | undefined, text: string): Promise<void>
  letterSent(letter: number, message: MessageId): Promise<void>
  /** Takes the person out of the request and of those made for it; a short hash remains. */
  forget(act: RequestAct, hash: string): Promise<void>
}
