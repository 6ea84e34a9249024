/** The policy over the API: a change from draft to announcement, with evidence from the relay's own log; who data is shared with. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PolicyChange } from '../../src/contract/policy.ts'
import { defaultScoring } from '../../src/model/signal.ts'
import { sharedWith } from '../../src/privacy/policy/sharing.ts'
import { type Sink, startSink } from '../support/sink.ts'
import { type Client, startTestRelay, type TestRelay } from './support.ts'

let relay: TestRelay
let sink: Sink
let admin: Client
let email: string

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
const text = 'We keep the headers of your mail.\n\nNothing else.'
const change = { text, owner: 'Acme Ltd', keepDays: 30, reason: 'less is enough' }

beforeAll(async () => {
  relay = await startTestRelay()
  sink = await startSink()
  const person = await relay.person('admin')
  email = person.email
  admin = relay.bearer(person.token)
})
afterAll(async () => {
  await relay.stop()
  await sink.stop()
})

async function settled(version: number): Promise<PolicyChange> {
  for (;;) {
    const found = await admin.policy.get({ version })
    if (found.notices.every(({ state }) => state !== 'waiting' && state !== 'sending' && state !== 'queued'))
      return found
    await new Promise((wait) => setTimeout(wait, 20))
  }
}

test('there is a first version from the first start on, with the days in force', async () => {
  const [first] = await admin.policy.versions()
  expect(first).toMatchObject({
    version: 1,
    state: 'in force',
    owner: 'relay.test',
    keepDays: 70,
    preparedBy: 'system',
  })
  expect(first!.text).toMatch(/never more than 70/)
  const { rows } = await admin.audit.list({ action: 'policy' })
  expect(rows).toMatchObject([{ action: 'policy.begin', facts: { version: 1, keepDays: 70 } }])
  await relay.restart()
  admin = relay.bearer((await relay.person('admin')).token)
  expect(await admin.policy.versions()).toHaveLength(1)
})

test('days are set directly as long as nobody has to be told, and are a version of the policy then', async () => {
  await admin.retention.setDays({ days: 60, reason: 'a start' })
  await admin.retention.setDays({ days: 70, reason: 'nobody is here yet' })
  const versions = await admin.policy.versions()
  expect(versions.map(({ version, state, keepDays }) => ({ version, state, keepDays }))).toEqual([
    { version: 3, state: 'in force', keepDays: 70 },
    { version: 2, state: 'replaced', keepDays: 60 },
    { version: 1, state: 'replaced', keepDays: 70 },
  ])
  expect((await admin.policy.get({ version: 2 })).diff.filter(({ kind }) => kind === 'in')).toEqual([
    { kind: 'in', text: 'Header records and samples are kept: 60 days' },
  ])
})

test('with accounts, longer days need a change of the policy; shorter ones do not', async () => {
  for (const name of ['acme', 'bravo'])
    await admin.accounts.add({ name, contact: `ops@${name}.example`, domains: [`${name}.example`] })
  await admin.retention.setDays({ days: 65, reason: 'less' })
  await expect(admin.retention.setDays({ days: 70, reason: 'more' })).rejects.toMatchObject({
    code: 'REFUSED',
    data: { change: 'prepare a change of the policy' },
  })
  expect((await admin.retention.overview()).policy.days).toBe(65)
})

test('a change is prepared with its diff and its effect, and announced at least a day ahead', async () => {
  const draft = await admin.policy.prepare(change)
  const { version } = draft
  expect(draft).toMatchObject({ state: 'draft', keepDays: 30, reason: 'less is enough', notices: [] })
  expect(draft.diff).toContainEqual({ kind: 'in', text: 'Responsible for the service: Acme Ltd' })
  expect(draft.effects).toEqual([
    'Header records and samples are kept 30 days instead of 65.',
    'Nothing would be destroyed if it took effect now: no record is as old as that.',
    'Responsible for the service is Acme Ltd instead of relay.test.',
    expect.stringMatching(/^\d+ lines go, \d+ are new\.$/),
    '2 accounts are told by mail to their contacts.',
  ])
  await expect(admin.policy.prepare(change)).rejects.toMatchObject({ code: 'CONFLICT', message: /draft already/ })
  await admin.policy.revise({ version, ...change, owner: 'Acme Relays Ltd' })
  const preview = await admin.policy.previewNotice({ version, effectiveAt: inDays(2) })
  expect(preview.recipients).toEqual(['ops@acme.example', 'ops@bravo.example'])
  expect(preview.text).toContain('+ Responsible for the service: Acme Relays Ltd')
  await expect(admin.policy.announce({ version, effectiveAt: inDays(0.9) })).rejects.toMatchObject({
    code: 'REFUSED',
    message: 'accounts are told at least 24 hours before a change takes effect',
  })
  expect((await admin.policy.get({ version })).state).toBe('draft')
})

test('an announced change has evidence of each letter from the log, and one withdrawn tells those who were told', async () => {
  await admin.routes.set({ domain: '*', route: { kind: 'smarthost', host: '127.0.0.1', port: sink.port, tls: 'none' } })
  const { version } = (await admin.policy.versions())[0]!
  const effectiveAt = inDays(2)
  expect(await admin.policy.announce({ version, effectiveAt })).toMatchObject({ state: 'announced', effectiveAt })
  const announced = await settled(version)
  expect(announced.notices).toMatchObject([
    {
      account: 'acme',
      about: 'change',
      to: 'ops@acme.example',
      state: 'delivered',
      reply: expect.stringMatching(/^250 /),
    },
    { account: 'bravo', about: 'change', to: 'ops@bravo.example', state: 'delivered' },
  ])
  const letter = sink.messages[0]!.data.toString()
  expect(letter).toMatch(/^Subject: The policy of relay\.test changes on \d{4}-\d\d-\d\d\r$/m)
  expect(letter).toContain('- Header records and samples are kept: 65 days\r\n')
  const message = await admin.messages.get({ id: announced.notices[0]!.message! })
  expect(message).toMatchObject({ account: 'acme', from: '', to: ['ops@acme.example'] })
  expect((await admin.retention.overview()).policy.days).toBe(65)

  await admin.policy.withdraw({ version, reason: 'not yet' })
  const withdrawn = await settled(version)
  expect(withdrawn.notices.map(({ account, about }) => `${account} ${about}`)).toEqual([
    'acme change',
    'acme withdrawal',
    'bravo change',
    'bravo withdrawal',
  ])
  expect(sink.messages).toHaveLength(4)
  expect(sink.messages[2]!.data.toString()).toContain('Subject: The policy of relay.test does not change\r\n')
})

test('each act on the policy is in the audit log', async () => {
  const { rows } = await admin.audit.list({ action: 'policy', limit: 100 })
  expect(rows.map(({ action }) => action).toReversed()).toEqual([
    'policy.begin',
    'policy.prepare',
    'policy.revise',
    'policy.announce',
    'policy.withdraw',
  ])
  expect(rows[0]).toMatchObject({ object: 'policy version 5', reason: 'not yet', facts: { version: 5, keepDays: 30 } })
  expect(rows.at(-1)!.actor).toBe('system')
  expect(email).toContain('@')
})

test('who data is shared with follows from the settings in force', async () => {
  expect(await admin.policy.sharing()).toMatchObject([
    { who: `127.0.0.1:${sink.port}`, as: 'next hop for mail to every other domain', where: 'this machine' },
  ])
  const shared = sharedWith({
    routes: [
      {
        domain: 'kestrel.example',
        route: { kind: 'smarthost', host: 'relay.kestrel.example', port: 25, tls: 'require' },
      },
      { domain: 'nowhere.example', route: { kind: 'reject' } },
      { domain: '*', route: { kind: 'mx', tls: 'opportunistic' } },
    ],
    scoring: { ...defaultScoring, kind: 'rspamd', url: 'https://rspamd.acme.example:11333' },
    backups: ['/srv/backup', '/srv/backup'],
    checkpoints: '/mnt/checkpoints',
  })
  expect(shared.map(({ who, where }) => [who, where])).toEqual([
    ['relay.kestrel.example:25', 'elsewhere'],
    ['the mail servers of recipients', 'elsewhere'],
    ['rspamd at rspamd.acme.example:11333', 'elsewhere'],
    ['/srv/backup', 'this machine'],
    ['/mnt/checkpoints', 'this machine'],
  ])
  expect(sharedWith({ routes: [], scoring: defaultScoring, backups: [], checkpoints: undefined })).toEqual([])
})
