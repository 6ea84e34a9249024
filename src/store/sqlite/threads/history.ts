/**
 * Moves finished header records from live mail into the file of their day, unlinks the files of days that are over, and
 * answers the queue's questions about due work. A worker thread of its own, so that commits do not wait for it.
 */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { MessagePort } from 'node:worker_threads'
import type { Hold } from '../../../model/hold.ts'
import { DAY_MS, dayOf, endOf, startOfDay } from '../../../model/retention.ts'
import type { DueJob } from '../../store.ts'
import type { DayRecord } from '../days/dayFile.ts'
import { DayFiles } from '../days/dayFiles.ts'
import { type DigestStep, Purge, type SweepResult } from '../days/purge.ts'
import { Rewriting } from '../days/rewriting.ts'
import type { ArchivedDay } from '../days/writer.ts'
import { HeldFile } from '../holds/heldFile.ts'
import { activeHolds, idsOf, matcherOf } from '../holds/matcher.ts'
import { Scanner } from '../holds/scanner.ts'
import { encodeOutcome } from '../messages/outcome.ts'
import { type AttemptRow, type DeliveryRow, type MessageRow, statusOfRows } from '../messages/rows.ts'
import { retentionRulesOf } from '../retention/rules.ts'
import type { Dropped } from '../retention/writer.ts'
import { SampleMover } from '../samples/move.ts'
import { SampleSweep } from '../samples/sweep.ts'
import { type Connection, isUnreadable, openConnection } from '../thread/connection.ts'
import type { WorkerData } from '../thread/protocol.ts'
import { serve } from '../thread/serve.ts'

/** Days before today whose search index is tidied; older ones have been. */
const TIDY_DAYS = 3
/** Days after which a day is not expected to grow any more: the queue gives up after five. */
const SETTLED_DAYS = 6

export type ArchiveResult =
  /**
   * `dropped`: records whose time is up already; they do not get to their day. `waiting`: records of days whose files
   * cannot be read; they stay in live mail. `holds`: those known when it was decided what is dropped
   */
  | { kind: 'archived'; days: ArchivedDay[]; dropped: Dropped[]; waiting: number[]; holds: number[] }
  | { kind: 'keys missing'; days: string[] }

class History {
  private readonly main: Connection
  private readonly days: DayFiles
  private readonly selectMessage
  private readonly selectDeliveries
  private readonly selectAttempts
  private readonly selectDue
  private readonly selectDays
  private readonly tidied = new Set<string>()
  readonly samples: SampleMover
  readonly scanner: Scanner
  readonly heldFile: HeldFile
  readonly rewriting: Rewriting
  readonly sampleSweep: SampleSweep
  readonly purge: Purge

  constructor(data: WorkerData) {
    mkdirSync(join(data.folder, 'days'), { recursive: true, mode: 0o700 })
    this.main = openConnection({
      path: join(data.folder, 'mailward.db'),
      key: data.logKey,
      readonly: true,
      cacheKiB: 4096,
    })
    this.days = new DayFiles(this.main, data.folder)
    this.samples = new SampleMover(this.main, data.folder)
    this.scanner = new Scanner(this.main, this.days)
    this.heldFile = new HeldFile(this.main, data.folder, this.days)
    this.rewriting = new Rewriting(this.main, data.folder, this.days)
    this.sampleSweep = new SampleSweep(this.main, data.folder)
    this.purge = new Purge(this.main, data.folder)
    this.selectMessage = this.main.prepare('SELECT * FROM message WHERE id = ? AND open = 0')
    this.selectDeliveries = this.main.prepare('SELECT * FROM delivery WHERE message = ?')
    this.selectAttempts = this.main.prepare('SELECT * FROM attempt WHERE message = ?')
    this.selectDue = this.main.prepare(
      `SELECT message, ordinal, next_at FROM delivery
       WHERE destination = ? AND state IN (0, 2) ORDER BY next_at LIMIT ?`,
    )
    this.selectDays = this.main
      .prepare('SELECT day FROM day WHERE day >= ? AND day < ? AND records > 0 ORDER BY day')
      .pluck()
  }

  /**
   * Copies finished records into their days, durably. Ids that are not finished or gone are passed over. A record that
   * ended by `destroyBy` is not written again, unless a hold keeps it.
   */
  archive(ids: number[], destroyBy: number): ArchiveResult {
    const days = new Map<string, DayRecord[]>()
    const late = new Map<string, DayRecord[]>()
    const holds = this.main.transaction(() => {
      const active = activeHolds(this.main)
      const isLate = this.lateness(destroyBy, active)
      for (const id of ids) {
        const record = this.read(id)
        if (record) addTo(isLate(record) ? late : days, record)
      }
      return idsOf(active)
    })()
    const missing = [...days.keys()].filter((day) => !this.days.file(day))
    if (missing.length > 0) return { kind: 'keys missing', days: missing }
    const dropped = [...late].map(([day, records]) => ({ day, ids: records.map(({ id }) => id).sort((a, b) => a - b) }))
    const waiting: number[] = []
    const added = [...days].flatMap(([day, records]) => {
      const one = this.addReadable(day, records)
      if (!one) for (const { id } of records) waiting.push(id)
      return one ?? []
    })
    return { kind: 'archived', days: added, dropped, waiting, holds }
  }

  /** Undefined when the day's file cannot be read. */
  private addReadable(day: string, records: DayRecord[]): ArchivedDay | undefined {
    try {
      return this.add(day, records)
    } catch (error) {
      if (!isUnreadable(error)) throw error
      this.days.drop(day)
      return undefined
    }
  }

  /** Tells of records whether their time is up. */
  private lateness(destroyBy: number, holds: readonly Hold[]): (record: DayRecord) => boolean {
    const { shortenings } = retentionRulesOf(this.main)
    const isHeld = matcherOf(holds.map(({ scope }) => scope))
    return (record) => {
      const { id, account, acceptedAt, keepUntil, sender: from, recipients: to } = record
      if (endOf(acceptedAt, keepUntil, account, shortenings) > destroyBy) return false
      return !isHeld({ id, account, acceptedAt, from, to })
    }
  }

  private read(id: number): DayRecord | undefined {
    const message = this.selectMessage.get(id) as MessageRow | undefined
    if (!message) return undefined
    const deliveries = this.selectDeliveries.all(id) as DeliveryRow[]
    const attempts = this.selectAttempts.all(id) as AttemptRow[]
    return {
      id,
      account: message.account,
      credential: message.credential,
      acceptedAt: message.accepted_at,
      sender: message.sender,
      recipients: deliveries.map((delivery) => delivery.recipient),
      subject: message.subject,
      messageId: message.message_id,
      size: message.size,
      status: statusOfRows(deliveries),
      keepUntil: message.keep_until,
      sampled: message.sampled,
      number: message.number,
      inDoubt: deliveries.some((delivery) => delivery.in_doubt === 1),
      extra: message.extra,
      clientAddress: (JSON.parse(message.extra) as string[])[0]!,
      outcome: encodeOutcome(deliveries, attempts),
      headers: message.headers,
    }
  }

  private add(day: string, records: DayRecord[]): ArchivedDay {
    records.sort((a, b) => a.id - b.id)
    const added = this.days.writer(day).add(records)
    this.rewriting.archived(
      day,
      records.map(({ id }) => id),
    )
    const times = records.map((record) => record.acceptedAt)
    return {
      day,
      ids: records.map((record) => record.id),
      minId: records[0]!.id,
      maxId: records.at(-1)!.id,
      oldestAt: Math.min(...times),
      youngestAt: Math.max(...times),
      youngestKeep: Math.max(...records.map((record) => record.keepUntil)),
      added,
    }
  }

  /** Tidies the index of a day that is over one step further, then works on digests. */
  tidy(now: number): DigestStep {
    const today = dayOf(now)
    const oldest = dayOf(now - TIDY_DAYS * DAY_MS)
    const days = this.selectDays.all(oldest, today) as string[]
    const day = days.find((one) => !this.tidied.has(one))
    if (day === undefined) return this.purge.digestAhead(startOfDay(today) - SETTLED_DAYS * DAY_MS)
    try {
      if (this.days.writer(day).tidy()) return { done: undefined, more: true }
      this.days.close(day)
    } catch (error) {
      if (!isUnreadable(error)) throw error
      this.days.drop(day)
    }
    this.tidied.add(day)
    return { done: undefined, more: true }
  }

  /** See {@link Purge.sweep}. */
  sweepDays(days: string[]): SweepResult {
    this.days.dropGone()
    return this.purge.sweep(days)
  }

  /** Waiting work of a destination, earliest first, deliveries of one message together. */
  due(destination: string, limit: number): DueJob[] {
    const rows = this.selectDue.all(destination, limit) as { message: number; ordinal: number; next_at: number }[]
    const jobs = new Map<string, DueJob>()
    for (const { message, ordinal, next_at } of rows) {
      const key = `${message} ${next_at}`
      const job = jobs.get(key)
      if (job) job.ordinals.push(ordinal)
      else jobs.set(key, { message, destination, ordinals: [ordinal], nextAttemptAt: next_at })
    }
    return [...jobs.values()]
  }

  /** The earliest next attempt of each destination with waiting work, by hopping from key to key in the index. */
  destinations(): [string, number][] {
    const hop = this.main.prepare(
      `SELECT destination, next_at FROM delivery WHERE state IN (0, 2) AND destination > ?
       ORDER BY destination, next_at LIMIT 1`,
    )
    const found: [string, number][] = []
    let last = ''
    for (;;) {
      const row = hop.get(last) as { destination: string; next_at: number } | undefined
      if (!row) return found
      found.push([row.destination, row.next_at])
      last = row.destination
    }
  }

  /** Finished messages a crash left among live mail. */
  finished(limit: number): number[] {
    return this.main.prepare('SELECT id FROM message WHERE open = 0 LIMIT ?').pluck().all(limit) as number[]
  }

  close(): void {
    this.purge.stop()
    this.rewriting.abandon()
    this.days.closeAll()
    this.main.close()
  }
}

function addTo(days: Map<string, DayRecord[]>, record: DayRecord): void {
  const day = dayOf(record.acceptedAt)
  const records = days.get(day)
  if (records) records.push(record)
  else days.set(day, [record])
}

function historySubjects(history: History) {
  const { scanner, heldFile, rewriting, samples, sampleSweep, purge } = history
  return {
    days: history as Omit<History, 'close'>,
    scanner,
    heldFile,
    rewriting: rewriting as Pick<Rewriting, 'begin' | 'step' | 'finish' | 'giveUpHeld'>,
    samples,
    sampleSweep,
    purge: purge as Pick<Purge, 'count'>,
  }
}

export type HistorySubjects = ReturnType<typeof historySubjects>

/** Starts the history worker in this thread. */
export function startHistory(port: MessagePort, data: WorkerData): void {
  const history = new History(data)
  serve(port, historySubjects(history), () => history.close())
}
