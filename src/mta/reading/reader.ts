/**
 * Reads mail of strangers off the event loop: in a worker with bounded time and memory, one mail after the other. A mail
 * that takes too much of either ends the worker, and the next gets a new one; what else the relay does never waits.
 */

import { Worker } from 'node:worker_threads'
import type { Log } from '../ports.ts'

export interface ReadingLimits {
  /** for one mail, milliseconds */
  time: number
  /** heap of the worker, MB */
  memory: number
}

const defaultLimits: ReadingLimits = { time: 10_000, memory: 128 }
/** A worker without work is ended after this, milliseconds: it costs some megabytes. */
const IDLE_MS = 30_000

/** Why a mail could not be read, in words for the team. */
export const unreadable = {
  time: 'reading it takes too long',
  memory: 'reading it takes too much memory',
  broken: 'a program failed to read it',
} as const
export type Unreadable = keyof typeof unreadable

export type Reading<T> = { ok: true; value: T } | { ok: false; problem: Unreadable }

/** What can be read, by name. */
type Jobs = Record<string, (input: never) => Promise<unknown>>

/** What the worker is handed, and what it says. An answer without a value: the job itself failed. */
export interface ReadingJob {
  name: string
  input: never
}
export type ReadingAnswer = { value?: unknown }

export interface MailReader<J extends Jobs> {
  /** Reads one mail. Never rejects; a mail that cannot be read within the limits says why. */
  read<N extends keyof J>(name: N, input: Parameters<J[N]>[0]): Promise<Reading<Awaited<ReturnType<J[N]>>>>
  /** Ends the worker. What is being read is answered as broken. */
  stop(): Promise<void>
}

function startWorker(file: string, memory: number): Worker {
  const worker = new Worker(file, {
    name: 'mail-reader',
    resourceLimits: { maxOldGenerationSizeMb: memory, maxYoungGenerationSizeMb: 16 },
    // an error must not print content
    stdout: true,
    stderr: true,
  })
  // an idle one keeps nothing running, and when it ends so does nothing else
  worker.unref()
  worker.on('error', () => undefined)
  return worker
}

/** What the worker says of one job, or what happened to it. */
function answerOf(worker: Worker, time: number): Promise<Reading<unknown>> {
  return new Promise((resolve) => {
    function end(reading: Reading<unknown>): void {
      clearTimeout(timer)
      worker.off('message', answered).off('error', failed).off('exit', exited)
      resolve(reading)
    }
    const answered = (answer: ReadingAnswer) =>
      end('value' in answer ? { ok: true, value: answer.value } : { ok: false, problem: 'broken' })
    const failed = ({ code }: NodeJS.ErrnoException) =>
      end({ ok: false, problem: code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'broken' })
    const exited = () => end({ ok: false, problem: 'broken' })
    const timer = setTimeout(() => end({ ok: false, problem: 'time' }), time)
    worker.on('message', answered).on('error', failed).on('exit', exited)
  })
}

/**
 * Builds a reader; its worker starts with the first mail.
 * @param file the worker's entry, which knows all jobs of `J`
 */
export function createMailReader<J extends Jobs>(
  file: string,
  log: Log,
  limits: ReadingLimits = defaultLimits,
): MailReader<J> {
  let worker: Worker | undefined
  let idle: NodeJS.Timeout | undefined
  let last: Promise<unknown> = Promise.resolve()
  let isStopped = false

  async function endWorker(): Promise<void> {
    clearTimeout(idle)
    const ended = worker
    worker = undefined
    await ended?.terminate()
  }

  async function readNow(name: string, input: unknown): Promise<Reading<unknown>> {
    if (isStopped) return { ok: false, problem: 'broken' }
    clearTimeout(idle)
    worker ??= startWorker(file, limits.memory)
    const answered = answerOf(worker, limits.time)
    worker.postMessage({ name, input })
    const reading = await answered
    if (!reading.ok) {
      log.warn({ reader: name, fault: unreadable[reading.problem] }, 'mail could not be read: it is kept for the team')
      await endWorker()
    } else idle = setTimeout(() => void endWorker(), IDLE_MS).unref()
    return reading
  }

  return {
    read(name, input) {
      const reading = last.then(() => readNow(String(name), input))
      last = reading
      // the worker's jobs are those of `J`
      return reading as never
    },
    async stop() {
      isStopped = true
      await endWorker()
      await last
    },
  }
}
