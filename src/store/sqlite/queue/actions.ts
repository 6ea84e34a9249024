/** What people order the queue to do, rerouting, and recovery after a crash; in bounded pieces, one transaction each. */

import { domainToASCII, domainToUnicode } from 'node:url'
import { type DeliveryEvent, type DeliveryState, isFinal, transition } from '../../../model/delivery.ts'
import type { QueueAction, QueueFilter } from '../../../model/filter.ts'
import { parseId } from '../../../model/id.ts'
import type { DeliveryRow } from '../messages/rows.ts'
import type { Connection } from '../thread/connection.ts'
import type { ActArguments } from '../thread/protocol.ts'
import { codeOf, stateAt } from '../thread/schema.ts'
import type { QueueWriter } from './writer.ts'

const unfinished = (['queued', 'sending', 'deferred', 'held'] as const).map(codeOf).join(', ')

/** A piece of SQL with its parameters. */
export interface Condition {
  sql: string
  parameters: (string | number)[]
}

/** The SQL condition of a queue filter over `delivery d JOIN message m`. Undefined when nothing can match. */
export function conditionOf(
  filter: QueueFilter,
  accountId: (name: string) => number | undefined,
): Condition | undefined {
  const parts = [`d.state IN (${unfinished})`]
  const parameters: (string | number)[] = []
  const add = (sql: string, value: string | number): void => {
    parts.push(sql)
    parameters.push(value)
  }
  if (filter.destination !== undefined) add('d.destination = ?', filter.destination)
  if (filter.state !== undefined) add('d.state = ?', codeOf(filter.state))
  if (filter.reason !== undefined) add('d.reason = ?', filter.reason)
  if (filter.recipient !== undefined) add('lower(d.recipient) = ?', filter.recipient.toLowerCase())
  if (filter.domain !== undefined) {
    const forms = formsOf(filter.domain)
    parts.push(`(${forms.map(() => "lower(d.recipient) LIKE ? ESCAPE '\\'").join(' OR ')})`)
    parameters.push(...forms.map((form) => `%@${escapeLike(form)}`))
  }
  if (filter.inDoubt) parts.push('d.in_doubt = 1')
  if (filter.account !== undefined) {
    const id = accountId(filter.account)
    if (id === undefined) return undefined
    add('m.account = ?', id)
  }
  if (filter.message !== undefined) {
    const id = parseId(filter.message)
    if (id === undefined) return undefined
    add('d.message = ?', id)
  }
  if (filter.deliveries !== undefined) {
    const pairs = filter.deliveries.flatMap(({ message, ordinal }) => {
      const id = parseId(message)
      return id === undefined ? [] : [[id, ordinal] as const]
    })
    if (pairs.length === 0) return undefined
    parts.push(`(d.message, d.ordinal) IN (VALUES ${pairs.map(() => '(?, ?)').join(', ')})`)
    parameters.push(...pairs.flat())
  }
  return { sql: parts.join(' AND '), parameters }
}

/** A domain as recipients may write it: as given, in A-labels, in U-labels (RFC 5890). */
function formsOf(domain: string): string[] {
  const given = domain.toLowerCase()
  return [...new Set([given, domainToASCII(given), domainToUnicode(given)])].filter((form) => form !== '')
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, (c) => `\\${c}`)
}

const eventOf: Record<Exclude<QueueAction, 'retry'>, DeliveryEvent> = {
  hold: 'hold',
  release: 'release',
  cancel: 'cancel',
}

/** Whether an action can be carried out on a delivery in this state. */
export function isPossible(action: QueueAction, state: DeliveryState): boolean {
  if (action === 'retry') return state === 'queued' || state === 'deferred'
  return transition(state, eventOf[action]) !== undefined
}

export interface ActPiece {
  deliveries: number
  skipped: number
  messages: number[]
  /** messages that are finished by it */
  finished: number[]
  destinations: string[]
  /** where the next piece goes on; undefined when this was the last */
  after: [number, number] | undefined
}

export interface InterruptOrder {
  attempts: { message: number; attempt: number }[]
  now: number
}

/** What an interruption changed. */
export interface Interrupted {
  messages: number[]
  destinations: string[]
}

const words: Record<QueueAction, string> = {
  retry: 'retried by hand',
  hold: 'held',
  release: 'released',
  cancel: 'cancelled',
}

export class Orders {
  private readonly database: Connection
  private readonly queue: QueueWriter
  private readonly setNext
  private readonly setDestination
  private readonly endInterrupted

  constructor(database: Connection, queue: QueueWriter) {
    this.database = database
    this.queue = queue
    this.setNext = database.prepare('UPDATE delivery SET next_at = ? WHERE message = ? AND ordinal = ?')
    this.endInterrupted = database.prepare(
      `UPDATE attempt SET ended_at = ?, in_doubt = 1, reply = ?
       WHERE message = ? AND ended_at IS NULL AND number = coalesce(?, number) RETURNING ordinals`,
    )
    this.setDestination = database.prepare('UPDATE delivery SET destination = ? WHERE message = ? AND ordinal = ?')
  }

  /** Carries out one piece of an order. */
  act({ action, filter, reason, now, after, limit }: ActArguments): ActPiece {
    const piece: ActPiece = {
      deliveries: 0,
      skipped: 0,
      messages: [],
      finished: [],
      destinations: [],
      after: undefined,
    }
    const condition = conditionOf(filter, (name) => this.accountId(name))
    if (!condition) return piece
    const rows = this.page(condition, after, limit)
    const messages = new Set<number>()
    const destinations = new Set<string>()
    for (const row of rows) {
      if (!isPossible(action, stateAt(row.state))) {
        piece.skipped++
        continue
      }
      const finished = this.apply(action, row, reason, now)
      piece.deliveries++
      messages.add(row.message)
      if (finished) piece.finished.push(row.message)
      if (action === 'retry' || action === 'release') destinations.add(row.destination)
    }
    const last = rows.at(-1)
    if (last && rows.length === limit) piece.after = [last.message, last.ordinal]
    return { ...piece, messages: [...messages], destinations: [...destinations] }
  }

  private apply(action: QueueAction, row: DeliveryRow, reason: string, now: number): boolean {
    if (action === 'retry') {
      this.setNext.run(now, row.message, row.ordinal)
      return false
    }
    const why = reason ? `${words[action]}: ${reason}` : words[action]
    const state = this.queue.change(row, { state: eventOf[action], reason: why, nextAttemptAt: now }, row.in_doubt, 0)
    return isFinal(state) && this.queue.finish(row.message, 1)
  }

  /** Gives waiting deliveries another queue key. Returns the keys with work. */
  reroute(changes: { message: number; ordinal: number; destination: string }[]): void {
    for (const { message, ordinal, destination } of changes) this.setDestination.run(destination, message, ordinal)
  }

  /**
   * After a crash: what was being sent becomes deferred, due at once, and in doubt, because nobody knows how far it got.
   * Returns the messages it touched.
   */
  recover(now: number): number[] {
    const rows = this.database.prepare('SELECT * FROM delivery WHERE state = ?').all(codeOf('sending')) as DeliveryRow[]
    const reason = 'interrupted: the relay stopped during the attempt; it may have been delivered'
    for (const row of rows) {
      this.queue.change(row, { state: 'interrupt', reason, nextAttemptAt: now }, 1, 0)
      this.endInterrupted.all(now, 'interrupted: the relay stopped during this attempt', row.message, null)
    }
    return [...new Set(rows.map((row) => row.message))]
  }

  /** Ends attempts that nobody makes. What their deliveries have come to otherwise stays as it is. */
  interrupt({ attempts, now }: InterruptOrder): Interrupted {
    const messages = new Set<number>()
    const destinations = new Set<string>()
    const reason = 'interrupted: the attempt was lost from sight; it may have been delivered'
    for (const { message, attempt } of attempts) {
      const ended = this.endInterrupted.get(now, 'interrupted: the attempt was lost from sight', message, attempt) as
        | { ordinals: string }
        | undefined
      const ordinals = new Set(ended ? (JSON.parse(ended.ordinals) as number[]) : [])
      for (const row of this.queue.deliveriesOf(message)) {
        if (!ordinals.has(row.ordinal) || stateAt(row.state) !== 'sending') continue
        this.queue.change(row, { state: 'interrupt', reason, nextAttemptAt: now }, 1, 0)
        messages.add(message)
        destinations.add(row.destination)
      }
    }
    return { messages: [...messages], destinations: [...destinations] }
  }

  private page(condition: Condition, after: [number, number] | undefined, limit: number): DeliveryRow[] {
    return this.database
      .prepare(
        `SELECT d.* FROM delivery d JOIN message m ON m.id = d.message
         WHERE ${condition.sql} AND (d.message, d.ordinal) > (?, ?) ORDER BY d.message, d.ordinal LIMIT ?`,
      )
      .all(...condition.parameters, ...(after ?? [-1, -1]), limit) as DeliveryRow[]
  }

  private accountId(name: string): number | undefined {
    return this.database.prepare('SELECT id FROM account WHERE name = ?').pluck().get(name) as number | undefined
  }
}
