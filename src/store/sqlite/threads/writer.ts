/**
 * The single writer of the main database: a worker thread. Calls that wait together go into one transaction and share
 * one fsync (group commit, without a timer: what arrives while a commit runs is the next batch). Settlements are lazy:
 * they ride along with the next commit that has to be durable, or go alone after a moment, without an fsync of their
 * own; the worst a power cut then does is to repeat a delivery that is known as in doubt.
 */

import { join } from 'node:path'
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import { mayReview } from '../../../model/case.ts'
import type { Role } from '../../../model/user.ts'
import { AuditMaintenance } from '../audit/maintenance.ts'
import { Signer } from '../audit/signer.ts'
import { AuditWriter } from '../audit/writer.ts'
import { BackupList } from '../backup/writer.ts'
import { Bodies } from '../bodies/writer.ts'
import { ActionWriter } from '../cases/actions.ts'
import { OpeningWriter } from '../cases/openings.ts'
import { type CaseAct, CaseWriter } from '../cases/writer.ts'
import { ConsentWriter } from '../consents/writer.ts'
import { type ArchivedDay, Days } from '../days/writer.ts'
import { DirectoryWriter } from '../directory/writer.ts'
import { ExportWriter } from '../exports/writer.ts'
import { HoldRetentionWriter } from '../holds/retentionWriter.ts'
import { HoldWriter } from '../holds/writer.ts'
import { SealKeyWriter } from '../keys/writer.ts'
import { LegalRequestWriter } from '../legalRequests/writer.ts'
import { MailboxWriter } from '../mailboxes/writer.ts'
import { PolicyWriter } from '../policy/writer.ts'
import { Orders } from '../queue/actions.ts'
import { type EncodedAttemptResult, QueueWriter } from '../queue/writer.ts'
import { requestOperations } from '../requests/writer.ts'
import { Receipts } from '../retention/receipts.ts'
import { type Dropped, RetentionWriter } from '../retention/writer.ts'
import { Sampling } from '../samples/sampling.ts'
import { SamplesWriter } from '../samples/writer.ts'
import { SignalWriter } from '../signals/writer.ts'
import { subjectOperations } from '../subjects/writer.ts'
import { audited } from '../thread/audited.ts'
import type { Connection } from '../thread/connection.ts'
import { BUSY_MS, migrate, openConnection } from '../thread/connection.ts'
import { type Answer, type Call, type EncodedMessage, lazyOperations, type WorkerData } from '../thread/protocol.ts'
import { mainMigrations } from '../thread/schema.ts'
import { writeTrustRequest } from '../trust/requests.ts'
import { Volume } from '../trust/volume.ts'
import { TrustWriter } from '../trust/writer.ts'
import { UserWriter } from '../users/writer.ts'

/** Pages the log may hold before they are copied into the database (8 KiB each). */
const CHECKPOINT_PAGES = 2000
/** How long readers are waited for when the log is truncated: commits wait meanwhile. Milliseconds. */
const TRUNCATE_MS = 20

/** Parts that keep something in memory which belongs to the running transaction. */
interface Parts {
  audit: AuditWriter
  bodies: Bodies
  sampling: Sampling
  volume: Volume
  signer: Signer
}

function operations(
  database: Connection,
  { audit, bodies, sampling, volume, signer }: Parts,
): Record<string, (argument: never) => unknown> {
  const queue = new QueueWriter(database, bodies, sampling, volume)
  const orders = new Orders(database, queue)
  const directory = new DirectoryWriter(database)
  const users = new UserWriter(database)
  const days = new Days(database)
  const sealKeys = new SealKeyWriter(database, audit)
  const backups = new BackupList(database, audit)
  const samples = new SamplesWriter(database)
  const receipts = new Receipts(database, audit, signer)
  const trust = new TrustWriter(database, audit, receipts)
  const signals = new SignalWriter(database, audit)
  const desk = new MailboxWriter(database, signals)
  const policy = new PolicyWriter(database, audit)
  const retention = new RetentionWriter(database, audit, receipts, policy)
  const cases = new CaseWriter(database, audit)
  const actions = new ActionWriter(database, cases, trust)
  const openings = new OpeningWriter(database, cases)
  const care = new AuditMaintenance(database, audit, signer)
  const holdRetention = new HoldRetentionWriter(database, audit, receipts)
  const holds = new HoldWriter(database, audit)
  const dataExports = new ExportWriter(database, audit)
  const consents = new ConsentWriter(database, audit)
  const legalRequests = new LegalRequestWriter(database, audit, holds)
  const acts: Record<string, (argument: never) => unknown> = {
    accept: (message: EncodedMessage) => queue.accept(message),
    claim: ({ jobs, startedAt }: { jobs: never[]; startedAt: number }) => queue.claim(jobs, startedAt),
    recordResult: (attemptResult: EncodedAttemptResult) => queue.recordResult(attemptResult),
    act: (order: never) => orders.act(order),
    reroute: (changes: never) => orders.reroute(changes),
    recover: (now: number) => orders.recover(now),
    sweepBodies: () => bodies.sweep(),
    flushCounts: () => volume.flush(),
    samplesMoved: (messages: number[]) => samples.moved(messages),
    addSealKey: (key: never) => samples.addSealKey(key),
    dayKey: (day: string) => days.key(day),
    archived: (archived: ArchivedDay[]) => {
      // the numbering is recovered from live mail: it is written down before any leaves
      sampling.flush()
      days.archived(archived)
    },
    beginPurge: (due: never) => retention.begin(due),
    finishPurge: (swept: never) => retention.finish(swept),
    dropRecords: (dropped: [Dropped[], number]) => {
      sampling.flush()
      retention.drop(dropped)
    },
    prepareHeld: () => holdRetention.prepareHeld(),
    quarantined: (aside: never) => holdRetention.quarantined(aside),
    swapDay: (swap: never) => holdRetention.swap(swap),
    finishReceipt: ([receipt, bytesAfter, orphans, at]: [number, number, number, number]) =>
      void receipts.finish(receipt, bytesAfter, orphans, at),
    placeHold: (order: never) => holds.place(order),
    releaseHold: (order: never) => holds.release(order),
    setKeepDays: (order: never) => holds.setKeepDays(order),
    setPolicyDays: (order: never) => retention.setDays(order),
    beginPolicy: (order: never) => policy.begin(order),
    preparePolicy: (order: never) => policy.prepare(order),
    revisePolicy: (order: never) => policy.revise(order),
    announcePolicy: (order: never) => policy.announce(order),
    withdrawPolicy: (order: never) => policy.withdraw(order),
    addressNewAccounts: (given: [number, number]) => policy.addressNew(given),
    policyTakesEffect: (order: never) => policy.takeEffect(order),
    policyLetterSent: (order: never) => policy.sent(order),
    policyLetterSettled: (order: never) => policy.settled(order),
    giveConsent: (order: never) => consents.give(order),
    withdrawConsent: (order: never) => consents.withdraw(order),
    mailedConsent: (order: never) => consents.mailed(order),
    recordLegalRequest: (order: never) => legalRequests.record(order),
    approveLegalRequest: (order: never) => legalRequests.approve(order),
    refuseLegalRequest: (order: never) => legalRequests.refuse(order),
    exportedLegalRequest: (order: never) => legalRequests.exported(order),
    notifiedLegalRequest: (order: never) => legalRequests.told(order),
    unnotifiedLegalRequests: (order: never) => legalRequests.untold(order),
    closeLegalRequest: (order: never) => legalRequests.close(order),
    keepDigest: (digest: never) => retention.keepDigest(digest),
    addAccount: (account: never) => directory.addAccount(account),
    setAccountStatus: ([id, status, act]: [number, never, never]) => trust.setStatus(id, status, act),
    decideTrust: (decision: never) => trust.decide(decision),
    askTrust: (request: never) => writeTrustRequest(database, request),
    unfinishedSamples: () => trust.unfinished(),
    finishSamples: ([ids, at]: [number[], number]) => trust.finish(ids, at),
    setThresholds: ([thresholds, act]: [never, never]) => trust.setThresholds(thresholds, act),
    addComplaint: ([complaint, act]: [never, never]) => trust.addComplaint(complaint, act),
    notifiedDecision: ([id, message, at]: [number, number, number]) => trust.told(id, message, at),
    openCase: (opened: never) => cases.open(opened),
    addCaseSignals: ([act, signals]: [never, number[]]) => cases.addSignals(act, signals),
    assignCase: ([act, owner]: [never, string]) => cases.assign(act, owner),
    noteCase: ([act, text]: [never, string]) => cases.note(act, text),
    decideCase: ([act, verdict, note]: [CaseAct, never, string]) => {
      openings.endWith(act)
      cases.decide(act, verdict, note)
    },
    closeCase: ([act, note]: [never, string]) => cases.close(act, note),
    reopenCase: ([act, reason]: [never, string]) => cases.reopen(act, reason),
    appealCase: (appeal: never) => cases.appeal(appeal),
    addCaseAction: ([action, actor]: [never, never]) => actions.add(action, actor),
    undoCaseAction: ([id, reason, actor, at]: [number, string, never, number]) => actions.undo(id, reason, actor, at),
    holdAccount: (order: never) => actions.brake(order),
    pendingCaseActions: () => actions.pending(),
    caseActionNotified: ([id, message]: [number, number]) => actions.told(id, message),
    caseActionDone: (id: number) => actions.done(id),
    requestOpening: (request: never) => openings.request(request),
    approveOpening: ([order, policy]: [never, never]) => openings.approve(order, policy),
    refuseOpening: ([order, reason]: [never, string]) => openings.refuse(order, reason),
    revokeOpening: ([order, reason]: [never, string]) => openings.revoke(order, reason),
    takeOpening: (order: never) => openings.use(order),
    setAccountDomains: ([id, domains]: [number, string[]]) => directory.setAccountDomains(id, domains),
    setAccountContact: ([id, contact]: [number, string]) => directory.setAccountContact(id, contact),
    addCredential: (credential: never) => directory.addCredential(credential),
    setCredentialStatus: ([id, status]: [number, never]) => directory.setCredentialStatus(id, status),
    removeCredential: (id: number) => directory.removeCredential(id),
    setRoute: (rule: never) => directory.setRoute(rule),
    removeRoute: (domain: string) => directory.removeRoute(domain),
    addUser: (person: never) => users.add(person),
    removeUser: ([id, at]: [number, number]) => {
      const isRemoved = users.remove(id)
      if (isRemoved) openings.withdraw(id, at)
      return isRemoved
    },
    setUserRole: ([change, at]: [{ id: number; role: Role; account: number | undefined }, number]) => {
      const isSet = users.setRole(change)
      if (isSet && !mayReview(change.role)) openings.withdraw(change.id, at)
      return isSet
    },
    setPassword: (change: never) => users.setPassword(change),
    addSession: (session: never) => users.addSession(session),
    sawSession: (seen: never) => users.sawSession(seen),
    endSession: (hash: string) => users.endSession(hash),
    revokeSession: (revoked: never) => users.revokeSession(revoked),
    invite: (invitation: never) => users.invite(invitation),
    revokeInvitation: (id: number) => users.revokeInvitation(id),
    acceptInvitation: (accepted: never) => users.accept(accepted),
    beginSecondFactor: (begun: never) => users.beginSecondFactor(begun),
    confirmSecondFactor: (confirmed: never) => users.confirmSecondFactor(confirmed),
    takeStep: (taken: never) => users.takeStep(taken),
    takeRecoveryCode: (taken: never) => users.takeRecoveryCode(taken),
    resetSecondFactor: (reset: never) => users.resetSecondFactor(reset),
    takeReset: (person: number) => users.takeReset(person),
    endSecondFactor: (person: number) => users.endSecondFactor(person),
    addToken: (token: never) => users.addToken(token),
    usedToken: (used: never) => users.usedToken(used),
    revokeToken: (revoked: never) => users.revokeToken(revoked),
    setSetting: ([key, value]: [string, string]) => directory.setSetting(key, value),
    saveThrottle: (entries: never) => directory.saveThrottle(entries),
    firstSealKey: (key: never) => sealKeys.first(key),
    rotateSealKey: (change: never) => sealKeys.rotate(change),
    addBackup: ([record, entry]: [never, never]) => backups.add(record, entry),
    appendAudit: (entry: never) => void audit.append(entry),
    signingKey: () => care.publicKey(),
    checkpoint: ([id, now]: [string, number]) => care.checkpoint(id, now),
    eraseAudit: (erasure: never) => care.erase(erasure),
    addSignals: (found: never[]) => signals.add(found),
    reportSignal: ([signal, act]: [never, never]) => signals.report(signal, act),
    assignSignal: ([id, account, act]: [number, number, never]) => signals.assign(id, account, act),
    dismissSignal: ([id, act]: [number, never]) => signals.dismiss(id, act),
    scoredSample: ([message, score, flagged, found]: [number, number, boolean, never[]]) =>
      signals.scored(message, score, flagged, found),
    ...subjectOperations(database, audit, care, receipts),
    purgeSignals: (before: number) => signals.purge(before),
    takeMailboxMail: (mail: never) => desk.take(mail),
    nextMailboxMail: ([name, mostTries]: [string, number]) => desk.next(name, mostTries),
    addExport: (made: never) => dataExports.add(made),
    readExport: (order: never) => dataExports.read(order),
    reviewExport: (order: never) => dataExports.review(order),
    handOverExport: (order: never) => dataExports.handOver(order),
    takeExport: (taken: never) => dataExports.take(taken),
    destroyExport: (order: never) => dataExports.destroy(order),
    expireExports: (at: number) => dataExports.expire(at),
    ...requestOperations(database, audit),
    finishMailboxMail: ([id, found, complaints]: [number, never[], never[]]) => desk.finish(id, found, complaints),
  }
  return { ...acts, audited: (act: never) => audited(acts, audit, act) }
}

class Writer {
  private readonly port: MessagePort
  private readonly database: Connection
  private readonly parts: Parts
  private readonly operations: Record<string, (argument: never) => unknown>
  private readonly begin
  private readonly commit
  private readonly rollback
  private pending: Call[] = []
  private flushed = true
  private fault: string | undefined

  constructor(port: MessagePort, data: WorkerData) {
    this.port = port
    this.database = openConnection({ path: join(data.folder, 'mailward.db'), key: data.logKey, cacheKiB: 32_768 })
    migrate(this.database, mainMigrations)
    this.database.pragma(`wal_autocheckpoint=${CHECKPOINT_PAGES}`)
    const audit = new AuditWriter(this.database)
    this.parts = {
      audit,
      bodies: new Bodies(this.database, join(data.folder, 'bodies')),
      sampling: new Sampling(this.database, audit),
      volume: new Volume(this.database),
      signer: new Signer(this.database),
    }
    this.operations = operations(this.database, this.parts)
    this.begin = this.database.prepare('BEGIN IMMEDIATE')
    this.commit = this.database.prepare('COMMIT')
    this.rollback = this.database.prepare('ROLLBACK')
    port.on('message', (calls: Call[]) => this.take(calls))
  }

  private take(calls: Call[]): void {
    this.collect(calls)
    for (;;) {
      const more = receiveMessageOnPort(this.port) as { message: Call[] } | undefined
      if (!more) break
      this.collect(more.message)
    }
    this.run()
  }

  private collect(calls: Call[]): void {
    for (const call of calls) this.pending.push(call)
  }

  private run(): void {
    const calls = this.pending
    this.pending = []
    if (calls.length === 0) return
    const stop = calls.find(([, operation]) => operation === 'stop')
    const truncate = calls.filter(([, operation]) => operation === 'truncateLog')
    const work = calls.filter((call) => call !== stop && !truncate.includes(call))
    const answers = this.fault ? work.map((call) => this.refuse(call)) : work.length > 0 ? this.transact(work) : []
    for (const call of truncate) answers.push(this.fault ? this.refuse(call) : this.truncate(call))
    if (stop) {
      this.close()
      answers.push([stop[0], true, undefined])
    }
    this.port.postMessage(answers)
    if (stop) this.port.close()
  }

  /** All calls in one transaction; should one of them fail, each in its own. */
  private transact(calls: Call[]): Answer[] {
    try {
      return this.inTransaction(calls)
    } catch (error) {
      if (this.isFatal(error)) return calls.map((call) => this.refuse(call))
      if (calls.length === 1) return [[calls[0]![0], false, describe(error)]]
      return calls.flatMap((call) => this.transact([call]))
    }
  }

  private inTransaction(calls: Call[]): Answer[] {
    this.flush(calls.some(([, operation]) => !lazyOperations.has(operation)))
    this.begin.run()
    try {
      const answers = calls.map(([number, operation, argument]): Answer => {
        const run = this.operations[operation]
        if (!run) throw new Error(`the writer knows no operation ${operation}`)
        return [number, true, run(argument as never)]
      })
      this.beforeCommit()
      this.commit.run()
      this.parts.bodies.afterCommit()
      this.parts.volume.afterCommit()
      return answers
    } catch (error) {
      this.rolledBack()
      if (this.database.inTransaction) this.rollback.run()
      throw error
    }
  }

  private beforeCommit(): void {
    const { bodies, sampling, volume } = this.parts
    sampling.beforeCommit()
    volume.beforeCommit()
    bodies.beforeCommit()
  }

  private rolledBack(): void {
    const { bodies, sampling, volume, signer } = this.parts
    bodies.rolledBack()
    sampling.rolledBack()
    volume.rolledBack()
    signer.rolledBack()
  }

  /** Folds the log into the database and empties it, outside of any transaction. Answers whether nobody was reading. */
  private truncate([number]: Call): Answer {
    try {
      this.database.pragma(`busy_timeout=${TRUNCATE_MS}`)
      const [{ busy }] = this.database.pragma('wal_checkpoint(TRUNCATE)') as [{ busy: number }]
      return [number, true, busy === 0]
    } catch (error) {
      this.isFatal(error)
      return [number, false, describe(error)]
    } finally {
      this.database.pragma(`busy_timeout=${BUSY_MS}`)
    }
  }

  /** Whether the next commit has to reach the disk before it is answered. */
  private flush(durable: boolean): void {
    if (durable === this.flushed) return
    this.database.pragma(durable ? 'synchronous=FULL' : 'synchronous=NORMAL')
    this.flushed = durable
  }

  /** A failing disk: an fsync that failed must never be retried, so nothing is written from here on. */
  private isFatal(error: unknown): boolean {
    const code = (error as { code?: string }).code ?? ''
    if (!code.startsWith('SQLITE_IOERR') && !code.startsWith('SQLITE_CORRUPT') && code !== 'EIO') return false
    this.fault = (error as Error).message
    this.port.postMessage({ fault: this.fault })
    return true
  }

  private refuse([number]: Call): Answer {
    return [number, false, { message: `the store has stopped: ${this.fault}`, code: 'FAULT' }]
  }

  private close(): void {
    this.parts.bodies.close()
    this.database.pragma('wal_checkpoint(TRUNCATE)')
    this.database.close()
  }
}

function describe(error: unknown): { message: string; code: string | undefined } {
  const { message, code } = error as { message: string; code?: string }
  return { message, code }
}

/** Starts the writer in this worker thread. */
export function startWriter(port: MessagePort, data: WorkerData): void {
  new Writer(port, data)
}
