/**
 * `npm run soak [-- --rounds 200 --sessions 10 --seed N]`: kills the relay (SIGKILL) at a random moment, over and over,
 * while mail comes in and goes out; then counts. Every acknowledged message must have reached the sink; a message that
 * reached it more than once must be listed as in doubt. Exits 1 otherwise.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { openStore } from '../../src/store/index.ts'
import type { Store } from '../../src/store/store.ts'
import { startSink } from '../support/sink.ts'
import { submit } from './client.ts'

const command = fileURLToPath(new URL('../../resources/bin/mailward.mjs', import.meta.url))
const LONGEST_ROUND_MS = 1500
const DRAIN_MS = 180_000

interface Relay {
  process: ChildProcess
  port: number
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

class Soak {
  readonly folder = mkdtempSync(join(tmpdir(), 'mailward-soak-'))
  private readonly environment = { ...process.env, HOME: this.folder, XDG_CONFIG_HOME: join(this.folder, 'config') }
  /** tags of messages that got their 250 */
  readonly acknowledged = new Set<string>()
  private number = 0

  async startRelay(port: number): Promise<Relay> {
    const listen = ['--smtp', `127.0.0.1:${port}`, '--smtps', 'none', '--console', 'none']
    const child = spawn(
      process.execPath,
      [command, 'serve', '--data', join(this.folder, 'data'), ...listen, '--log', 'error'],
      {
        env: this.environment,
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    )
    await this.answers(child, port)
    return { process: child, port }
  }

  private async answers(child: ChildProcess, port: number): Promise<void> {
    const { connect } = await import('node:net')
    for (;;) {
      if (child.exitCode !== null) throw new Error(`the relay ended with ${child.exitCode} at its start`)
      const socket = connect(port, '127.0.0.1')
      const open = await new Promise<boolean>((resolve) => {
        socket.once('connect', () => resolve(true))
        socket.once('error', () => resolve(false))
      })
      socket.destroy()
      if (open) return
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  async run(...words: string[]): Promise<void> {
    const child = spawn(process.execPath, [command, ...words, '--data', join(this.folder, 'data')], {
      env: this.environment,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const [code] = await once(child, 'exit')
    if (code !== 0) throw new Error(`mailward ${words.join(' ')} ended with ${code}`)
  }

  /** Sends as fast as it can on one session after another until the relay is gone. */
  async sendUntilGone(relay: Relay, session: number): Promise<void> {
    while (relay.process.exitCode === null && relay.process.signalCode === null) {
      const tags = Array.from({ length: 5 }, () => `soak-${session}-${++this.number}-end`)
      await submit(relay.port, tags, (tag) => this.acknowledged.add(tag))
    }
  }

  /** The store of the data folder, after the relay has stopped. */
  openStore(): Promise<Store> {
    const keys = join(this.folder, 'config', 'mailward')
    const file = readdirSync(keys).find((name) => name.endsWith('.key'))!
    const logKey = Buffer.from(readFileSync(join(keys, file), 'utf8').trim(), 'hex')
    return openStore({ folder: join(this.folder, 'data'), logKey, now: Date.now })
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

function tagOf(data: Buffer): string {
  return /^X-Tag: (.*)\r$/m.exec(data.toString('latin1'))?.[1] ?? ''
}

/** A small fast generator, so that a seed gives the same moments again. */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 4294967296
  }
}

async function drained(store: () => Promise<number>): Promise<number> {
  const end = Date.now() + DRAIN_MS
  for (;;) {
    const left = await store()
    if (left === 0 || Date.now() > end) return left
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

async function inDoubtTags(store: Store): Promise<Set<string>> {
  const tags = new Set<string>()
  let cursor: string | undefined
  do {
    const page = await store.log.search({ inDoubt: true }, 1000, cursor, 60_000)
    for (const row of page.rows) tags.add(row.subject)
    cursor = page.next
  } while (cursor)
  return tags
}

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '200' },
      sessions: { type: 'string', default: '10' },
      seed: { type: 'string', default: String(Date.now() % 1e6) },
    },
  })
  const rounds = Number(values.rounds)
  const random = generator(Number(values.seed))
  console.log(`soak: ${rounds} rounds, ${values.sessions} sessions, seed ${values.seed}`)
  const soak = new Soak()
  const arrived = new Map<string, number>()
  const sink = await startSink({
    onStored: (message) => arrived.set(tagOf(message.data), (arrived.get(tagOf(message.data)) ?? 0) + 1),
  })
  const port = await freePort()
  try {
    let relay = await soak.startRelay(port)
    await soak.run('account', 'add', 'acme', '--contact', 'ops@acme.example', '--domain', 'acme.example')
    await soak.run('credential', 'add', 'acme', '--address', '127.0.0.0/8')
    await soak.run('route', 'set', '*', 'smarthost', `127.0.0.1:${sink.port}`, '--tls', 'none')
    for (let round = 1; round <= rounds; round++) {
      const senders = Array.from({ length: Number(values.sessions) }, (_, session) =>
        soak.sendUntilGone(relay, session),
      )
      await new Promise((resolve) => setTimeout(resolve, random() * LONGEST_ROUND_MS))
      const exited = once(relay.process, 'exit')
      relay.process.kill('SIGKILL')
      await exited
      await Promise.all(senders)
      relay = await soak.startRelay(port)
      if (round % 10 === 0)
        console.log(`round ${round}: ${soak.acknowledged.size} acknowledged, ${arrived.size} arrived`)
    }
    const missing = await drained(async () => [...soak.acknowledged].filter((tag) => !arrived.has(tag)).length)
    await new Promise((resolve) => setTimeout(resolve, 2000))
    const exited = once(relay.process, 'exit')
    relay.process.kill('SIGTERM')
    await exited
    return await judge(soak, arrived, missing)
  } finally {
    await sink.stop()
    soak.remove()
  }
}

async function judge(soak: Soak, arrived: Map<string, number>, missing: number): Promise<boolean> {
  const store = await soak.openStore()
  const doubtful = await inDoubtTags(store)
  const { queued, sending, deferred, held } = await store.queue.counts()
  await store.stop()
  const twice = [...arrived].filter(([, times]) => times > 1).map(([tag]) => tag)
  const unlisted = twice.filter((tag) => !doubtful.has(tag))
  const unacknowledged = [...arrived.keys()].filter((tag) => !soak.acknowledged.has(tag)).length
  console.log(`acknowledged ${soak.acknowledged.size}, lost ${missing}`)
  console.log(`delivered more than once ${twice.length}, of these not listed as in doubt ${unlisted.length}`)
  console.log(`listed as in doubt ${doubtful.size}; delivered though the client never saw its 250: ${unacknowledged}`)
  console.log(`left in the queue: ${queued + sending + deferred + held}`)
  const ok = missing === 0 && unlisted.length === 0 && soak.acknowledged.size > 0
  console.log(ok ? 'soak: nothing lost, every duplicate accounted for' : 'soak: FAILED')
  return ok
}

process.exit((await main()) ? 0 : 1)
