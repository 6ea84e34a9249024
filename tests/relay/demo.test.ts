import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Demo, startDemo } from '../../src/demo/demo.ts'
import { createLog } from '../../src/relay/host/logging.ts'
import { openFolder } from '../../src/relay/keys/logKey.ts'
import { clientOver } from './support.ts'

let root: string
let demo: Demo | undefined

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mailward-demo-'))
})
afterEach(async () => {
  await demo?.stop()
  rmSync(root, { recursive: true, force: true })
})

const machine = { platform: 'linux', environment: {}, home: '/', hostname: 'demo.test', workingFolder: '/' }

async function start(folder = root): Promise<number> {
  let filled = 0
  demo = await startDemo({ folder, machine, log: createLog('silent'), onFilled: (messages) => (filled = messages) })
  return filled
}

function place(folder: string) {
  return { folder: join(folder, 'data'), keyFolder: folder, keyFile: join(folder, 'log.key') }
}

test('the demo shows seventy days of mail of its customers, goes on receiving, and says that it is a demo', async () => {
  expect(await start()).toBeGreaterThan(1500)
  const { console, session, email, password } = demo!
  const client = clientOver(console, { authorization: `Bearer ${session}` })
  expect((await client.accounts.list()).map(({ name }) => name)).toEqual(['acme', 'fennel', 'northbay', 'quill'])
  expect(await client.status.get()).toMatchObject({ demo: true, retention: { overdue: 0 } })
  const old = await client.messages.list({ filter: { until: new Date(Date.now() - 69 * 86_400_000).toISOString() } })
  expect(old.items.length).toBeGreaterThan(3)
  const statuses = new Set<string>()
  for (const status of ['delivered', 'failed', 'held', 'expired'] as const) {
    if ((await client.messages.list({ filter: { status }, limit: 1 })).items.length > 0) statuses.add(status)
  }
  expect(statuses).toEqual(new Set(['delivered', 'failed', 'held', 'expired']))
  await expect
    .poll(
      async () =>
        (await client.messages.list({ filter: { since: new Date(Date.now() - 60_000).toISOString() } })).items,
      {
        timeout: 20_000,
      },
    )
    .not.toEqual([])
  expect((await clientOver(console, {}).session.login({ email, password })).person.role).toBe('admin')
})

test('the demo shows trust, its end, complaints, a suspension and samples', async () => {
  await start()
  const client = clientOver(demo!.console, { authorization: `Bearer ${demo!.session}` })
  const [northbay, fennel, quill] = await Promise.all(
    ['northbay', 'fennel', 'quill'].map((name) => client.trust.get({ name })),
  )
  expect(northbay).toMatchObject({ trusted: true, reviewDue: true })
  expect(fennel).toMatchObject({ trusted: true, reviewDue: false, crossed: [] })
  expect(quill!.history.map(({ decision, decidedBy }) => [decision, decidedBy])).toEqual([
    ['off', 'system'],
    ['on', demo!.email],
  ])
  expect(quill!.crossed.length).toBeGreaterThan(0)
  expect(await client.trust.complaints({ name: 'quill' })).toHaveLength(3)
  expect(await client.accounts.get({ name: 'quill' })).toMatchObject({ status: 'suspended' })
  const { samples } = await client.samples.list({})
  expect(samples.length).toBeGreaterThan(0)
  // one that was drawn before is kept to its day
  const ofFennel = samples.filter(({ account }) => account === 'fennel').map(({ acceptedAt }) => acceptedAt)
  const { decidedAt } = fennel!.history.at(-1)!
  expect(ofFennel.filter((acceptedAt) => acceptedAt > decidedAt)).toEqual([])
  expect((await client.audit.verify({})).findings).toEqual([])
  expect((await client.audit.replayDraws()).findings).toEqual([])
})

test('the demo’s review desk has a case to work on, one decided, a suggestion, and a signal without an account', async () => {
  await start()
  const client = clientOver(demo!.console, { authorization: `Bearer ${demo!.session}` })
  const { cases } = await client.cases.list({})
  expect(cases.map(({ account, status, verdict }) => [account, status, verdict])).toEqual([
    ['quill', 'decided', 'breach'],
    ['acme', 'open', null],
  ])
  const files = await Promise.all(cases.map(({ id }) => client.cases.get({ id })))
  expect(files[0]).toMatchObject({ actions: [{ kind: 'suspend' }] })
  expect(files[1]!.suspicion).toBeGreaterThanOrEqual(files[1]!.threshold)
  const evidence = await client.signals.list({ case: cases[0]!.id })
  expect(evidence.signals.flatMap(({ messages }) => messages).length).toBeGreaterThan(0)
  expect((await client.signals.list({ account: 'northbay', unassigned: true })).signals.length).toBeGreaterThan(1)
  expect((await client.signals.list({ unmatched: true })).signals).toHaveLength(1)
  expect((await client.audit.verify({})).findings).toEqual([])
})

test('a second start finds its customers, person and mail again', async () => {
  const first = await start()
  const { password } = demo!
  await demo!.stop()
  expect(await start()).toBeLessThan(first / 10)
  expect(demo!.password).toBe(password)
})

test('demo data and real mail are never opened as each other', async () => {
  await openFolder(place(root), Date.now(), true)
  expect(JSON.parse(readFileSync(join(root, 'data/folder.json'), 'utf8'))).toMatchObject({ demo: true })
  await expect(openFolder(place(root), Date.now())).rejects.toThrow(/holds demo data: choose another folder/)
  const real = join(root, 'real')
  await openFolder(place(real), Date.now())
  await expect(start(real)).rejects.toThrow(/holds real mail, not demo data/)
})
