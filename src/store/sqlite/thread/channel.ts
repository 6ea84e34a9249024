/** The event loop's end of a worker thread. */

import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { type Answer, type Call, type FatalError, STOP, type WorkerData } from './protocol.ts'
import { type Remote, remote } from './remote.ts'

/** Most memory for short-lived objects in one worker. Left alone, it grows to 48 MB in each, which a relay has better uses for. */
const YOUNG_MB = 12
/** How long lazy calls wait for one that somebody waits for, in milliseconds, and how many may wait. */
const LAZY_MS = 4
const LAZY_MAX = 64

interface Waiting {
  resolve(value: unknown): void
  reject(error: Error): void
}

/** The worker's file: beside the bundle when built, else the source. */
function workerFile(): string {
  const built = fileURLToPath(new URL('./worker.cjs', import.meta.url))
  return existsSync(built) ? built : fileURLToPath(new URL('../threads/worker.ts', import.meta.url))
}

/** A worker thread that offers `S`. */
export class Channel<S = unknown> {
  private readonly worker: Worker
  private readonly lazy: ReadonlySet<string>
  private readonly waiting = new Map<number, Waiting>()
  private outgoing: Call[] = []
  private sending = false
  private timer: NodeJS.Timeout | undefined
  private number = 0
  private ended: Error | undefined
  /** the thread's operations */
  readonly calls: Remote<S> = remote((operation, given) => this.send(operation, given))
  /** called when the worker reports that the disk failed, or dies */
  onError: (fault: Error) => void = () => {}

  /** @param lazy operations that nobody waits for: they cross together with the next that somebody does wait for */
  constructor(data: WorkerData, lazy: ReadonlySet<string> = new Set()) {
    this.lazy = lazy
    this.worker = new Worker(workerFile(), {
      workerData: data,
      name: `store-${data.role}`,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    })
    this.worker.on('message', (message: Answer[] | FatalError) => this.take(message))
    this.worker.on('error', (error) => this.end(error as Error))
    this.worker.on('exit', () => this.end(new Error(`the store's ${data.role} has stopped`)))
  }

  /**
   * Sends a call; {@link calls} ends here. What is called in one turn of the event loop crosses in one message.
   * @param operation such as `queue.accept`
   */
  send(operation: string, given: unknown[]): Promise<unknown> {
    if (this.ended) return Promise.reject(this.ended)
    const number = ++this.number
    this.outgoing.push([number, operation, given])
    if (!this.lazy.has(operation) || this.outgoing.length > LAZY_MAX) this.flushSoon()
    else this.timer ??= setTimeout(() => this.flushSoon(), LAZY_MS)
    return new Promise((resolve, reject) => {
      this.waiting.set(number, { resolve, reject })
    })
  }

  /** Ends the worker after everything called before. */
  async stop(): Promise<void> {
    if (this.ended) return
    const exited = new Promise((resolve) => this.worker.once('exit', resolve))
    await this.send(STOP, [])
    await exited
  }

  private flushSoon(): void {
    if (this.sending) return
    this.sending = true
    setImmediate(() => this.flush())
  }

  private flush(): void {
    this.sending = false
    clearTimeout(this.timer)
    this.timer = undefined
    const calls = this.outgoing
    this.outgoing = []
    this.worker.postMessage(calls)
  }

  private take(message: Answer[] | FatalError): void {
    if (!Array.isArray(message)) {
      this.onError(new Error(message.fault))
      return
    }
    for (const [number, ok, value] of message) {
      const waiting = this.waiting.get(number)
      this.waiting.delete(number)
      if (ok) waiting?.resolve(value)
      else waiting?.reject(Object.assign(new Error(value.message), { code: value.code }))
    }
  }

  private end(error: Error): void {
    if (this.ended) return
    this.ended = error
    const waiting = [...this.waiting.values()]
    this.waiting.clear()
    for (const one of waiting) one.reject(error)
    if (waiting.length > 0) this.onError(error)
  }
}
