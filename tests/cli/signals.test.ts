/** Signals on the command line, against a real relay process. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ScoringView, SignalThresholdsView, SignalView, Simulation } from '../../src/contract/signals.ts'
import { Client } from '../submission/support/client.ts'
import { CommandLine, type Served, serve } from './support.ts'

const commandLine = new CommandLine()
const run = (...words: string[]) => commandLine.run(words)
let served: Served

beforeAll(async () => {
  served = await serve(commandLine, '--hostname', 'relay.test')
  await run('account', 'add', 'acme', '--contact', 'ops@acme.example', '--domain', 'acme.example')
})
afterAll(() => commandLine.remove())

test('a report is made, listed and shown', async () => {
  const words = ['signal', 'report', 'acme', '--note', 'the same letter to five lists']
  const made = await commandLine.json<SignalView>(words)
  expect(made).toMatchObject({ account: 'acme', kind: 'report', case: null })
  const listed = await commandLine.jsonLines<SignalView>(['signal', 'list', '--account', 'acme', '--kind', 'report'])
  expect(listed).toEqual([made])
  expect((await run('signal', 'list', '--since', '1d', '--unassigned')).out).toMatch(/acme .*report .*five lists$/m)
  expect((await run('signal', 'show', String(made.id))).out).toMatch(/^summary {3}the same letter to five lists$/m)
  expect(await run('signal', 'show', '77')).toMatchObject({ status: 1, err: expect.stringMatching(/no signal 77/) })
  expect((await run('signal', 'list', '--since', 'soon')).status).toBe(2)
})

test('a stranger’s complaint by mail is listed without an account', async () => {
  const client = await Client.open(served.port('smtp'))
  try {
    await client.expect('250', 'EHLO reporter.example')
    const mail = 'Subject: spam\r\n\r\nStop it.\r\n'
    expect(await client.submit(mail, 'ann@third.example', ['abuse@relay.test'])).toMatch(/^250/)
  } finally {
    client.close()
  }
  await expect
    .poll(() => commandLine.jsonLines<SignalView>(['signal', 'list', '--unmatched']), { timeout: 15_000 })
    .toMatchObject([{ account: null, kind: 'complaint', source: 'letter' }])
})

test('thresholds are changed one by one, with a reason, and tried before', async () => {
  const before = await commandLine.json<SignalThresholdsView>(['signal', 'thresholds'])
  const tried = await commandLine.json<Simulation>(['signal', 'simulate', '--recipients', '10'])
  expect(tried.kinds.map(({ total }) => total)).toEqual([0, 0, 0, 0, 0])
  expect(await run('signal', 'thresholds', '--recipients', '10')).toMatchObject({ status: 2 })
  const words = ['signal', 'thresholds', '--recipients', '10', '--reason', 'no newsletters here']
  expect(await commandLine.json<SignalThresholdsView>(words)).toEqual({ ...before, recipients: 10 })
  expect((await run('signal', 'thresholds')).out).toMatch(/^10 .*recipients stands out$/m)
  expect((await run('signal', 'thresholds', '--recipients', 'many', '--reason', 'x')).status).toBe(2)
})

test('scoring, traps and the desk are set with a reason', async () => {
  const words = ['signal', 'scoring', '--kind', 'rspamd', '--url', 'http://127.0.0.1:11333', '--reason', 'installed']
  expect(await commandLine.json<ScoringView>(words)).toMatchObject({ kind: 'rspamd', timeoutMs: 5000 })
  expect((await run('signal', 'scoring')).out).toBe('rspamd at http://127.0.0.1:11333, within 5000 ms\n')
  const file = join(commandLine.root, 'traps.txt')
  writeFileSync(file, 'nobody@trap.example\n\nother@trap.example\n')
  expect((await run('signal', 'traps', '--file', file, '--reason', 'bought')).status).toBe(0)
  expect((await run('signal', 'traps')).out).toBe('nobody@trap.example\nother@trap.example\n')
  expect(await run('signal', 'traps', '--file', '/no/such', '--reason', 'x')).toMatchObject({ status: 1 })
  expect((await run('signal', 'desk', '--domain', 'acme.example', '--reason', 'x')).out).toBe(
    'abuse@relay.test\nabuse@acme.example\n',
  )
  expect((await run('signal', 'desk', '--none', '--reason', 'x')).out).toBe('abuse@relay.test\n')
})
