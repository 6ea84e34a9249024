/**
 * A change of the policy from 70 to 30 days in a whole relay under libfaketime: drafted, announced by mail, evidenced by the
 * relay's own log, in force on its date, and nothing older left the next day.
 */

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PolicyChange, PolicyVersionView } from '../../src/contract/policy.ts'
import type { ReceiptView, RetentionOverview } from '../../src/contract/retention.ts'
import { DAY_MS } from '../../src/model/retention.ts'
import { CommandLine, type Served, serve, submitTo } from '../cli/support.ts'
import { daysAhead, noFaketime } from '../support/faketime.ts'
import { type Sink, startSink } from '../support/sink.ts'

const commandLine = new CommandLine()
let sink: Sink

/** Starts the relay so many days ahead; commands that follow have no part in that. */
async function start(days: number): Promise<Served> {
  commandLine.environment = days === 0 ? {} : daysAhead(days)
  const served = await serve(commandLine)
  commandLine.environment = {}
  return served
}

async function send(served: Served, subject: string): Promise<void> {
  await submitTo(served, 'tom@kestrel.example', subject)
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((wait) => setTimeout(wait, 200))
}

const archived = async () => {
  const { queue } = await commandLine.json<{ queue: { queued: number; sending: number } }>(['status'])
  return queue.queued + queue.sending === 0
}
const subjects = async () =>
  (await commandLine.jsonLines<{ subject: string }>(['messages', '--from', 'ann@acme.example'])).map(
    ({ subject }) => subject,
  )
const version = (number: number) => commandLine.json<PolicyChange>(['policy', 'show', String(number)])
const at = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString()

beforeAll(async () => {
  sink = await startSink()
})
afterAll(async () => {
  await commandLine.remove()
  await sink.stop()
})

test.skipIf(noFaketime !== undefined)(
  'from 70 to 30 days: told with evidence, in force on its date, and nothing older left the next day (needs faketime)',
  async () => {
    let served = await start(0)
    for (const name of ['acme', 'bravo'])
      await commandLine.json([
        'account',
        'add',
        name,
        '--contact',
        `ops@${name}.example`,
        '--domain',
        `${name}.example`,
      ])
    await commandLine.json(['credential', 'add', 'acme', '--password-stdin'], 'secret secret')
    await commandLine.json(['route', 'set', '*', 'smarthost', `127.0.0.1:${sink.port}`, '--tls', 'none'])
    await send(served, 'old')
    await until(archived)
    await served.end('SIGTERM')

    // forty days later: simulated, mailed, evidenced
    served = await start(40)
    await send(served, 'young')
    await until(archived)
    const words = ['--days', '30', '--reason', 'less is enough']
    const draft = await commandLine.json<PolicyChange>(['policy', 'prepare', ...words])
    expect(draft).toMatchObject({ version: 2, state: 'draft', keepDays: 30 })
    expect(draft.effects).toEqual(
      expect.arrayContaining([
        'Header records and samples are kept 30 days instead of 70.',
        '1 header record and 0 samples of 1 day would be destroyed if it took effect now.',
        '2 accounts are told by mail to their contacts.',
      ]),
    )
    const soon = await commandLine.run(['policy', 'announce', '2', '--effective', at(40.5)])
    expect(soon).toMatchObject({ status: 1, err: expect.stringMatching(/at least 24 hours/) })
    await commandLine.json(['policy', 'announce', '2', '--effective', at(42)])
    await until(async () => (await version(2)).notices.every(({ state }) => state === 'delivered'))
    const { notices } = await version(2)
    expect(notices.map(({ account, to }) => [account, to])).toEqual([
      ['acme', 'ops@acme.example'],
      ['bravo', 'ops@bravo.example'],
    ])
    for (const { reply, at: told } of notices) {
      expect(reply).toMatch(/^250 /)
      expect(Date.parse(told!)).toBeGreaterThan(Date.parse(at(39)))
    }
    const letters = sink.messages.filter(({ from }) => from === '')
    expect(letters).toHaveLength(2)
    const letter = letters[0]!.data.toString().replaceAll('\r\n', ' ')
    expect(letter).toContain('Header records and samples will be kept 30 days instead of 70. What is older')
    await served.end('SIGTERM')

    // before its date nothing has changed
    served = await start(41)
    expect(await subjects()).toEqual(['young', 'old'])
    expect((await version(2)).state).toBe('announced')
    await served.end('SIGTERM')

    // on its date it is in force, and the next day nothing older is left
    served = await start(43)
    const versions = await commandLine.jsonLines<PolicyVersionView>(['policy', 'list'])
    expect(versions.map(({ state, keepDays }) => [state, keepDays])).toEqual([
      ['in force', 30],
      ['replaced', 70],
    ])
    expect(await subjects()).toEqual(['young'])
    const overview = await commandLine.json<RetentionOverview>(['retention'])
    expect(overview).toMatchObject({ policy: { days: 30 }, overdue: 0, alarms: [] })
    expect(overview.checks.filter(({ state }) => state === 'broken')).toEqual([])
    const receipts = await commandLine.jsonLines<ReceiptView>(['receipts'])
    expect(receipts).toMatchObject([{ kind: 'retention', headers: 1, valid: true }])
    const verdict = await commandLine.json<{ ok: boolean }>(['audit', 'verify'])
    expect(verdict.ok).toBe(true)
    await served.end('SIGTERM')

    // the evidence outlives the log: the letters themselves are gone by then
    served = await start(80)
    expect(await commandLine.jsonLines(['messages'])).toEqual([])
    for (const notice of (await version(2)).notices)
      expect(notice).toMatchObject({ state: 'delivered', reply: expect.stringMatching(/^250 /) })
    await served.end('SIGTERM')
  },
  180_000,
)
