/** Calls about signals on a whole relay: reports, policy with its entries in the audit log, simulation. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SignalView } from '../../src/contract/signals.ts'
import { defaultSignalThresholds } from '../../src/model/signal.ts'
import { Client as SmtpClient } from '../submission/support/client.ts'
import { type Client, startTestRelay, type TestRelay } from './support.ts'

let relay: TestRelay

beforeAll(async () => {
  relay = await startTestRelay()
  await relay.local.accounts.add({ name: 'acme', contact: 'ops@acme.example', domains: ['acme.example'] })
})
afterAll(() => relay.stop())

async function entries(action: string) {
  return (await relay.local.audit.list({ action })).rows
}

test('a person’s report is a signal, with its entry in the audit log', async () => {
  await relay.person('admin')
  const operator = relay.bearer((await relay.person('operator')).token)
  const made = await operator.signals.report({ account: 'acme', note: 'the same letter to five lists' })
  expect(made).toMatchObject({ account: 'acme', kind: 'report', weight: 40, messages: [], times: 1, case: null })
  const reviewer = relay.bearer((await relay.person('reviewer')).token)
  const { signals } = await reviewer.signals.list({ account: 'acme', unassigned: true })
  expect(signals).toEqual<SignalView[]>([made])
  expect(await reviewer.signals.get({ id: made.id })).toEqual(made)
  expect(await entries('signals.report')).toMatchObject([{ reason: 'the same letter to five lists' }])
})

test('a report with an address, or about a message of somebody else, is refused', async () => {
  const { report } = relay.local.signals
  await expect(report({ account: 'acme', note: 'tom@kestrel.example complains' })).rejects.toThrow('no addresses')
  await expect(report({ account: 'acme', note: 'x', message: '00000000000' })).rejects.toThrow('no message 00000000000')
  await expect(report({ account: 'nobody', note: 'x' })).rejects.toThrow('no account nobody')
})

test('thresholds, traps, scoring and the desk are policy: kept, and in the audit log with their reason', async () => {
  const { signals } = relay.local
  expect(await signals.thresholds()).toEqual(defaultSignalThresholds)
  const thresholds = { ...defaultSignalThresholds, recipients: 500 }
  await signals.setThresholds({ ...thresholds, reason: 'newsletters' })
  await signals.setTraps({ addresses: ['Nobody@Trap.example', 'nobody@trap.example'], reason: 'bought domains' })
  await signals.setScoring({ kind: 'rspamd', url: 'http://127.0.0.1:11333/', timeoutMs: 2000, reason: 'installed' })
  await signals.setMailboxDomain({ domains: ['Acme.Example'], reason: 'a second name' })
  await relay.restart()
  const again = relay.local.signals
  expect(await again.thresholds()).toEqual(thresholds)
  expect(await again.traps()).toEqual({ addresses: ['nobody@trap.example'] })
  expect(await again.scoring()).toEqual({ kind: 'rspamd', url: 'http://127.0.0.1:11333', timeoutMs: 2000 })
  expect(await again.desk()).toEqual({
    addresses: ['abuse@relay.test', 'abuse@acme.example'],
    domains: ['acme.example'],
  })
  for (const [action, reason] of [
    ['signals.setThresholds', 'newsletters'],
    ['signals.setTraps', 'bought domains'],
    ['signals.setScoring', 'installed'],
    ['signals.setDesk', 'a second name'],
  ] as const)
    expect(await entries(action), action).toMatchObject([{ reason }])
})

test('samples are not sent to just anywhere', async () => {
  const far = { kind: 'rspamd', url: 'http://203.0.113.9:11333', reason: 'x' } as const
  await expect(relay.local.signals.setScoring(far)).rejects.toThrow('samples are sent there whole')
})

test('what thresholds would have found is told by kind', async () => {
  const { kinds } = await relay.local.signals.simulate(defaultSignalThresholds)
  expect(kinds.map(({ kind, complete, total }) => [kind, complete, total])).toEqual([
    ['complaint', true, 0],
    ['bounces', true, 0],
    ['spam score', true, 0],
    ['volume jump', true, 0],
    ['many recipients', false, 0],
  ])
})

test('over plain HTTP the fixed addresses win over the one of a signal', async () => {
  const { token } = await relay.person('admin')
  const answer = async (path: string) => {
    const response = await fetch(`${relay.url}/api${path}`, { headers: { authorization: `Bearer ${token}` } })
    return { status: response.status, body: await response.json() }
  }
  expect(await answer('/signals/thresholds')).toMatchObject({ status: 200, body: { spamScore: 50 } })
  expect(await answer('/signals/1')).toMatchObject({ status: 200, body: { id: 1, kind: 'report' } })
  expect(await answer('/signals/77')).toMatchObject({ status: 404 })
  expect(await answer('/signals?kind=report&limit=1')).toMatchObject({ status: 200, body: { signals: [{ id: 1 }] } })
})

test('the evidence of a case is listed by its case, whatever else the account has', async () => {
  const { accounts, signals, cases } = relay.local
  await accounts.add({ name: 'bravo', contact: 'ops@bravo.example', domains: ['bravo.example'] })
  const first = await signals.report({ account: 'bravo', note: 'a letter to a list' })
  const second = await signals.report({ account: 'bravo', note: 'another one' })
  const file = await cases.open({ account: 'bravo', reason: 'spam', note: 'lists', signals: [first.id] })
  expect((await signals.list({ case: file.id })).signals).toEqual([{ ...first, case: file.id }])
  expect((await signals.list({ account: 'bravo', unassigned: true })).signals).toEqual([second])
  expect(await signals.list({ case: file.id + 1 })).toEqual({ signals: [], next: null })
})

describe('a signal without an account', () => {
  let reviewer: Client

  /** A stranger's letter to the desk, from a network of its own: nobody can say which message it is about. */
  async function letter(from: string): Promise<SignalView> {
    const { port } = relay.relay.listeners.find(({ kind }) => kind === 'smtp')!
    const known = (await reviewer.signals.list({ unmatched: true })).signals.map(({ id }) => id)
    const client = await SmtpClient.open(port, '127.0.0.1', from)
    await client.expect('250', 'EHLO reporter.example')
    expect(
      await client.submit('Subject: spam\r\n\r\nStop it.\r\n', 'ann@reporter.example', ['abuse@relay.test']),
    ).toMatch(/^250/)
    client.close()
    for (;;) {
      const { signals } = await reviewer.signals.list({ unmatched: true })
      const fresh = signals.find(({ id }) => !known.includes(id))
      if (fresh) return fresh
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  beforeAll(async () => {
    reviewer = relay.bearer((await relay.person('reviewer')).token)
    await relay.local.accounts.add({ name: 'cedar', contact: 'ops@cedar.example', domains: ['cedar.example'] })
  })

  test('is given to an account and a case by hand; a complaint counts for its trust then', async () => {
    const signal = await letter('127.0.1.1')
    expect(signal).toMatchObject({ account: null, kind: 'complaint', case: null, dismissed: false })
    const file = await reviewer.cases.open({ account: 'cedar', reason: 'spam', note: 'letters' })
    const other = await reviewer.cases.open({ account: 'bravo', reason: 'spam', note: 'letters' })
    const give = (to: number) => reviewer.signals.assign({ id: signal.id, account: 'cedar', case: to })
    await expect(give(other.id)).rejects.toThrow('another account')
    expect(await give(file.id)).toMatchObject({ account: 'cedar', case: file.id })
    await expect(give(file.id)).rejects.toThrow('is of account cedar')
    expect((await reviewer.cases.get({ id: file.id })).signals).toBe(1)
    expect((await reviewer.trust.get({ name: 'cedar' })).criteria.complaints).toBe(1)
    expect((await reviewer.signals.list({ unmatched: true })).signals).toEqual([])
    expect(await entries('signals.assign')).toMatchObject([{ object: `signal ${signal.id}` }])
    await expect(reviewer.signals.dismiss({ id: signal.id, reason: 'x' })).rejects.toThrow('evidence in case')
  })

  test('is dismissed with a reason, and counts no more', async () => {
    const signal = await letter('127.0.2.1')
    expect(await reviewer.signals.dismiss({ id: signal.id, reason: 'an advert' })).toMatchObject({ dismissed: true })
    expect((await reviewer.signals.list({ unmatched: true })).signals).toEqual([])
    expect((await reviewer.signals.list({ unassigned: true })).signals.map(({ id }) => id)).not.toContain(signal.id)
    expect((await reviewer.signals.get({ id: signal.id })).account).toBeNull()
    expect(await entries('signals.dismiss')).toMatchObject([{ reason: 'an advert', object: `signal ${signal.id}` }])
    await expect(reviewer.signals.dismiss({ id: signal.id, reason: 'x' })).rejects.toThrow('dismissed already')
    await expect(reviewer.signals.assign({ id: signal.id, account: 'cedar' })).rejects.toThrow('is dismissed')
  })
})
