/**
 * smtp-source → relay → smtp-sink, Mailward and Postfix in turn in one run. Messages per second end to end (the sink
 * has the last one), CPU milliseconds a message, peak memory, and the ratios.
 * `npm run bench -- relay [--rounds 3] [--sessions 1,20,100] [--sizes 4096,32768] [--messages 3000]`
 * `--against FOLDER`: instead of Postfix the peer is another built checkout of Mailward, such as one of before a change.
 */

import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startMailward } from './peers/mailward.ts'
import type { Peer } from './peers/peer.ts'
import { startPostfix } from './peers/postfix.ts'
import { cpuOf, findProgram, memoryOf, waitForPort } from './processes.ts'

/** port of the sink */
export const SINK = 2699
const SETTLE_MS = 1500

interface Result {
  /** messages a second */
  rate: number
  /** CPU milliseconds a message */
  cpu: number
  /** MB */
  memory: number
}

export interface Load {
  sessions: number
  size: number
  messages: number
}

function run(program: string, args: string[]): Promise<void> {
  const child = spawn(findProgram(program)!, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  return new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}`))))
  })
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** smtp-sink with its running count of messages. */
class Sink {
  private readonly child
  private text = ''

  constructor() {
    this.child = spawn(findProgram('smtp-sink')!, ['-u', 'nobody', '-c', `127.0.0.1:${SINK}`, '1000'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.child.stdout.on('data', (chunk: Buffer) => {
      this.text = (this.text + chunk.toString('latin1')).slice(-400)
    })
  }

  /** Resolves when it has taken this many messages. */
  async has(messages: number): Promise<void> {
    const deadline = Date.now() + 60_000
    for (;;) {
      const counts = [...this.text.matchAll(/mesg=(\d+)/g)].map((match) => Number(match[1]))
      if ((counts.at(-1) ?? 0) >= messages) return
      if (Date.now() > deadline)
        throw new Error(`the sink has ${counts.at(-1) ?? 0} of ${messages} messages after a minute`)
      await sleep(5)
    }
  }

  stop(): void {
    this.child.kill()
  }
}

/** One round: the clock stops when the sink has every message; CPU counts on until the relay is quiet again. */
export async function round(peer: Pick<Peer, 'pid' | 'port'>, load: Load): Promise<Result> {
  const sink = new Sink()
  try {
    await waitForPort(SINK)
    const cpuBefore = cpuOf(peer.pid)
    const began = performance.now()
    await run('smtp-source', [
      ...['-s', String(load.sessions), '-m', String(load.messages), '-l', String(load.size)],
      ...['-f', 'billing@acme.example', '-t', 'tom@kestrel.example', `127.0.0.1:${peer.port}`],
    ])
    await sink.has(load.messages)
    const seconds = (performance.now() - began) / 1000
    // read once, with the clock stopped: reading the maps of a hundred processes would slow them down
    const memory = memoryOf(peer.pid)
    await sleep(SETTLE_MS)
    return { rate: load.messages / seconds, cpu: (cpuOf(peer.pid) - cpuBefore) / load.messages, memory }
  } finally {
    sink.stop()
    await sleep(200)
  }
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}

function medians(results: Result[]): Result {
  const of = (key: keyof Result): number => median(results.map((result) => result[key]))
  return { rate: of('rate'), cpu: of('cpu'), memory: Math.max(...results.map((result) => result.memory)) }
}

/**
 * What this load must reach beside Postfix: rate at least, CPU at most. With one session each message has a commit of its
 * own, so only the rate counts there. Another Mailward must be matched within 5 %.
 */
function floor(sessions: number, isMailward: boolean): { rate: number; cpu: number } {
  if (isMailward) return { rate: 0.95, cpu: 1.05 }
  if (sessions < 20) return { rate: 1, cpu: 1 }
  return { rate: sessions >= 100 ? 3 : 2, cpu: 1 / 3 }
}

function report(load: Load, ours: Result, theirs: Result, isMailward: boolean): boolean {
  const rate = ours.rate / theirs.rate
  const cpu = ours.cpu / theirs.cpu
  const wanted = floor(load.sessions, isMailward)
  const ok = rate >= wanted.rate && cpu <= wanted.cpu
  const column = (value: number, digits: number): string => value.toFixed(digits).padStart(9)
  console.log(
    `${String(load.sessions).padStart(8)} ${String(load.size).padStart(7)}` +
      `${column(ours.rate, 0)}${column(theirs.rate, 0)}${column(rate, 2)}` +
      `${column(ours.cpu, 2)}${column(theirs.cpu, 2)}${column(cpu, 2)}` +
      `${column(ours.memory, 0)}${column(theirs.memory, 0)}   ${ok ? 'holds' : 'MISSED'}`,
  )
  return ok
}

function numbers(list: string): number[] {
  return list.split(',').map(Number)
}

/** Runs the relay bench. Returns whether every floor was reached. */
export async function benchRelay(argv: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: argv,
    options: {
      rounds: { type: 'string', default: '3' },
      sessions: { type: 'string', default: '1,20,100' },
      sizes: { type: 'string', default: '4096,32768' },
      messages: { type: 'string', default: '3000' },
      against: { type: 'string' },
    },
  })
  const folder = mkdtempSync(join(tmpdir(), 'mailward-bench-relay-'))
  chmodSync(folder, 0o755)
  const peers: Peer[] = []
  try {
    peers.push(await startMailward(join(folder, 'mailward'), 2625, 2680, SINK))
    peers.push(
      values.against === undefined
        ? await startPostfix(join(folder, 'postfix'), 2626, SINK)
        : await startMailward(join(folder, 'other'), 2626, 2681, SINK, resolve(values.against)),
    )
    const other = peers[1]!.name.padStart(8)
    for (const peer of peers) await round(peer, { sessions: 20, size: 4096, messages: 1000 })
    console.log('                     messages a second        CPU ms a message        peak memory, MB')
    console.log(`sessions   bytes Mailward ${other}    ratio Mailward ${other}    ratio Mailward ${other}`)
    let ok = true
    for (const size of numbers(values.sizes)) {
      for (const sessions of numbers(values.sessions)) {
        const load = {
          sessions,
          size,
          messages: sessions === 1 ? Number(values.messages) / 3 : Number(values.messages),
        }
        const results: Result[][] = [[], []]
        for (let n = 0; n < Number(values.rounds); n++) {
          for (const [i, peer] of peers.entries()) results[i]!.push(await round(peer, load))
        }
        ok = report(load, medians(results[0]!), medians(results[1]!), values.against !== undefined) && ok
      }
    }
    return ok
  } finally {
    for (const peer of peers) await peer.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
