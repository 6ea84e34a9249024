/** Answers what people ask: searches, details, the queue, the directory. A worker thread that only reads. */

import { join } from 'node:path'
import type { MessagePort } from 'node:worker_threads'
import type { Account, Credential } from '../../../model/account.ts'
import { statusOf } from '../../../model/delivery.ts'
import type { MessageFilter, QueueAction, QueueFilter } from '../../../model/filter.ts'
import type { Hold } from '../../../model/hold.ts'
import { parseId } from '../../../model/id.ts'
import type { MessageDetail } from '../../../model/message.ts'
import type { Route, RouteRule } from '../../../model/route.ts'
import type { BackupRecord } from '../../backup.ts'
import type { HoldRecord } from '../../holds.ts'
import type { SealKeyRecord, WrappedDay } from '../../keys.ts'
import { dayUnreadable, type LogRow, type ThrottleEntry } from '../../store.ts'
import { type AuditPageCall, AuditReader } from '../audit/reader.ts'
import { auditChecks } from '../audit/verify/checks.ts'
import { listBackups } from '../backup/list.ts'
import { type CaseQuery, CaseReader } from '../cases/reader.ts'
import { type FullRecordRow, HELD_DAY } from '../days/dayFile.ts'
import { type DayReader, DayReaders, type DayRow } from '../days/reader.ts'
import { ExportReader } from '../exports/reader.ts'
import { activeHolds } from '../holds/matcher.ts'
import { holdsOf } from '../holds/reader.ts'
import { currentSealKey, wrappedDays } from '../keys/sealKey.ts'
import { unpackDetail } from '../messages/detail.ts'
import { decodeOutcome } from '../messages/outcome.ts'
import { historyRow, Searcher, type SearchPage } from '../messages/search.ts'
import { type Visibility, visibilityAt } from '../messages/visibility.ts'
import { policyReads } from '../policy/reader.ts'
import { QueueReader } from '../queue/reader.ts'
import { RequestReader } from '../requests/reader.ts'
import { RetentionReader } from '../retention/reader.ts'
import { retentionRulesOf } from '../retention/rules.ts'
import { SampleReader } from '../samples/reader.ts'
import { SignalReader } from '../signals/reader.ts'
import { SubjectReader, subjectAnswers } from '../subjects/reader.ts'
import { type Connection, isUnreadable, openConnection } from '../thread/connection.ts'
import type { HarmedDay } from '../thread/integrity.ts'
import type { WorkerData } from '../thread/protocol.ts'
import {
  type AttemptRow,
  type DeliveryRow,
  decodeAttempt,
  decodeDelivery,
  decodeExtra,
  decodeMessage,
  type MessageRow,
} from '../thread/rows.ts'
import { serve } from '../thread/serve.ts'
import { TrustReader } from '../trust/reader.ts'
import { UserReader } from '../users/reader.ts'

/** A message of live mail with its unfinished deliveries. */
type LiveRow = MessageRow & { open: number }

interface AccountRow {
  id: number
  name: string
  contact: string
  status: Account['status']
  status_reason: string
  hourly_limit: number | null
  outgoing: Account['outgoing']
  keep_days: number | null
  trusted: number
  domains: string
  created_at: number
}

interface CredentialRow {
  id: number
  account: number
  kind: Credential['kind']
  name: string
  secret: string | null
  status: Credential['status']
  hourly_limit: number | null
  created_at: number
}

export interface SearchCall {
  filter: MessageFilter
  limit: number
  cursor: string | undefined
  budget: number
  now: number
}

/** Everything the event loop keeps in memory of the directory. */
export interface DirectoryContents {
  accounts: Account[]
  credentials: Credential[]
  routes: RouteRule[]
  /** days of the policy of retention */
  keepDays: number
}

class Reader {
  private readonly main: Connection
  private readonly days: DayReaders
  private readonly searcher: Searcher
  readonly queue: QueueReader
  readonly retention: RetentionReader
  readonly audit: AuditReader
  readonly samples: SampleReader
  readonly cases: CaseReader
  readonly dataExports: ExportReader
  readonly users: UserReader
  readonly subjects: SubjectReader
  readonly trust: TrustReader
  readonly signals: SignalReader
  readonly requests: RequestReader
  private readonly selectMessage

  constructor(data: WorkerData) {
    const path = join(data.folder, 'mailward.db')
    this.main = openConnection({ path, key: data.logKey, readonly: true, cacheKiB: 8192 })
    this.days = new DayReaders(this.main, data.folder)
    const name = this.main.prepare('SELECT name FROM account WHERE id = ?').pluck()
    this.searcher = new Searcher(this.main, this.days, (id) => (name.get(id) as string | undefined) ?? '')
    this.queue = new QueueReader(this.main)
    this.retention = new RetentionReader(this.main, data.folder)
    this.audit = new AuditReader(this.main)
    this.cases = new CaseReader(this.main)
    this.samples = new SampleReader(this.main, data.folder)
    this.dataExports = new ExportReader(this.main)
    this.users = new UserReader(this.main)
    this.subjects = new SubjectReader(this.main, data.folder, this)
    this.trust = new TrustReader(this.main)
    this.signals = new SignalReader(this.main)
    this.requests = new RequestReader(this.main)
    this.selectMessage = this.main.prepare('SELECT * FROM message WHERE id = ?')
  }

  search({ filter, limit, cursor, budget, now }: SearchCall): SearchPage {
    const nothing: SearchPage = { rows: [], next: undefined, partial: false, harmed: [] }
    if (filter.id !== undefined) {
      const id = parseId(filter.id)
      const harmed: HarmedDay[] = []
      const row =
        id === undefined ? undefined : this.row(id, visibilityAt(this.main, now), (harm) => void harmed.push(harm))
      return row ? { ...nothing, rows: [row] } : { ...nothing, harmed }
    }
    const account = filter.account === undefined ? undefined : this.accountId(filter.account)
    if (filter.account !== undefined && account === undefined) return nothing
    const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor)
    if (!Number.isSafeInteger(before)) return nothing
    return this.searcher.page({
      filter,
      account,
      limit,
      before,
      visibility: visibilityAt(this.main, now),
      deadline: performance.now() + budget,
    })
  }

  private accountId(name: string): number | undefined {
    const select = this.main.prepare('SELECT id FROM account WHERE name = ?').pluck()
    return select.get(name.toLowerCase()) as number | undefined
  }

  private row(id: number, visibility: Visibility, unread: (harm: HarmedDay) => void): LogRow | undefined {
    const live = this.selectMessage.get(id) as LiveRow | undefined
    if (live) return this.liveVisibility(live, visibility)
    for (const { day } of this.holding(id)) {
      const record = this.readable(day, unread, (reader) => reader.record(id))
      const seen = record && visibility(historyRow(record))
      if (seen?.visible) return seen.row
    }
    return undefined
  }

  /** What is not finished is shown whatever its age: people have to act on it. */
  private liveVisibility(live: LiveRow, visibility: Visibility): LogRow | undefined {
    const { row, visible } = visibility(this.searcher.liveRow(live))
    return visible || live.open > 0 ? row : undefined
  }

  rows(ids: number[], now: number): LogRow[] {
    const visibility = visibilityAt(this.main, now)
    return ids.flatMap((id) => this.row(id, visibility, () => undefined) ?? [])
  }

  get(id: number, now: number): MessageDetail | undefined {
    const visibility = visibilityAt(this.main, now)
    const live = this.selectMessage.get(id) as LiveRow | undefined
    if (live) {
      const row = this.liveVisibility(live, visibility)
      return row && this.liveDetail(live, row)
    }
    const harmed: HarmedDay[] = []
    for (const { day } of this.holding(id)) {
      const record = this.readable(
        day,
        (harm) => void harmed.push(harm),
        (reader) => reader.full(id),
      )
      const detail = record && this.historyDetail(record, visibility)
      if (detail) return detail
    }
    if (harmed[0]) throw dayUnreadable(harmed[0].day)
    return undefined
  }

  /** Reads from a day's file; undefined, after `unread` was told, when it was damaged or lost. */
  private readable<T>(day: string, unread: (harm: HarmedDay) => void, read: (reader: DayReader) => T): T | undefined {
    try {
      const reader = this.days.reader(day)
      if (reader) return read(reader)
    } catch (error) {
      if (!isUnreadable(error)) throw error
    }
    const harm = this.days.harmed(day)
    if (harm) unread(harm)
    return undefined
  }

  /** A record of a day with all there is of it; undefined when it is not shown. */
  historyDetail(record: FullRecordRow, visibility: Visibility): MessageDetail | undefined {
    const { row, visible } = visibility(historyRow(record))
    if (!visible) return undefined
    const { client, envelope } = decodeExtra(record.sender, record.extra)
    const { id, status, acceptedAt, account, credential, subject, messageId, size, keepUntil, sampled, held } = row
    const { headers, outcome } = unpackDetail(record.detail)
    const { deliveries, attempts } = decodeOutcome(id, outcome)
    const facts = { id, account, credential, acceptedAt, subject, messageId, size, keepUntil, sampled, status, held }
    return { ...facts, client, envelope, headers, deliveries, attempts }
  }

  private liveDetail(row: MessageRow, { held, keepUntil }: LogRow): MessageDetail {
    const deliveries = this.main.prepare('SELECT * FROM delivery WHERE message = ?').all(row.id) as DeliveryRow[]
    const attempts = this.main.prepare('SELECT * FROM attempt WHERE message = ?').all(row.id) as AttemptRow[]
    const decoded = deliveries.map(decodeDelivery)
    return {
      ...decodeMessage(row),
      held,
      keepUntil,
      deliveries: decoded,
      attempts: attempts.map(decodeAttempt),
      status: statusOf(decoded.map((delivery) => delivery.state)),
    }
  }

  private holding(id: number): DayRow[] {
    return this.days.catalogue().filter((day) => day.min_id <= id && id <= day.max_id)
  }

  /** The days there are; what a hold keeps beyond its day is not of a day. */
  dayRows(): DayRow[] {
    return this.days.catalogue().filter(({ day }) => day !== HELD_DAY)
  }

  holds(): HoldRecord[] {
    return holdsOf(this.main)
  }

  activeHolds(): Hold[] {
    return activeHolds(this.main)
  }

  releaseDays(days: string[]): void {
    this.days.release(days)
  }

  /** Opens every day's file ahead of the first search. */
  warm(): void {
    for (const { day, records } of this.days.catalogue()) if (records > 0) this.days.reader(day)
  }

  directory(): DirectoryContents {
    const accounts = this.main.prepare('SELECT * FROM account ORDER BY name').all() as AccountRow[]
    const credentials = this.main.prepare('SELECT * FROM credential ORDER BY id').all() as CredentialRow[]
    const routes = this.main.prepare('SELECT * FROM route ORDER BY domain').all() as { domain: string; route: string }[]
    return {
      accounts: accounts.map(decodeAccount),
      credentials: credentials.map(({ created_at, secret, hourly_limit, ...credential }) => ({
        ...credential,
        secret: secret ?? undefined,
        hourlyLimit: hourly_limit ?? undefined,
        createdAt: created_at,
      })),
      routes: routes.map(({ domain, route }) => ({ domain, route: JSON.parse(route) as Route })),
      keepDays: retentionRulesOf(this.main).days,
    }
  }

  setting(key: string): string | undefined {
    return this.main.prepare('SELECT value FROM setting WHERE key = ?').pluck().get(key) as string | undefined
  }

  throttle(): ThrottleEntry[] {
    const rows = this.main.prepare('SELECT key, failures, last_at FROM throttle').all()
    return (rows as { key: string; failures: number; last_at: number }[]).map(({ last_at, ...entry }) => ({
      ...entry,
      lastAt: last_at,
    }))
  }

  /** Checks of the audit log, which go on slice by slice. */
  auditChecks(): Record<string, (argument: never) => unknown> {
    return auditChecks(this.main)
  }

  /** The policy in its versions, consents, the disclosure register. */
  policyReads(): Record<string, (argument: never) => unknown> {
    return policyReads(this.main)
  }

  sealKey(): SealKeyRecord | undefined {
    return currentSealKey(this.main)
  }

  wrappedDays(): WrappedDay[] {
    return wrappedDays(this.main)
  }

  backups(): BackupRecord[] {
    return listBackups(this.main)
  }

  lastId(): number {
    const live = this.main.prepare('SELECT max(id) FROM message').pluck().get() as number | null
    const past = this.main.prepare('SELECT max(max_id) FROM day').pluck().get() as number | null
    return Math.max(live ?? 0, past ?? 0)
  }

  close(): void {
    this.days.close()
    this.main.close()
  }
}

function decodeAccount(row: AccountRow): Account {
  const { id, name, contact, status, status_reason, keep_days, trusted, domains, created_at, hourly_limit, outgoing } =
    row
  return {
    id,
    name,
    contact,
    status,
    statusReason: status_reason,
    hourlyLimit: hourly_limit ?? undefined,
    outgoing,
    keepDays: keep_days ?? undefined,
    trusted: trusted === 1,
    domains: JSON.parse(domains) as string[],
    createdAt: created_at,
  }
}

/** Starts the reader in this worker thread. */
export function startReader(port: MessagePort, data: WorkerData): void {
  const reader = new Reader(data)
  const { queue, retention } = reader
  serve(
    port,
    {
      search: (call: SearchCall) => reader.search(call),
      rows: ([ids, now]: [number[], number]) => reader.rows(ids, now),
      get: ([id, now]: [number, number]) => reader.get(id, now),
      days: () => reader.dayRows(),
      releaseDays: (days: string[]) => reader.releaseDays(days),
      warm: () => reader.warm(),
      cases: (query: CaseQuery) => reader.cases.list(query),
      case: ([id, now, hideBy]: [number, number, number]) => reader.cases.get(id, now, hideBy),
      caseOperations: (now: number) => reader.cases.desk(now),
      caseAction: (id: number) => reader.cases.action(id),
      opening: ([id, now]: [number, number]) => reader.cases.opening(id, now),
      accessReport: ([account, now]: [number, number]) => reader.cases.accessReport(account, now),
      sealedSample: ([message, hideBy]: [number, number]) => reader.samples.sealed(message, hideBy),
      figures: ([now, account]: [number, number | undefined]) => reader.trust.figures(now, account),
      trustRequests: () => reader.trust.requests(),
      trustHistory: (account: number) => reader.trust.history(account),
      untoldDecisions: () => reader.trust.untold(),
      complaints: (account: number) => reader.trust.complaints(account),
      requests: (query: never) => reader.requests.list(query),
      request: (id: number) => reader.requests.get(id),
      requestCounts: (now: number) => reader.requests.counts(now),
      erasedByRequest: (id: number) => reader.requests.erasedBy(id),
      requestsUnderWay: () => reader.requests.underWay(),
      agedRequests: (closedBefore: number) => reader.requests.aged(closedBefore),
      requestReasons: (id: number) => reader.requests.reasons(id),
      unsentLetters: () => reader.requests.unsent(),
      signals: (query: never) => reader.signals.list(query),
      signal: (id: number) => reader.signals.get(id),
      signalVolume: ([now, days]: [number, number]) => reader.signals.volume(now, days),
      simulateSignals: ([thresholds, since, now]: [never, number, number]) =>
        reader.signals.simulate(thresholds, since, now),
      waitingMailboxMail: () => reader.signals.waiting(),
      listSamples: (query: never) => reader.samples.list(query),
      ...subjectAnswers(reader.subjects),
      samplesByAddress: (address: string) => reader.samples.byAddress(address),
      retentionState: (now: number) => retention.state(now),
      overDays: (at: number) => retention.over(at),
      visibleDays: () => retention.days(),
      retentionPlan: ([at, days]: [number, number | undefined]) => retention.plan(at, days),
      retentionFindings: (now: number) => retention.findings(now),
      receipts: ([limit, before, from]: [number, number | undefined, number | undefined]) =>
        retention.receipts(limit, before, from),
      pendingReceipts: () => retention.pending(),
      directory: () => reader.directory(),
      users: () => reader.users.list(),
      userByEmail: (email: string) => reader.users.byEmail(email),
      userBySession: ([hash, now]: [string, number]) => reader.users.bySession(hash, now),
      userByToken: ([hash, now]: [string, number]) => reader.users.byToken(hash, now),
      sessions: ([person, now]: [number, number]) => reader.users.sessions(person, now),
      tokens: (person: number) => reader.users.tokens(person),
      invitations: () => reader.users.invitations(),
      invitation: ([hash, now]: [string, number]) => reader.users.invitation(hash, now),
      secondFactor: (person: number) => reader.users.secondFactor(person),
      setting: (key: string) => reader.setting(key),
      throttle: () => reader.throttle(),
      auditHead: () => reader.audit.head(),
      auditPiece: (call: AuditPageCall) => reader.audit.piece(call),
      auditRows: ([after, limit]: [number, number]) => reader.audit.rows(after, limit),
      checkpoints: (limit: number) => reader.audit.checkpoints(limit),
      ...reader.auditChecks(),
      ...reader.policyReads(),
      sealKey: () => reader.sealKey(),
      wrappedDays: () => reader.wrappedDays(),
      backups: () => reader.backups(),
      holds: () => reader.holds(),
      dataExports: (request: number) => reader.dataExports.list(request),
      package: (id: number) => reader.dataExports.get(id),
      exportContent: (asked: [number, number]) => reader.dataExports.content(asked),
      exportFiles: () => reader.dataExports.files(),
      activeHolds: () => reader.activeHolds(),
      lastId: () => reader.lastId(),
      counts: () => queue.counts(),
      groups: ([by, now, bands]: [never, number, number[]]) => queue.groups(by, now, bands),
      list: ([filter, limit, cursor]: [QueueFilter, number, string | undefined]) => queue.list(filter, limit, cursor),
      preview: ([action, filter]: [QueueAction, QueueFilter]) => queue.preview(action, filter),
      waiting: ([after, limit]: [[number, number], number]) => queue.waiting(after, limit),
    },
    () => reader.close(),
  )
}
