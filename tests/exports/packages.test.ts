/** Packages from the records to the file a person opens. */

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Bench, builder, download, local, openBench, opened, second, work } from './support.ts'
import { unzip } from './unzip.ts'

const time = Date.UTC(2026, 10, 23, 12)
const tom = 'tom@kestrel.example'
const DAY_MS = 86_400_000

let bench: Bench
beforeEach(async () => {
  bench = await openBench(time)
})
afterEach(() => bench.close())

async function built(scope = { address: tom as string | undefined, account: undefined as number | undefined }) {
  return (await bench.dataExports.build({ id: 7, kind: 'access', scope }, builder, work))!
}

async function asksForReview(): Promise<void> {
  const policy = { reviewPackages: true, packageDays: 14, acknowledge: true, keepDays: 1095 }
  await bench.fixture.store.settings.set('requests.policy', policy)
}

test('a person gets a ZIP that opens with its passphrase, and with no other', async () => {
  const { fixture, dataExports } = bench
  const id = await fixture.deliver({ to: [tom], subject: 'Your parcel' })
  await fixture.deliver({ to: ['ann@heron.example'], subject: 'Not for Tom' })
  const view = await built()
  expect(view).toMatchObject({ records: 1, needsReview: false, builtBy: builder.email, downloads: 0, available: true })

  const handed = await dataExports.handOver(view.id, 24, builder)
  if (!handed.ok) throw new Error(handed.refusal)
  const zip = (await download(dataExports, handed.path))!
  const files = unzip(zip, handed.passphrase)
  const name = [...files.keys()].find((one) => one.startsWith('headers/'))!
  expect([...files.keys()].sort()).toEqual(['README.txt', name, 'records.csv', 'records.json', 'report.html'].sort())
  expect(files.get(name)).toBe(`From: billing@acme.example\r\nTo: ${tom}\r\nSubject: Your parcel\r\n\r\n`)
  const { records } = JSON.parse(files.get('records.json')!) as { records: { subject: string; to: string[] }[] }
  expect(records).toEqual([
    expect.objectContaining({ subject: 'Your parcel', to: [tom], from: 'billing@acme.example' }),
  ])
  expect(files.get('report.html')).toContain('Data held about tom@kestrel.example')
  for (const text of files.values()) expect(text).not.toContain('ann@heron.example')
  expect(() => unzip(zip, `${handed.passphrase.slice(0, -1)}!`)).toThrow('wrong passphrase')
  expect(id).toBeGreaterThan(0)
})

test('what lies in the data folder says nothing without its key', async () => {
  const { fixture, dataExports } = bench
  await fixture.deliver({ to: [tom], subject: 'CANARY' })
  const view = await built()
  await dataExports.handOver(view.id, 24, builder)
  expect(bench.files()).toHaveLength(2)
  for (const file of bench.files())
    expect(readFileSync(join(fixture.folder, 'packages', file)).toString('latin1')).not.toMatch(
      /CANARY|kestrel|report\.html/,
    )
})

test('an account holder gets its own log with whom it wrote to, and its account', async () => {
  await bench.fixture.deliver({ to: [tom, 'ann@heron.example'] })
  await bench.fixture.store.directory.addCredential({
    ...{
      account: 1,
      kind: 'password',
      name: 'mailer',
      secret: 'SECRET-HASH',
      status: 'allowed',
      hourlyLimit: undefined,
    },
  })
  const files = await opened(bench.dataExports, { address: undefined, account: 1 })
  expect(files.get('records.csv')).toContain(`${tom}; ann@heron.example`)
  expect(JSON.parse(files.get('account.json')!)).toMatchObject({ name: 'acme', credentials: [{ name: 'mailer' }] })
  for (const text of files.values()) expect(text).not.toContain('SECRET-HASH')
})

test('a package with nothing in it says so', async () => {
  const files = await opened(bench.dataExports, { address: 'nobody@nowhere.example', account: undefined })
  expect(files.get('report.html')).toContain('There are none.')
  expect(JSON.parse(files.get('records.json')!)).toMatchObject({ records: [] })
})

test('what a stranger wrote neither runs in a browser nor in a spreadsheet', async () => {
  const subject = '<img src=x onerror=alert(1)>\u202e"'
  await bench.fixture.deliver({ to: [tom], subject })
  await bench.fixture.deliver({ to: [tom], subject: '=HYPERLINK("http://evil.example","x")' })
  const files = await opened(bench.dataExports, { address: tom, account: undefined })
  const html = files.get('report.html')!
  expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;\ufffd&quot;')
  expect(html).not.toMatch(/<img|<script|<link|src="?http/)
  expect(files.get('records.csv')).toContain(`"'=HYPERLINK(""http://evil.example"",""x"")"`)
})

test('progress is told, and a cancelled build leaves nothing', async () => {
  for (let i = 0; i < 5; i++) await bench.fixture.deliver({ to: [tom] })
  const told: [number, number][] = []
  const scope = { address: tom, account: undefined }
  await bench.dataExports.build({ id: 7, kind: 'access', scope }, builder, {
    ...work,
    progress: (...how) => told.push(how),
  })
  expect(told).toEqual([[5, 5]])
  const before = bench.files()
  const cancelled = await bench.dataExports.build({ id: 7, kind: 'access', scope }, builder, {
    ...work,
    isCancelled: () => true,
  })
  expect(cancelled).toBeUndefined()
  expect(bench.files()).toEqual(before)
})

describe('a second person', () => {
  test('reads the report before releasing it, and that is written down', async () => {
    const { fixture, dataExports } = bench
    await fixture.deliver({ to: [tom, 'ann@heron.example'], subject: 'Your parcel' })
    await asksForReview()
    const { id } = await built()
    const read = await dataExports.read(id, second)
    if (!read.ok) throw new Error(read.refusal)
    expect(read).toMatchObject({ records: 1, shown: 1 })
    expect(read.html).toContain('Your parcel')
    // what cannot be followed is no link
    expect(read.html).not.toMatch(/heron|href/)
    const { rows } = await fixture.store.audit.list({}, 1, undefined)
    expect(rows).toMatchObject([{ action: 'requests.readPackage', actor: second.email, object: 'request 7' }])
    await dataExports.destroy(id, builder)
    expect(await dataExports.read(id, second)).toEqual({ ok: false, refusal: 'gone' })
  })

  test('is needed where policy says so, and is nobody who built it', async () => {
    await asksForReview()
    const { id, needsReview } = await built()
    expect(needsReview).toBe(true)
    expect(await bench.dataExports.handOver(id, 1, builder)).toEqual({ ok: false, refusal: 'not reviewed' })
    expect(await bench.dataExports.review(id, '', builder)).toEqual({ ok: false, refusal: 'own work' })
    expect(await bench.dataExports.review(id, '', local)).toEqual({ ok: false, refusal: 'nobody' })
    expect(await bench.dataExports.review(id, 'read', second)).toMatchObject({
      ok: true,
      view: { needsReview: false, reviewedBy: second.email },
    })
    expect(await bench.dataExports.handOver(id, 1, builder)).toMatchObject({ ok: true })
  })

  test('is one: of two reviews at once one wins', async () => {
    await asksForReview()
    const { id } = await built()
    const third = { id: 3, email: 'omar@mailward.example' }
    const results = await Promise.all([second, third].map((who) => bench.dataExports.review(id, '', who)))
    expect(results.map(({ ok }) => ok).toSorted((a, b) => Number(a) - Number(b))).toEqual([false, true])
  })

  test('is asked for in the store too, whoever calls it', async () => {
    await asksForReview()
    const { id } = await built()
    const file = { file: 'x.pkg', key: new Uint8Array(32), bytes: 1, sha256: '', linkHash: 'x', linkExpires: time + 1 }
    const result = await bench.fixture.store.dataExports.handOver(id, file, builder, time)
    expect(result).toEqual({ ok: false, refusal: 'not reviewed' })
  })
})

describe('a link', () => {
  async function linked(hours = 1): Promise<{ id: number; path: string }> {
    const { id } = await built()
    const handed = await bench.dataExports.handOver(id, hours, builder)
    if (!handed.ok) throw new Error(handed.refusal)
    return { id, path: handed.path }
  }

  test('is good for ten downloads, and each is counted', async () => {
    const { path } = await linked()
    for (let i = 0; i < 10; i++) expect(await download(bench.dataExports, path)).toBeDefined()
    expect(await download(bench.dataExports, path)).toBeUndefined()
    expect(await bench.dataExports.list(7)).toMatchObject([{ downloads: 10 }])
  })

  test('ends when its time is over, and the package stays', async () => {
    const { path } = await linked(2)
    bench.fixture.time += 2 * 3_600_000
    expect(await download(bench.dataExports, path)).toBeUndefined()
    await bench.dataExports.sweep()
    expect(bench.files()).toHaveLength(1)
    expect(await bench.dataExports.list(7)).toMatchObject([{ available: true }])
  })

  test('ends when there is a newer one', async () => {
    const { id, path } = await linked()
    await bench.dataExports.handOver(id, 1, builder)
    expect(await download(bench.dataExports, path)).toBeUndefined()
    expect(bench.files()).toHaveLength(2)
  })

  test('cannot be guessed from what the store keeps, and the audit log names no person', async () => {
    const { path } = await linked()
    await download(bench.dataExports, path)
    const { rows } = await bench.fixture.store.audit.list({}, 100, undefined)
    const actions = rows.map(({ action }) => action)
    expect(actions.slice(0, 3)).toEqual(['requests.downloadPackage', 'requests.handOver', 'requests.buildPackage'])
    expect(JSON.stringify(rows)).not.toContain('kestrel')
    expect(JSON.stringify(rows)).not.toContain(path.slice('/package/'.length))
  })
})

describe('the end of a package', () => {
  test('destroys its key and its files', async () => {
    const { id } = await built()
    await bench.dataExports.handOver(id, 1, builder)
    await bench.dataExports.destroy(id, builder)
    expect(bench.files()).toEqual([])
    expect(await bench.fixture.store.dataExports.content(id, time)).toBeUndefined()
    expect(await bench.dataExports.list(7)).toMatchObject([{ available: false }])
    expect(await bench.dataExports.handOver(id, 1, builder)).toEqual({ ok: false, refusal: 'gone' })
    expect(await bench.dataExports.destroy(id, builder)).toEqual({ ok: false, refusal: 'gone' })
  })

  test('comes by itself when its days are over, and at the next start when nobody was there', async () => {
    const { id } = await built()
    bench.fixture.time += 14 * DAY_MS
    expect(await bench.dataExports.handOver(id, 1, builder)).toEqual({ ok: false, refusal: 'gone' })
    const next = bench.again()
    await next.start()
    await next.stop()
    expect(bench.files()).toEqual([])
    expect(await next.list(7)).toMatchObject([{ available: false }])
  })

  test('of one that a crash left half built comes at the next start', async () => {
    await built()
    writeFileSync(join(bench.fixture.folder, 'packages', 'half.pkg'), 'half')
    const next = bench.again()
    await next.start()
    await next.stop()
    expect(bench.files()).toHaveLength(1)
  })
})

test('an erasure destroys packages for the person, and those of whole logs, which may name it', async () => {
  const { fixture, dataExports } = bench
  const { store } = fixture
  await store.directory.addAccount({ name: 'globex', contact: 'ops@globex.example', domains: ['globex.example'] })
  const given = { track: 'third party', source: 'hand', parent: undefined, text: '', correction: '' } as const
  const rest = { identity: undefined, guess: undefined, acknowledgement: undefined, inbox: undefined, suppress: false }
  const open = (subject: string) => {
    const asked = { ...given, ...rest, kind: 'access', account: undefined, receivedAt: time, subject } as const
    return store.requests.open(asked, builder, time).then((opened) => (opened as { id: number }).id)
  }
  const build = (id: number, scope: { address: string | undefined; account: number | undefined }) =>
    dataExports.build({ id, kind: 'access', scope }, builder, work)
  const [ofTom, ofAnn] = [await open(tom), await open('ann@heron.example')]
  await build(ofTom, { address: tom, account: undefined })
  await build(ofAnn, { address: 'ann@heron.example', account: undefined })
  await build(900, { address: undefined, account: 1 })
  await build(901, { address: undefined, account: 2 })
  const order = { request: 99, actor: builder.email, at: time, reason: 'test', keepRequests: [] }
  await store.subjects.erase({ address: tom, account: 1 }, order, work)
  const there = async (id: number) => (await dataExports.list(id)).map(({ available }) => available)
  expect(await Promise.all([ofTom, ofAnn, 900, 901].map(there))).toEqual([[false], [true], [false], [true]])
  await dataExports.sweep()
  expect(bench.files()).toHaveLength(2)
})
