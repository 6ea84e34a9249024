/** One try of one job: host after host, until every recipient has an outcome or there is nobody left to ask. */

import type { ExpiringCache } from '../../base/expiringCache.ts'
import type { Delivery } from '../../model/message.ts'
import type { AttemptReport, Outcome } from '../../model/outcome.ts'
import type { Reply } from '../../model/reply.ts'
import type { Connection } from '../client/connection.ts'
import { type Opened, openSession, type Refusal, type Session, type SessionOptions } from '../client/session.ts'
import { runTransaction } from '../client/transaction.ts'
import { Transcript } from '../client/transcript.ts'
import type { DeliveryJob } from '../ports.ts'
import { refusal } from './classify.ts'
import { type Mail, objection } from './mail.ts'
import type { Pool } from './pool.ts'
import type { Candidate } from './route/candidates.ts'
import { keyOf, labelOf, type Target } from './target.ts'

/** What all tries share. */
export interface AttemptTools {
  pool: Pool
  session: SessionOptions
  /** addresses that lately did not do, by the whole target: what one route demands is nothing to another */
  silent: ExpiringCache<true>
}

/** Addresses dialled in one try. */
const MOST_TARGETS = 8
/** The reply by which a host hangs up (RFC 5321 §3.8). */
const HANGS_UP = 421
/** Recipients in one transaction: what every host must take (RFC 5321 §4.5.3.1.8). */
const MOST_RECIPIENTS = 100

/** What to do after one target. `dead`: a kept connection had ended unnoticed, nothing was tried. */
type Next = 'done' | 'another' | 'dead'

export class DeliveryAttempt {
  private job: DeliveryJob
  private tools: AttemptTools
  private transcript: Transcript
  private outcomes = new Map<number, Outcome>()
  private destination: string
  private tls: string | undefined
  private reason: string | undefined
  private reply: Reply | undefined
  private reached = false
  private targets = 0
  /** the one in use */
  private connection: Connection | undefined
  private isCut = false
  /** why an address was not dialled at all */
  private barred: Outcome | undefined

  constructor(job: DeliveryJob, tools: AttemptTools) {
    this.job = job
    this.tools = tools
    this.transcript = new Transcript(job.progress)
    if (job.progress) job.progress.cut = (why) => this.cut(why)
    this.destination = job.destination
  }

  /** Tries the candidates in their order. */
  async run(mail: Mail, candidates: AsyncIterable<Candidate>): Promise<AttemptReport> {
    const later: Target[] = []
    for await (const candidate of candidates) {
      if (candidate.kind === 'target' && this.tools.silent.get(keyOf(candidate.target))) later.push(candidate.target)
      else if (await this.follow(mail, candidate)) return this.report()
    }
    for (const target of later) if (await this.follow(mail, { kind: 'target', target })) break
    return this.report()
  }

  /** Ends the try for a fault of our own: nobody knows how far it got. */
  abandon(): AttemptReport {
    const reason = 'an internal fault interrupted the attempt; it may have been delivered'
    this.decideRest({ kind: 'deferred', reason, reply: undefined, inDoubt: this.reached })
    return this.report()
  }

  /** Gives every recipient without an outcome this one, and ends. */
  conclude(outcome: Outcome): AttemptReport {
    this.decideRest(outcome)
    return this.report()
  }

  /** Ends what the try is doing, and the try. */
  private cut(why: string): void {
    this.isCut = true
    this.reason = why
    this.connection?.cut(why)
  }

  private get undecided(): Delivery[] {
    return this.job.deliveries.filter(({ ordinal }) => !this.outcomes.has(ordinal))
  }

  private decideRest(outcome: Outcome): void {
    for (const { ordinal } of this.undecided) this.outcomes.set(ordinal, outcome)
  }

  private report(): AttemptReport {
    const nobody = this.targets === 0 && this.reason === undefined
    const failure = this.reason ?? 'there is no host to try'
    // only where every address is barred; one that did not answer today may take it tomorrow
    if (nobody && this.barred) this.decideRest(this.barred)
    const judged = this.undecided.length === 0
    this.decideRest({ kind: 'deferred', reason: failure, reply: this.reply, inDoubt: false })
    return {
      destination: this.destination,
      tls: this.tls,
      transcript: this.transcript.text(),
      outcomes: this.outcomes,
      // a verdict without anybody asked says nothing about whether the destination can be reached
      unreachable: nobody || (judged && !this.reached) ? undefined : !this.reached,
    }
  }

  /** @returns whether the try is over */
  private async follow(mail: Mail, candidate: Candidate): Promise<boolean> {
    if (this.isCut) return true
    switch (candidate.kind) {
      case 'target':
        this.targets += 1
        return (await this.tryTarget(mail, candidate.target)) === 'done' || this.targets >= MOST_TARGETS
      case 'problem':
        this.reason ??= candidate.reason
        this.transcript.add(`-- ${candidate.reason}`)
        return false
      case 'barred':
        this.barred ??= candidate.outcome
        this.transcript.add(`-- ${candidate.reason}`)
        return false
      case 'verdict':
        // it counts only where nothing better was there before: those may work next time
        if (this.reason === undefined) this.decideRest(candidate.outcome)
        return true
    }
  }

  private async tryTarget(mail: Mail, target: Target): Promise<Next> {
    const kept = this.tools.pool.take(target)
    let next: Next = 'dead'
    if (kept) {
      kept.connection.wake(this.transcript)
      this.transcript.add(`-- kept connection to ${kept.label}, message ${kept.used + 1} on it`)
      next = await this.use(kept, mail)
    }
    // a fresh connection is dead only after it has taken something: this comes to an end
    while (next === 'dead') {
      const opened = await this.open(target)
      if (opened.kind === 'refused') return this.note(opened.refusal, target)
      next = await this.use(opened.session, mail)
    }
    return next
  }

  private async open(target: Target): Promise<Opened> {
    this.destination = labelOf(target)
    const options: SessionOptions = {
      ...this.tools.session,
      onConnection: (connection) => {
        this.connection = connection
        this.tools.session.onConnection(connection)
      },
    }
    const opened = await openSession(target, options, this.transcript)
    const inPlaintext = opened.kind === 'refused' && opened.refusal.handshakeFailed && target.tls === 'opportunistic'
    return inPlaintext ? openSession(target, options, this.transcript, true) : opened
  }

  private note(refused: Refusal, target: Target): Next {
    this.tls = refused.tls
    this.reason = refused.reason
    this.reply = refused.reply
    if (refused.permanent) {
      this.decideRest(refusal(554, '5.4.6', refused.reason))
      return 'done'
    }
    this.tools.silent.set(keyOf(target), true)
    return refused.tryNext ? 'another' : 'done'
  }

  /** Runs as many transactions as the recipients need. */
  private async use(session: Session, mail: Mail): Promise<Next> {
    this.destination = session.label
    this.connection = session.connection
    this.tls = session.tls
    const portions = this.portions(mail, session)
    for (const recipients of portions) {
      const isUsed = session.used > 0
      const ending = await this.guarded(session.connection, () =>
        runTransaction(session, mail, recipients, this.outcomes),
      )
      if (ending.kind === 'broken') {
        session.connection.quit()
        this.transcript.add(`-- ${ending.why}`)
        if (isUsed && (ending.beforeMail || ending.reply?.code === HANGS_UP) && !this.isInDoubt(recipients)) {
          this.forget(recipients, HANGS_UP)
          return 'dead'
        }
        this.reached = true
        this.reason = ending.why
        this.reply = ending.reply
        return this.undecided.length === 0 ? 'done' : 'another'
      }
      session.used += 1
      const limited = recipients.filter(({ ordinal }) => isLimit(this.outcomes.get(ordinal)))
      // some were taken, or others before: what is at its limit is the transaction or the session, not the recipient
      if (limited.length === 0 || (!isUsed && limited.length === recipients.length)) continue
      for (const { ordinal } of limited) this.outcomes.delete(ordinal)
      if (!isUsed) portions.push(limited)
      else {
        this.transcript.add('-- the session is at its limit: a new connection')
        session.connection.quit()
        this.reached = true
        return 'dead'
      }
    }
    this.reached = true
    this.tools.silent.delete(keyOf(session.target))
    this.tools.pool.give(session)
    return 'done'
  }

  private isInDoubt(recipients: readonly Delivery[]): boolean {
    return recipients.some(({ ordinal }) => {
      const outcome = this.outcomes.get(ordinal)
      return outcome?.kind === 'deferred' && outcome.inDoubt
    })
  }

  /** Takes outcomes back that only say that the host hung up. */
  private forget(recipients: readonly Delivery[], code: number): void {
    for (const { ordinal } of recipients)
      if (this.outcomes.get(ordinal)?.reply?.code === code) this.outcomes.delete(ordinal)
  }

  private portions(mail: Mail, session: Session): Delivery[][] {
    const able: Delivery[] = []
    for (const delivery of this.undecided) {
      const problem = objection(mail, delivery, session.capabilities)
      if (problem) this.outcomes.set(delivery.ordinal, problem)
      else able.push(delivery)
    }
    const portions: Delivery[][] = []
    for (let i = 0; i < able.length; i += MOST_RECIPIENTS) portions.push(able.slice(i, i + MOST_RECIPIENTS))
    return portions
  }

  /** A fault in the middle of a dialogue leaves a connection nobody understands. */
  private async guarded<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (fault) {
      this.reached = true
      connection.cut('internal fault')
      throw fault
    }
  }
}

/** Whether a recipient was put off because there were too many before it (RFC 5321 §4.5.3.1.10, RFC 3463 §3.6: X.5.3). */
function isLimit(outcome: Outcome | undefined): boolean {
  if (outcome?.kind !== 'deferred' || outcome.inDoubt || !outcome.reply) return false
  const { code, enhancedCode } = outcome.reply
  if (enhancedCode !== undefined) return /^[45]\.5\.3$/.test(enhancedCode)
  return (code === 452 && /too many/i.test(outcome.reply.text)) || code === 552
}
