/** The promise of sampling on the running product: restarts and kills in between, replayed and looked at from outside. */

import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { submit } from '../soak/client.ts'
import { type Sink, startSink } from '../support/sink.ts'
import { CommandLine, type Served, serve } from './support.ts'

const commandLine = new CommandLine()
let sink: Sink | undefined

afterEach(async () => {
  await commandLine.remove()
  await sink?.stop()
})

const accounts = ['alpha', 'bravo', 'cedar'] as const
/** messages each account gets acknowledged, in pieces between restarts; `SAMPLING_MESSAGES=6700` for the long run */
const EACH = Number(process.env.SAMPLING_MESSAGES ?? 2200)
const PIECES = 4
const SESSIONS = 4

interface Row {
  sequence: number
  action: string
  facts: { account: number; block: number; stored?: boolean; messages?: number }
}

/** Every draw, out of the audit log, page by page. */
async function draws(): Promise<Row[]> {
  const rows = await commandLine.jsonLines<Row>(['audit', '--action', 'draw', '--limit', '1000'])
  return rows.sort((a, b) => a.sequence - b.sequence)
}

/** Sends until so many more of each account are acknowledged, or the relay is gone. */
async function send(relay: Served, acknowledged: Map<string, number>, goal: number): Promise<void> {
  let number = 0
  const session = async (index: number): Promise<void> => {
    const name = accounts[index]!
    while (
      (acknowledged.get(name) ?? 0) < goal &&
      relay.process.exitCode === null &&
      relay.process.signalCode === null
    ) {
      const tags = Array.from({ length: 50 }, () => `tag-${name}-${goal}-${++number}`)
      const count = (): void => void acknowledged.set(name, (acknowledged.get(name) ?? 0) + 1)
      await submit(relay.port('smtp'), tags, count, {
        from: `billing@${name}.example`,
        localAddress: `127.0.0.${11 + index}`,
      })
    }
  }
  await Promise.all(accounts.flatMap((_, index) => Array.from({ length: SESSIONS }, () => session(index))))
}

test('thousands of messages of three accounts, one of them trusted: one sample a full block for two, none for the third', {
  timeout: 600_000,
}, async () => {
  sink = await startSink()
  let relay = await serve(commandLine)
  const run = async (...words: string[]): Promise<void> => {
    const { status, err } = await commandLine.run(words)
    expect(status, `${words.join(' ')}: ${err}`).toBe(0)
  }
  await run('route', 'set', '*', 'smarthost', `127.0.0.1:${sink.port}`, '--tls', 'none')
  for (const [index, name] of accounts.entries()) {
    await run('account', 'add', name, '--contact', `ops@${name}.example`, '--domain', `${name}.example`)
    await run('credential', 'add', name, '--address', `127.0.0.${11 + index}/32`)
  }
  await run('account', 'trust', 'cedar', 'on', '--reason', 'ten years without a complaint')

  const acknowledged = new Map<string, number>()
  for (let piece = 1; piece <= PIECES; piece++) {
    const isLast = piece === PIECES
    const goal = Math.ceil((EACH * piece) / PIECES)
    const sending = send(relay, acknowledged, goal)
    if (isLast) {
      await sending
      break
    }
    if (piece % 2 === 0) await sending
    // a kill comes in the middle of the sending, a stop after it
    else await new Promise((resolve) => setTimeout(resolve, 700))
    const gone = once(relay.process, 'exit')
    relay.process.kill(piece % 2 === 0 ? 'SIGTERM' : 'SIGKILL')
    await Promise.all([gone, sending])
    relay = await serve(commandLine)
  }
  await send(relay, acknowledged, EACH)

  const samples = await commandLine.jsonLines<{ account: string; block: number; position: number; message: string }>([
    'samples',
    '--limit',
    '1000',
  ])
  const closed = (await draws()).filter(({ action }) => action === 'draw.close')
  for (const [index, name] of accounts.entries()) {
    const blocks = closed.filter(({ facts }) => facts.account === index + 1).map(({ facts }) => facts.block)
    expect(acknowledged.get(name)).toBeGreaterThanOrEqual(EACH)
    expect(blocks.length).toBeGreaterThanOrEqual(Math.floor(EACH / 1000))
    expect(blocks).toEqual(blocks.map((_, block) => block))
    for (const block of blocks) {
      const found = samples.filter((sample) => sample.account === name && sample.block === block)
      expect(found, `${name} block ${block}`).toHaveLength(name === 'cedar' ? 0 : 1)
    }
  }
  expect(samples.filter(({ account }) => account === 'cedar')).toEqual([])

  const verdict = await commandLine.json<{ ok: boolean; blocks: number; stored: number; withheld: number }>([
    'audit',
    'replay-draws',
  ])
  expect(verdict).toMatchObject({ ok: true, blocks: closed.length })
  expect(verdict.withheld).toBe(closed.filter(({ facts }) => facts.account === 3).length)
  expect(verdict.stored + verdict.withheld).toBe(closed.length)
  expect((await commandLine.run(['audit', 'verify'])).status).toBe(0)
  expect(await relay.end('SIGTERM')).toBe(0)
})
