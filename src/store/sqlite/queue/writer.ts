/** Writes of the queue: acceptance, claims, settlements, recovery. Every change of state goes through `transition`. */

import { type DeliveryEvent, isFinal, transition } from '../../../model/delivery.ts'
import type { Outcome } from '../../../model/outcome.ts'
import { formatReply } from '../../../model/reply.ts'
import type { AttemptResult, ClaimedJob, DueJob } from '../../store.ts'
import type { Bodies } from '../bodies/writer.ts'
import { type DeliveryRow, decodeDelivery, decodeMessage, type MessageRow } from '../messages/rows.ts'
import type { Place, Sampling } from '../samples/sampling.ts'
import type { Connection } from '../thread/connection.ts'
import type { EncodedMessage } from '../thread/protocol.ts'
import { codeOf, stateAt } from '../thread/schema.ts'
import type { Volume } from '../trust/volume.ts'

/** A settlement with its notifications encoded. */
export type EncodedAttemptResult = Omit<AttemptResult, 'notifications'> & { notifications: EncodedMessage[] }

export interface Change {
  state: DeliveryEvent
  reason: string
  nextAttemptAt: number | undefined
}

/** Where the fields of an encoded message say that it is sampled. */
const SAMPLED = 9

export class QueueWriter {
  private readonly bodies: Bodies
  private readonly sampling: Sampling
  private readonly volume: Volume
  private readonly insertMessage
  private readonly insertDelivery
  private readonly insertAttempt
  private readonly selectDelivery
  private readonly selectDeliveries
  private readonly selectMessage
  private readonly updateDelivery
  private readonly endAttempt
  private readonly lastAttempt
  private readonly closeMessage
  private readonly moveDelivery
  private readonly countDoubts

  constructor(database: Connection, bodies: Bodies, sampling: Sampling, volume: Volume) {
    this.bodies = bodies
    this.sampling = sampling
    this.volume = volume
    this.insertMessage = database.prepare(
      `INSERT INTO message (id, account, credential, accepted_at, sender, subject, message_id, size, keep_until,
       sampled, open, extra, headers, number) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.insertDelivery = database.prepare('INSERT INTO delivery VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
    this.insertAttempt = database.prepare(
      `INSERT INTO attempt (message, number, ordinals, started_at, destination, transcript, in_doubt)
       VALUES (?, ?, ?, ?, ?, '', 0)`,
    )
    this.selectDelivery = database.prepare('SELECT * FROM delivery WHERE message = ? AND ordinal = ?')
    this.selectDeliveries = database.prepare('SELECT * FROM delivery WHERE message = ?')
    this.selectMessage = database.prepare('SELECT * FROM message WHERE id = ?')
    this.updateDelivery = database.prepare(
      `UPDATE delivery SET state = ?, reason = ?, next_at = ?, attempts = ?, in_doubt = ?
       WHERE message = ? AND ordinal = ?`,
    )
    this.endAttempt = database.prepare(
      `UPDATE attempt SET ended_at = ?, destination = ?, tls = ?, code = ?, enhanced_code = ?, reply = ?, transcript = ?,
       in_doubt = ? WHERE message = ? AND number = ? AND ended_at IS NULL`,
    )
    this.lastAttempt = database.prepare(
      'SELECT number, ended_at FROM attempt WHERE message = ? ORDER BY number DESC LIMIT 1',
    )
    this.countDoubts = database
      .prepare(
        `SELECT count(*) FROM attempt, json_each(attempt.ordinals) AS o
         WHERE attempt.message = ? AND attempt.in_doubt = 1 AND o.value = ?`,
      )
      .pluck()
    this.moveDelivery = database.prepare('UPDATE delivery SET destination = ? WHERE message = ? AND ordinal = ?')
    this.closeMessage = database.prepare(
      'UPDATE message SET open = open - ? WHERE id = ? RETURNING open, account, credential',
    )
  }

  /** Writes a new message with everything that belongs to it. Returns whether it was drawn and kept as a sample. */
  accept(message: EncodedMessage): boolean {
    const id = message.message[0] as number
    const place = this.place(message)
    message.message[SAMPLED] = place?.sampled ? 1 : 0
    const headers = message.bytes.subarray(0, message.headers)
    this.insertMessage.run(...message.message, headers, place?.number ?? null)
    this.bodies.insert(id, message.bytes.subarray(message.headers))
    for (const delivery of message.deliveries) this.insertDelivery.run(...delivery)
    for (const attempt of message.attempts) this.insertAttempt.run(...attempt)
    return place?.sampled ?? false
  }

  /** Numbers and counts what an account submitted. Mail of the relay itself, without a credential, is not the account's. */
  private place(message: EncodedMessage): Place | undefined {
    const [, account, credential, acceptedAt] = message.message as [number, number, number | null, number]
    if (credential === null) return undefined
    this.volume.accepted(account, acceptedAt)
    return this.sampling.take(message)
  }

  /** Claims jobs: those whose deliveries may be sent now become `sending`, with a new attempt. */
  claim(jobs: DueJob[], startedAt: number): ClaimedJob[] {
    const claimed: ClaimedJob[] = []
    for (const job of jobs) {
      const result = this.claimOne(job, startedAt)
      if (result) claimed.push(result)
    }
    return claimed
  }

  private claimOne(job: DueJob, startedAt: number): ClaimedJob | undefined {
    const rows: DeliveryRow[] = []
    for (const ordinal of job.ordinals) {
      const row = this.selectDelivery.get(job.message, ordinal) as DeliveryRow | undefined
      if (row && row.destination === job.destination && transition(stateAt(row.state), 'claim')) rows.push(row)
    }
    const message = rows.length > 0 ? (this.selectMessage.get(job.message) as MessageRow | undefined) : undefined
    if (!message) return undefined
    const content = this.readBody(job.message)
    if (!content) {
      const reason = 'held: the body cannot be read; look into the data folder, then release or cancel'
      for (const row of rows) this.change(row, { state: 'hold', reason, nextAttemptAt: undefined }, row.in_doubt, 0)
      return undefined
    }
    const last = this.lastAttempt.get(job.message) as { number: number; ended_at: number | null } | undefined
    const number = (last?.number ?? 0) + 1
    this.insertAttempt.run(
      job.message,
      number,
      JSON.stringify(rows.map((row) => row.ordinal)),
      startedAt,
      job.destination,
    )
    for (const row of rows) {
      this.change(row, { state: 'claim', reason: 'being sent', nextAttemptAt: undefined }, row.in_doubt, 1)
      row.state = codeOf('sending')
      row.attempts += 1
    }
    const body = new Uint8Array(message.headers.length + content.length)
    body.set(message.headers, 0)
    body.set(content, message.headers.length)
    return {
      record: decodeMessage(message),
      body,
      destination: job.destination,
      deliveries: rows.map(decodeDelivery),
      attempt: number,
      previousEndedAt: last?.ended_at ?? undefined,
      ...this.doubtsOf(rows),
    }
  }

  /** How often the outcome of each delivery was in doubt; asked only of those that are. */
  private doubtsOf(rows: DeliveryRow[]): Pick<ClaimedJob, 'doubts'> {
    const doubtful = rows.filter((row) => row.in_doubt === 1)
    if (doubtful.length === 0) return {}
    return {
      doubts: Object.fromEntries(
        doubtful.map(({ message, ordinal }) => [ordinal, this.countDoubts.get(message, ordinal) as number]),
      ),
    }
  }

  /** A body that cannot be read is a matter for a person: its deliveries are held, nothing is thrown away. */
  private readBody(message: number): Uint8Array | undefined {
    try {
      return this.bodies.read(message)
    } catch {
      return undefined
    }
  }

  /**
   * Ends an attempt. Returns whether the message is finished (its body is then gone). An attempt that has ended is left
   * as it is: a result is written again when nobody knows whether it was.
   */
  recordResult(attemptResult: EncodedAttemptResult): boolean {
    const reply = overallReply(attemptResult.results.map((result) => result.outcome))
    const { changes } = this.endAttempt.run(
      attemptResult.endedAt,
      attemptResult.destination,
      attemptResult.tls ?? null,
      reply?.code ?? null,
      reply?.enhancedCode ?? null,
      reply ? reply.text : null,
      attemptResult.transcript,
      attemptResult.inDoubt ? 1 : 0,
      attemptResult.message,
      attemptResult.attempt,
    )
    if (changes === 0) return false
    for (const notification of attemptResult.notifications) this.accept(notification)
    let finished = 0
    for (const { ordinal, outcome, nextAttemptAt, destination, hold } of attemptResult.results) {
      const row = this.selectDelivery.get(attemptResult.message, ordinal) as DeliveryRow | undefined
      if (!row || stateAt(row.state) !== 'sending') continue
      if (destination !== undefined) this.moveDelivery.run(destination, attemptResult.message, ordinal)
      const doubt = outcome.kind === 'deferred' && outcome.inDoubt ? 1 : row.in_doubt
      const first = changeFor(outcome, nextAttemptAt)
      const state = this.change(row, first, doubt, 0)
      if (state === 'deferred' && hold !== undefined) {
        row.state = codeOf('deferred')
        this.change(row, { state: 'hold', reason: hold, nextAttemptAt: undefined }, doubt, 0)
      } else if (state === 'deferred' && nextAttemptAt === undefined) {
        row.state = codeOf('deferred')
        const reason = `gave up after 5 days; last: ${first.reason}`
        this.change(row, { state: 'expire', reason, nextAttemptAt: undefined }, doubt, 0)
        finished++
      } else if (isFinal(state)) finished++
    }
    return this.finish(attemptResult.message, finished, (account) =>
      this.volume.settled(
        account,
        attemptResult.endedAt,
        attemptResult.results.map((result) => result.outcome),
      ),
    )
  }

  /**
   * Counts deliveries of a message that became final; with the last one the body is destroyed.
   * @param count called with the account when the message is one that an account submitted
   */
  finish(message: number, finished: number, count?: (account: number) => void): boolean {
    if (finished === 0) return false
    const row = this.closeMessage.get(finished, message) as { open: number; account: number; credential: number | null }
    if (row.credential !== null) count?.(row.account)
    if (row.open > 0) return false
    this.bodies.destroy(message)
    return true
  }

  /**
   * Moves one delivery by an event and writes why.
   * @throws when the table of states does not allow it: the caller has checked, so that is a bug
   */
  change(row: DeliveryRow, change: Change, inDoubt: number, newAttempts: 0 | 1) {
    const from = stateAt(row.state)
    const to = transition(from, change.state, row.attempts)
    if (!to) throw new Error(`delivery ${row.message}/${row.ordinal}: no ${change.state} from ${from}`)
    const waits = to === 'queued' || to === 'deferred'
    this.updateDelivery.run(
      codeOf(to),
      change.reason,
      waits ? (change.nextAttemptAt ?? null) : null,
      row.attempts + newAttempts,
      inDoubt,
      row.message,
      row.ordinal,
    )
    return to
  }

  deliveriesOf(message: number): DeliveryRow[] {
    return this.selectDeliveries.all(message) as DeliveryRow[]
  }
}

function changeFor(outcome: Outcome, nextAttemptAt: number | undefined): Change {
  switch (outcome.kind) {
    case 'delivered':
      return { state: 'deliver', reason: formatReply(outcome.reply), nextAttemptAt: undefined }
    case 'failed':
      return { state: 'fail', reason: outcome.reason, nextAttemptAt: undefined }
    case 'deferred':
      return { state: 'defer', reason: outcome.reason, nextAttemptAt }
  }
}

/** The reply an attempt is known by: the worst one. */
function overallReply(outcomes: readonly Outcome[]) {
  const rank = { failed: 0, deferred: 1, delivered: 2 } as const
  const replies = outcomes.filter((outcome) => outcome.reply !== undefined)
  replies.sort((a, b) => rank[a.kind] - rank[b.kind])
  return replies[0]?.reply
}
