/**
 * The single writer of the main database: a worker thread. Calls that wait together go into one transaction and share
 * one fsync (group commit, without a timer: what arrives while a commit runs is the next batch). Settlements are lazy:
 * they ride along with the next commit that has to be durable, or go alone after a moment, without an fsync of their
 * own; the worst a power cut then does is to repeat a delivery that is known as in doubt.
 */

import { join } from 'node:path'
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import type { Connection } from '../thread/connection.ts'
import { BUSY_MS, isFull, migrate, openConnection } from '../thread/connection.ts'
import { type Answer, type Call, STOP, type WorkerData } from '../thread/protocol.ts'
import { type OperationName, operationsOf } from '../thread/remote.ts'
import { mainMigrations } from '../thread/schema.ts'
import { lazyOperations } from './lazyOperations.ts'
import { type TransactionParts, transactionParts, type WriterSubjects, writerSubjects } from './writerSubjects.ts'

/** Runs outside of any transaction, after those it came with. */
const TRUNCATE: OperationName<WriterSubjects> = 'log.truncate'
/** Pages the log may hold before they are copied into the database (8 KiB each). */
const CHECKPOINT_PAGES = 2000
/** How long readers are waited for when the log is truncated: commits wait meanwhile. Milliseconds. */
const TRUNCATE_MS = 20

class Writer {
  private readonly port: MessagePort
  private readonly database: Connection
  private readonly parts: TransactionParts
  private readonly operations
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
    this.parts = transactionParts(this.database, data.folder)
    this.operations = operationsOf(writerSubjects(this.database, this.parts))
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
    const stop = calls.find(([, operation]) => operation === STOP)
    const truncate = calls.filter(([, operation]) => operation === TRUNCATE)
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
      const answers = calls.map(([number, operation, given]): Answer => {
        const run = this.operations.get(operation)
        if (!run) throw new Error(`the writer knows no operation ${operation}`)
        return [number, true, run(...(given as never[]))]
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
    if (isFull(error)) return false
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
