/**
 * Moves finished header records from live mail into the file of their day, unlinks the files of days that are over, and
 * answers the queue's questions about due work. A worker thread of its own, so that commits do not wait for it.
 */

import { close, existsSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { MessagePort } from 'node:worker_threads'
import { DAY_MS, dayOf } from '../../../model/retention.ts'
import type { DueJob } from '../../store.ts'
import { type Connection, openConnection } from '../connection.ts'
import { type DayRecord, dayPath, fileNameOf } from '../dayFile.ts'
import { encodeOutcome } from '../outcome.ts'
import type { WorkerData } from '../protocol.ts'
import { type AttemptRow, type DeliveryRow, type MessageRow, statusOfRows } from '../rows.ts'
import { serve } from '../serve.ts'
import type { ArchivedDay } from '../writer/days.ts'
import { DayWriters } from './dayWriters.ts'
import { SampleSweep } from './sampleSweep.ts'
import { SampleMover } from './samples.ts'

/** Days before today whose search index is tidied; older ones have been. */
const TIDY_DAYS = 3

export type ArchiveResult = { kind: 'archived'; days: ArchivedDay[] } | { kind: 'keys missing'; days: string[] }

class History {
  private readonly folder: string
  private readonly main: Connection
  private readonly days: DayWriters
  private readonly selectMessage
  private readonly selectDeliveries
  private readonly selectAttempts
  private readonly selectDue
  private readonly selectDays
  private readonly tidied = new Set<string>()
  readonly samples: SampleMover
  readonly sampleSweep: SampleSweep

  constructor(data: WorkerData) {
    this.folder = data.folder
    mkdirSync(join(data.folder, 'days'), { recursive: true, mode: 0o700 })
    this.main = openConnection({
      path: join(data.folder, 'mailward.db'),
      key: data.logKey,
      readonly: true,
      cacheKiB: 4096,
    })
    this.samples = new SampleMover(this.main, data.folder)
    this.sampleSweep = new SampleSweep(this.main, data.folder)
    this.selectMessage = this.main.prepare('SELECT * FROM message WHERE id = ? AND open = 0')
    this.selectDeliveries = this.main.prepare('SELECT * FROM delivery WHERE message = ?')
    this.selectAttempts = this.main.prepare('SELECT * FROM attempt WHERE message = ?')
    this.days = new DayWriters(this.main, data.folder)
    this.selectDue = this.main.prepare(
      `SELECT message, ordinal, next_at FROM delivery
       WHERE destination = ? AND state IN (0, 2) ORDER BY next_at LIMIT ?`,
    )
    this.selectDays = this.main
      .prepare('SELECT day FROM day WHERE day >= ? AND day < ? AND records > 0 ORDER BY day')
      .pluck()
  }

  /** Copies finished records into their days, durably. Ids that are not finished or gone are passed over. */
  archive(ids: number[]): ArchiveResult {
    const days = new Map<string, DayRecord[]>()
    this.main.transaction(() => {
      for (const id of ids) {
        const record = this.read(id)
        if (!record) continue
        const day = dayOf(record.acceptedAt)
        const records = days.get(day)
        if (records) records.push(record)
        else days.set(day, [record])
      }
    })()
    const missing = [...days.keys()].filter((day) => !this.days.file(day))
    if (missing.length > 0) return { kind: 'keys missing', days: missing }
    return { kind: 'archived', days: [...days].map(([day, records]) => this.add(day, records)) }
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

  /** Tidies the index of a day that is over one step further. Returns whether there is more to do. */
  tidy(now: number): boolean {
    const today = dayOf(now)
    const oldest = dayOf(now - TIDY_DAYS * DAY_MS)
    const days = this.selectDays.all(oldest, today) as string[]
    const day = days.find((one) => !this.tidied.has(one))
    if (day === undefined) return false
    if (!this.days.writer(day).tidy()) {
      this.tidied.add(day)
      this.days.close(day)
    }
    return true
  }

  /**
   * Unlinks files no catalogue entry speaks for, named without `.db`. Each is open meanwhile, so that its name goes at
   * once and the system gives its blocks back when it is closed, which another thread waits for.
   */
  unlink(names: string[]): void {
    this.days.dropGone()
    for (const name of names) {
      for (const suffix of ['-wal', '-shm', '']) unlinkOpen(dayPath(this.folder, name, 0) + suffix)
    }
  }

  /** Files in `days/` that no catalogue entry speaks for. */
  orphans(): string[] {
    const days = this.main.prepare('SELECT day, generation FROM day').all() as { day: string; generation: number }[]
    const known = new Set(days.map(({ day, generation }) => fileNameOf(day, generation)))
    const files = readdirSync(join(this.folder, 'days')).filter((name) => name.endsWith('.db'))
    return files.map((name) => name.slice(0, -3)).filter((name) => !known.has(name))
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
    this.days.closeAll()
    this.main.close()
  }
}

function unlinkOpen(path: string): void {
  if (!existsSync(path)) return
  const file = openSync(path, 'r')
  rmSync(path)
  // an error at close would say nothing about the name, which is gone
  close(file, () => undefined)
}

/** Starts the history worker in this thread. */
export function startHistory(port: MessagePort, data: WorkerData): void {
  const history = new History(data)
  serve(
    port,
    {
      archive: (ids: number[]) => history.archive(ids),
      moveSamples: () => history.samples.move(),
      sweepSamples: () => history.sampleSweep.sweep(),
      unlink: (days: string[]) => history.unlink(days),
      orphans: () => history.orphans(),
      due: ([destination, limit]: [string, number]) => history.due(destination, limit),
      destinations: () => history.destinations(),
      finished: (limit: number) => history.finished(limit),
      tidy: (now: number) => history.tidy(now),
    },
    () => history.close(),
  )
}
