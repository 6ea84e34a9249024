/** What is kept about one person, wherever it lies: found, listed, destroyed. Times are milliseconds of Unix time. */

import type { MessageId } from '../model/id.ts'
import type { MessageDetail } from '../model/message.ts'

/** Whose records are meant; at least one of the two is given. */
export interface SubjectScope {
  /** the person's address in any form: case, A- or U-labels, tag; undefined: everything of the account */
  address: string | undefined
  /** id: only records of this account */
  account: number | undefined
}

/** Records of a place that concern the person, and how many of them stay for now. */
export interface ColumnCount {
  place: string
  count: number
  excepted: number
  why: string
  /**
   * Why it stays: `hold` as long as a legal hold does, `request` until a request is over, `delivery` until it is final,
   * `kept` for good (it is not about the person alone, or has an end of its own), `damage` as long as a day that may have
   * some cannot be read. Undefined when nothing stays.
   */
  cause?: 'hold' | 'request' | 'delivery' | 'damage' | 'kept'
}

export interface SubjectSearch {
  places: ColumnCount[]
  /** records of finished and unfinished mail that concern the person, by id of the account, most first */
  accounts: { account: number; records: number }[]
}

/** How a piece of work tells how far it is, and hears that it is to end. */
export interface Work {
  /** header records looked at, of all there are */
  progress(done: number, total: number): void
  isCancelled(): boolean
}

/** An order to destroy, which the audit log names by the number of its request. */
export interface ErasureOrder {
  request: number
  actor: string
  at: number
  reason: string
  /** rows of this request and of those it belongs to stay as long as its answer is on the way */
  keepRequests: number[]
}

export interface Erased {
  /** header records that went */
  headers: number
  /** header records of others from which the person was taken out */
  redacted: number
  samples: number
  /** rows of the main database that went or from which the person was taken out */
  rows: number
  /** receipts that were written for it */
  receipts: number[]
  /** what has to wait: every cause but `kept`; a later run takes it */
  waiting: ColumnCount[]
}

/** A person to erase again in data that was put back: of whom only the keyed hash is known. */
export interface ErasedSubject {
  /** null: everything of the account */
  hash: string | null
  account: number | null
  /** records accepted up to this moment */
  at: number
  /** number of the request */
  request: number
  /** whether the request was over, and the person taken out of it too */
  isLast: boolean
}

/** In place of an account: all there are, and all that will be. */
export const EVERY_ACCOUNT = 0

/** An address an account never writes to again; the address itself is forgotten. */
export interface Suppression {
  /** id, or {@link EVERY_ACCOUNT} */
  account: number
  /** keyed hash of the address, hex */
  hash: string
  at: number
  /** number of the request */
  request: number | undefined
}

export interface SubjectStore {
  /** Looks everywhere. Undefined when it was cancelled. */
  search(scope: SubjectScope, work: Work): Promise<SubjectSearch | undefined>
  /** Header records that concern the person, oldest first. `isWhole`: no day that may have some had to be left out. */
  records(
    scope: SubjectScope,
    after: MessageId,
    limit: number,
  ): Promise<{ records: MessageDetail[]; next: MessageId | undefined; isWhole: boolean }>
  /** Destroys what can go now. May be called again, after a crash too: it goes on where it was. */
  erase(scope: SubjectScope, order: ErasureOrder, work: Work): Promise<Erased>
  /** Destroys again, in data that was put back, what was erased by order before. */
  eraseAgain(subjects: readonly ErasedSubject[], at: number): Promise<Erased>
  /** Keyed hash of an address, hex: the same for all that may belong together (case, form of the domain, tag). */
  hash(address: string): string
  /** Keyed hash of exactly one mailbox, hex: what an erasure is written down under. */
  mailboxHash(address: string): string
  suppressions(): readonly Suppression[]
  suppress(suppression: Suppression, actor: string): Promise<void>
  unsuppress(account: number, hash: string, actor: string, at: number): Promise<void>
  /** Whether an account must not write to an address. Answered from memory, for intake. */
  isSuppressed(account: number, address: string): boolean
}
