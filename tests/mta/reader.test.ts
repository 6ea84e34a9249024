/** Mail of strangers is read in a worker with bounded time and memory: what is too much ends there, and nothing else waits. */

import { afterEach, expect, test } from 'vitest'
import type { ReadingLimits } from '../../src/mta/reading/reader.ts'
import { createReading } from '../../src/relay/reading/reading.ts'

const KB = 1024
const warnings: string[] = []
const log = {
  debug() {},
  info() {},
  error() {},
  warn: ({ fault }: Record<string, unknown>) => void warnings.push(String(fault)),
}

let reader: ReturnType<typeof createReading>
afterEach(async () => {
  await reader.stop()
  warnings.length = 0
})

function start(limits: ReadingLimits): void {
  reader = createReading(log, limits)
}

const letter = (text: string) => Buffer.from(`From: tom@kestrel.example\r\nSubject: my data\r\n\r\n${text}\r\n`)
const lines = letter('> a\r\n'.repeat(20 * KB))

test('a mail is read as it would be here', async () => {
  start({ time: 20_000, memory: 128 })
  expect(await reader.read('letter', { content: letter('Please delete it.') })).toMatchObject({
    ok: true,
    value: { from: 'tom@kestrel.example', subject: 'my data', text: 'Please delete it.' },
  })
  const written = Buffer.from('To: appeal+abc@relay.test\r\n\r\n')
  expect(await reader.read('tokens', { content: written, local: 'appeal' })).toEqual({ ok: true, value: ['abc'] })
})

test('a mail that takes too long says so and is named, those that wait behind it are read', async () => {
  start({ time: 1, memory: 128 })
  expect(await reader.read('letter', { content: lines })).toEqual({ ok: false, problem: 'time' })
  expect(warnings).toEqual(['reading it takes too long'])
  await reader.stop()
  start({ time: 20_000, memory: 128 })
  const [long, short] = await Promise.all([
    reader.read('letter', { content: lines }),
    reader.read('letter', { content: letter('short') }),
  ])
  expect([long.ok, short.ok]).toEqual([true, true])
})

test('a mail that takes too much memory says so, and ends nothing but its worker', async () => {
  // less than the reader itself needs
  start({ time: 60_000, memory: 4 })
  expect(await reader.read('letter', { content: lines })).toEqual({ ok: false, problem: 'memory' })
  expect(warnings).toEqual(['reading it takes too much memory'])
})

test('while a mail is read everything else goes on', async () => {
  start({ time: 20_000, memory: 128 })
  let turns = 0
  const counting = setInterval(() => turns++, 1)
  await reader.read('letter', { content: letter('warm up') })
  turns = 0
  await reader.read('letter', { content: lines })
  clearInterval(counting)
  expect(turns).toBeGreaterThan(3)
})
