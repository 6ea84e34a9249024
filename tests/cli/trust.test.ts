/** Trust, suspension, complaints and samples on the command line, against a real relay process. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AccountView } from '../../src/contract/accounts.ts'
import type { TrustDecision, TrustView } from '../../src/contract/trust.ts'
import { CommandLine, serve } from './support.ts'

const commandLine = new CommandLine()
const run = (...words: string[]) => commandLine.run(words)

beforeAll(async () => {
  await serve(commandLine)
  await commandLine.run(['user', 'add', 'ann@relay.example', '--role', 'admin', '--password-stdin'], 'correct horse\n')
  await run('account', 'add', 'acme', '--contact', 'ops@acme.example', '--domain', 'acme.example')
})
afterAll(() => commandLine.remove())

test('trust is given with a reason, for half a year unless said otherwise', async () => {
  expect(await run('account', 'trust', 'acme', 'on')).toMatchObject({
    status: 2,
    err: expect.stringMatching(/--reason/),
  })
  const on = await commandLine.json<TrustDecision>(['account', 'trust', 'acme', 'on', '--reason', 'known for years'])
  expect(on).toMatchObject({ account: 'acme', decision: 'on', decidedBy: 'local', samples: 'keep' })
  expect(Math.round((Date.parse(on.reviewAt!) - Date.parse(on.decidedAt)) / 86_400_000)).toBe(180)
  const words = ['--reason', 'once more', '--requested-by', 'Tom', '--review', '2000-01-01']
  const past = await run('account', 'trust', 'acme', 'on', ...words)
  expect(past).toMatchObject({ status: 1, err: expect.stringMatching(/review date has passed/) })
  const wrong = await run('account', 'trust', 'acme', 'on', '--reason', 'x', '--review', 'soon')
  expect(wrong).toMatchObject({ status: 2, err: expect.stringMatching(/2027-05-01/) })
})

test('trust is shown with what it rests on', async () => {
  const view = await commandLine.json<TrustView>(['account', 'trust', 'acme'])
  expect(view).toMatchObject({ trusted: true, history: [{ reason: 'known for years' }] })
  const { out } = await run('account', 'trust', 'acme')
  expect(out).toMatch(/^trust {7}on: no samples are stored$/m)
  expect(out).toMatch(/on {2}by local, asked for by the owner of the data folder: known for years$/m)
  expect((await run('account', 'show', 'acme')).out).toMatch(/^trust {5}on/m)
  const idle = await run('account', 'trust', 'acme', '--reason', 'x')
  expect(idle).toMatchObject({ status: 2, err: expect.stringMatching(/say on or off/) })
})

test('trust ends, and what was stored is destroyed when that is said', async () => {
  const { status, out } = await run('account', 'trust', 'acme', 'off', '--reason', 'they left', '--samples', 'destroy')
  expect([status, out]).toEqual([0, expect.stringMatching(/0 samples destroyed$/m)])
  const again = await run('account', 'trust', 'acme', 'off', '--reason', 'they left')
  expect(again).toMatchObject({ status: 1, err: 'mailward: account acme is not trusted: there is no trust to end\n' })
})

test('an account is suspended with a reason, and resumed', async () => {
  expect((await run('account', 'suspend', 'acme')).status).toBe(2)
  const { out } = await run('account', 'suspend', 'acme', '--reason', 'unpaid')
  expect(out).toBe('account acme is suspended: unpaid\n')
  expect((await run('account', 'show', 'acme')).out).toMatch(/^account {3}acme \(suspended: unpaid\)$/m)
  const resumed = await commandLine.json<AccountView>(['account', 'resume', 'acme'])
  expect(resumed).toMatchObject({ status: 'active', statusReason: '' })
  await run('account', 'close', 'acme', '--reason', 'the end')
  expect((await run('account', 'resume', 'acme')).status).toBe(1)
  expect((await run('account', 'resume', 'acme', '--reason', 'a beginning')).status).toBe(0)
})

test('a complaint is entered', async () => {
  expect(await commandLine.json(['account', 'complaint', 'acme', '--note', 'by letter'])).toEqual({ id: 1 })
  expect((await run('account', 'complaint', 'acme', '--note', 'x', '--message', 'zzz')).status).toBe(1)
  expect((await run('account', 'trust', 'acme')).out).toMatch(/^crossed {5}complaints: 1 of 0 messages/m)
})

test('samples are listed', async () => {
  expect(await commandLine.jsonLines(['samples'])).toEqual([])
  expect((await run('samples', '--account', 'acme', '--flagged')).out).toMatch(/^SAMPLE +ACCOUNT +BLOCK/)
  expect((await run('samples', '--limit', '0')).status).toBe(2)
  expect((await run('samples', '--account', 'nobody')).status).toBe(1)
})
