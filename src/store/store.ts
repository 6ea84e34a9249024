/**
 * Everything on disk, in the words of the model. `sqlite/` implements it.
 * Times are milliseconds of Unix time, sizes bytes. Methods reject only for faults (disk, corruption, a bug);
 * expected refusals are values.
 */

import type { Account, Credential, CredentialStatus } from '../model/account.ts'
import type { MessageStatus } from '../model/delivery.ts'
import type { MessageFilter, QueueAction, QueueFilter } from '../model/filter.ts'
import type { MessageId } from '../model/id.ts'
import type { Attempt, Client, Delivery, MessageDetail, MessageRecord } from '../model/message.ts'
import type { Outcome } from '../model/outcome.ts'
import type { Day } from '../model/retention.ts'
import type { RouteRule } from '../model/route.ts'
import type { AuditEntry, AuditLog } from './auditLog.ts'
import type { CaseStore } from './cases.ts'
import type { ConsentStore } from './consents.ts'
import type { Listen } from './events.ts'
import type { DataExportStore } from './exports.ts'
import type { HoldStore } from './holds.ts'
import type { KeyStore } from './keys.ts'
import type { LegalRequestStore } from './legalRequests.ts'
import type { PolicyStore } from './policy.ts'
import type { RequestStore } from './requests.ts'
import type { PolicyClock, RetentionStore } from './retention.ts'
import type { SampleStore } from './samples.ts'
import type { MailboxStore, SignalStore } from './signals.ts'
import type { Reserve, StorageReport } from './storage.ts'
import type { SubjectStore } from './subjects.ts'
import type { TrustStore } from './trust.ts'
import type { TrustRequestStore } from './trustRequests.ts'
import type { UserStore } from './users.ts'

/** A message at the moment of acceptance. A delivery may be born `sending` (claimed at once) with its first attempt. */
export interface NewMessage {
  record: MessageRecord
  /** the bytes as they will be sent, headers included */
  body: Uint8Array
  deliveries: Delivery[]
  /** attempts that are being made from the start, for deliveries born `sending` */
  attempts: Attempt[]
}

/** Deliveries of one message to one destination, to be tried in one transaction. */
export interface DueJob {
  message: MessageId
  destination: string
  ordinals: number[]
  nextAttemptAt: number
}

export interface ClaimedJob {
  record: MessageRecord
  body: Uint8Array
  destination: string
  deliveries: Delivery[]
  /** number of the attempt within the message */
  attempt: number
  /** when the attempt before this one ended */
  previousEndedAt: number | undefined
  /** attempts before this one that were in doubt, by ordinal; deliveries without any are left out */
  doubts?: Record<number, number>
}

/** How one attempt ended. The store applies it through `transition`, in one transaction with everything it causes. */
export interface AttemptResult {
  message: MessageId
  /** number of the attempt within the message */
  attempt: number
  endedAt: number
  destination: string
  tls: string | undefined
  transcript: string
  inDoubt: boolean
  results: {
    ordinal: number
    outcome: Outcome
    /** for deferred outcomes; undefined when time has run out and the delivery expires */
    nextAttemptAt: number | undefined
    /** for deferred outcomes: the queue it waits in from now on, where its route has changed */
    destination?: string
    /** for deferred outcomes: it waits for an operator instead, and why */
    hold?: string
  }[]
  /** notifications (RFC 3464) this outcome causes; accepted in the same transaction */
  notifications: NewMessage[]
}

export interface QueueCounts {
  queued: number
  sending: number
  deferred: number
  held: number
  inDoubt: number
  /** acceptance time of the oldest unfinished delivery that is not held */
  oldestAt: number | undefined
}

export interface QueueGroupRow {
  key: string
  total: number
  queued: number
  sending: number
  deferred: number
  held: number
  inDoubt: number
  oldestAt: number
  /** counts by age: one for each bound given and one for older */
  ages: number[]
  nextAttemptAt: number | undefined
  topReason: string | undefined
}

export interface QueueRow {
  message: MessageId
  delivery: Delivery
  /** account id */
  account: number
  from: string
  subject: string
  acceptedAt: number
  size: number
}

export interface QueueStore {
  /** Resolves when the message is durable (after fsync): only then may 250 be said. Tells whether a sample was kept. */
  accept(message: NewMessage): Promise<{ sampled: boolean }>
  /** Writes `sending` and the attempt, durably, before anybody dials. Jobs that can no longer be claimed are left out. */
  claim(jobs: DueJob[], startedAt: number): Promise<ClaimedJob[]>
  /** Resolves when written; durable with the next commit that is. An attempt that has ended is left as it is. */
  recordResult(attemptResult: AttemptResult): Promise<void>
  /** Due and future work of a destination, earliest first. */
  due(destination: string, limit: number): Promise<DueJob[]>
  /** Earliest next attempt of every destination that has waiting work. */
  destinations(): Promise<Map<string, number>>
  /** At start: every delivery left `sending` by a crash becomes deferred and in doubt. Returns how many. */
  recover(now: number): Promise<number>
  /** Attempts that are being made, as the disk knows it (at most 10,000). */
  sending(): Promise<{ message: MessageId; attempt: number }[]>
  /** Ends attempts that nobody makes: their deliveries become deferred, due and in doubt. Returns the destinations. */
  interrupt(attempts: { message: MessageId; attempt: number }[], now: number): Promise<string[]>
  /** Changes deliveries by a person's order. Returns what changed and what could not. */
  act(action: QueueAction, filter: QueueFilter, reason: string, now: number): Promise<ActResult>
  preview(action: QueueAction, filter: QueueFilter): Promise<{ deliveries: number; messages: number; skipped: number }>
  /** Puts every waiting delivery under the destination of its recipient. */
  reroute(to: (recipient: string) => string): Promise<void>
  counts(): Promise<QueueCounts>
  groups(
    by: 'destination' | 'account' | 'reason' | 'state',
    now: number,
    bands: readonly number[],
  ): Promise<QueueGroupRow[]>
  list(
    filter: QueueFilter,
    limit: number,
    cursor: string | undefined,
  ): Promise<{ rows: QueueRow[]; next: string | undefined }>
}

export interface ActResult {
  deliveries: number
  skipped: number
  /** messages that changed, for the live view (at most 1000 named) */
  messages: MessageId[]
  /** destinations with work that is due now */
  destinations: string[]
}

/** A line of the log. */
export interface LogRow {
  id: MessageId
  account: number
  credential: number | undefined
  acceptedAt: number
  from: string
  to: string[]
  subject: string
  messageId: string
  size: number
  status: MessageStatus
  keepUntil: number
  sampled: boolean
  /** a legal hold keeps it beyond its day */
  held: boolean
  inDoubt: boolean
  client: Client
}

export interface MessageLog {
  /**
   * One page, newest first, of live mail and history together.
   * `budget` bounds the search in milliseconds; a page that is not full when it runs out has `partial` and a cursor.
   * A day whose file cannot be read is left out, as far as it cannot, and named.
   */
  search(filter: MessageFilter, limit: number, cursor: string | undefined, budget: number): Promise<LogPage>
  /** Rows by id, in the order given; ids that are gone are left out. */
  rows(ids: MessageId[]): Promise<LogRow[]>
  /** Rejects with an error {@link isDayUnreadable} when the message may be of a day that cannot be read. */
  get(id: MessageId): Promise<MessageDetail | undefined>
  days(): Promise<DayInfo[]>
}

export interface LogPage {
  rows: LogRow[]
  next: string | undefined
  partial: boolean
  /** days of which records may be missing here, because their file was damaged or lost; `held`: what legal holds keep */
  unreadable: string[]
}

const DAY_UNREADABLE = 'DAY_UNREADABLE'

/** An error that says which day's file was damaged or lost. */
export function dayUnreadable(day: string): Error {
  const what = day === 'held' ? 'what legal holds keep' : `header records of ${day}`
  return Object.assign(new Error(`${what} cannot be read: the file is damaged or missing`), { code: DAY_UNREADABLE })
}

export function isDayUnreadable(error: unknown): error is Error {
  return (error as { code?: unknown } | undefined)?.code === DAY_UNREADABLE
}

export interface DayInfo {
  day: Day
  records: number
  oldestAt: number
  youngestAt: number
}

/**
 * Accounts, credentials and routes. Reads are answered from memory at once; writes are durable when they resolve.
 * A write given with its audit entry is one transaction with it; an act that is refused writes none. `{id}` in the
 * entry's object stands for the id of what the act makes.
 * An array given out is never changed: after a change there is another, so that readers can tell by identity.
 */
export interface Directory {
  accounts(): readonly Account[]
  accountById(id: number): Account | undefined
  accountByName(name: string): Account | undefined
  credentials(): readonly Credential[]
  credentialById(id: number): Credential | undefined
  /** by user name of a `password` credential, compared without case */
  credentialByUsername(name: string): Credential | undefined
  routes(): readonly RouteRule[]
  /** how many days the policy keeps what is accepted now */
  policy(): { keepDays: number }
  /** undefined when the name is taken */
  addAccount(
    account: { name: string; contact: string; domains: string[] },
    entry?: AuditEntry,
  ): Promise<Account | undefined>
  setAccountDomains(id: number, domains: string[], entry?: AuditEntry): Promise<void>
  setAccountContact(id: number, contact: string, entry?: AuditEntry): Promise<void>
  /** undefined when a credential of that kind and name exists */
  addCredential(credential: Omit<Credential, 'id' | 'createdAt'>, entry?: AuditEntry): Promise<Credential | undefined>
  setCredentialStatus(id: number, status: CredentialStatus, entry?: AuditEntry): Promise<void>
  removeCredential(id: number, entry?: AuditEntry): Promise<void>
  setRoute(rule: RouteRule, entry?: AuditEntry): Promise<void>
  removeRoute(domain: string, entry?: AuditEntry): Promise<boolean>
}

/** Wrong passwords, remembered across connections and restarts. */
export interface ThrottleEntry {
  /** such as `address 192.0.2.7` or `user acme` */
  key: string
  failures: number
  lastAt: number
}

export interface Settings {
  get<T>(key: string): Promise<T | undefined>
  set(key: string, value: unknown, entry?: AuditEntry): Promise<void>
}

export interface Store {
  queue: QueueStore
  log: MessageLog
  directory: Directory
  users: UserStore
  settings: Settings
  audit: AuditLog
  keys: KeyStore
  retention: RetentionStore
  holds: HoldStore
  subjects: SubjectStore
  policy: PolicyStore
  consents: ConsentStore
  legalRequests: LegalRequestStore
  samples: SampleStore
  cases: CaseStore
  trust: TrustStore
  trustRequests: TrustRequestStore
  signals: SignalStore
  desk: MailboxStore
  requests: RequestStore
  dataExports: DataExportStore
  throttle: { load(): Promise<ThrottleEntry[]>; save(entries: ThrottleEntry[], entry?: AuditEntry): Promise<void> }
  /** Whether mail can be stored. */
  storage(): StorageReport
  /** the highest message id ever given out */
  lastId(): Promise<MessageId>
  /** what a person should know: what happened at start, and files that were found damaged since */
  notices: { at: number; text: string }[]
  /** Listens to what happens in the store. */
  on: Listen
  /** Writes what is outstanding and closes every file. */
  stop(): Promise<void>
}

export interface StoreOptions {
  /** data folder; created when missing */
  folder: string
  /** id of the data folder: a main database that says it is another one's is refused */
  folderId?: string
  /** 32 bytes: opens the main database and the day keys */
  logKey: Uint8Array
  /** the seal key of a folder that has none yet: id (16 hex digits) and public part (raw X25519) */
  sealKey?: { id: string; publicKey: Uint8Array }
  now: () => number
  /** room that is left on the disk; undefined: it is not looked at */
  reserve?: Reserve
  /** what retention goes by; the same as `now` when left out */
  policyClock?: PolicyClock
}

export type {
  AuditEntry,
  AuditFilter,
  AuditLog,
  AuditRow,
  ChainRow,
  SamplingReplayResult,
  SignedCheckpoint,
  VerificationResult,
} from './auditLog.ts'
export type { StoredUser, UserStore } from './users.ts'
export type { Attempt, Client, Delivery, MessageDetail, MessageRecord }
