/** Everything kept of one person: found in every form and place, taken out, and everybody else's records as before. */

import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { BLOCK } from '../../src/model/sampling.ts'
import { tableRules } from '../../src/store/sqlite/subjects/columns.ts'
import { openConnection } from '../../src/store/sqlite/thread/connection.ts'
import type { NewMessage } from '../../src/store/store.ts'
import type { SubjectScope } from '../../src/store/subjects.ts'
import { findDecrypted, findInFiles } from '../support/canary.ts'
import { attemptResult, delivered, logKey, type Sample, StoreFixture } from '../support/storeFixture.ts'
import { query, recordsOnDisk, samplesOnDisk, settled } from './daysOnDisk.ts'
import type { Step } from './steps.ts'

const noon = Date.UTC(2026, 8, 1, 12)
const TOM = 'tom.canary@kestrel.example'
let fixture: StoreFixture
beforeEach(async () => {
  fixture = await StoreFixture.open(noon)
  await fixture.store.directory.addAccount({ name: 'northbay', contact: 'ops@northbay.example', domains: [] })
})
afterEach(() => fixture.close())

const quiet = { progress: () => undefined, isCancelled: () => false }
const act = { actor: 'ann@relay.example', at: noon, reason: 'order of the account' }

function order(keepRequests: number[] = []) {
  return { request: 7, ...act, keepRequests }
}

function erase(scope: SubjectScope, keepRequests: number[] = []) {
  return fixture.store.subjects.erase(scope, order(keepRequests), quiet)
}

async function search(address: string | undefined, account?: number) {
  const found = await fixture.store.subjects.search({ address, account }, quiet)
  return Object.fromEntries(found!.places.map(({ place, count, excepted }) => [place, [count, excepted]]))
}

/** Ids of all records of the person, page by page. */
async function allRecords(limit: number): Promise<number[]> {
  const ids: number[] = []
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page = await fixture.store.subjects.records({ address: TOM, account: undefined }, after, limit)
    ids.push(...page.records.map(({ id }) => id))
    after = page.next
  }
  return ids
}

/** A message with a header block of its own. */
function messageWith(header: string, sample: Sample = {}): NewMessage {
  const message = fixture.message({ ...sample, state: 'sending' })
  message.record.headers = Buffer.from(header.replaceAll('\n', '\r\n'))
  message.body = Buffer.concat([message.record.headers, Buffer.from('Hello\r\n')])
  return message
}

async function deliverWith(header: string, sample: Sample = {}): Promise<number> {
  const message = messageWith(header, sample)
  await fixture.store.queue.accept(message)
  await fixture.store.queue.recordResult({
    ...attemptResult(message, delivered),
    transcript: `S: 220 mx1\nC: RCPT TO:<${message.deliveries[0]!.recipient}>\nS: 250 ok`,
  })
  return message.record.id
}

/** Works on the main database with the relay's own key, while nobody has it open. */
function execute(sql: string): void {
  const database = openConnection({ path: join(fixture.folder, 'mailward.db'), key: logKey, cacheKiB: 512 })
  database.exec(sql)
  database.close()
}

const forms: [string, Sample, string][] = [
  ['as it was written', { to: [TOM] }, ''],
  ['in other case', { to: ['Tom.Canary@Kestrel.EXAMPLE'] }, ''],
  ['with quotation marks', { to: ['"tom.canary"@kestrel.example'] }, ''],
  ['as sender', { from: TOM }, ''],
  ['as envelope sender of a return path', { from: 'bounces+tom.canary=kestrel.example@acme.example' }, ''],
  ['in a field, with a name', {}, 'Cc: "Canary, Tom" <tom.canary@kestrel.example>, Ida <ida@kestrel.example>\n'],
  ['in an encoded word', {}, `Subject: =?utf-8?B?${Buffer.from(`for ${TOM} ü`).toString('base64')}?=\n`],
  ['in a link', {}, 'List-Unsubscribe: <https://acme.example/u?e=tom.canary%40kestrel.example&t=1>\n'],
  [
    'in a link within a link',
    {},
    'List-Unsubscribe: <https://click.example/?u=https%3A%2F%2Facme.example%2Fu%3Fe%3Dtom.canary%40kestrel.example%26t>\n',
  ],
  [
    'in a link within a link, encoded with it',
    {},
    'List-Unsubscribe: <https://click.example/?u=https%3A%2F%2Facme.example%2Fu%3Fe%3Dtom.canary%2540kestrel.example>\n',
  ],
  ['as HTML writes it', {}, 'X-Note: for <a>tom.canary&#64;kestrel.example</a>\n'],
  ['in the subject', { subject: `Account of ${TOM}` }, ''],
]

describe('a person is found', () => {
  test('in every form, and gone from every file after', async () => {
    const ids: number[] = []
    for (const [, sample, header] of forms)
      ids.push(
        await deliverWith(`From: a@acme.example\n${header}\n`, {
          to: ['ida@kestrel.example', 'max@kestrel.example'],
          ...sample,
        }),
      )
    await deliverWith('To: ida@kestrel.example, om.canary@kestrel.example\n\n', { to: ['ida@kestrel.example'] })
    await settled(fixture.folder)
    expect(query(fixture.folder, 'SELECT persons FROM day')).toEqual([{ persons: 1 }])
    expect(await allRecords(4)).toEqual(ids)
    expect(await search('TOM.Canary@kestrel.example.')).toEqual({ 'header records': [12, 0] })

    // looked at one by one they are the same
    await fixture.reopen(() => execute('UPDATE day SET persons = 0'))
    expect(await search(TOM)).toEqual({ 'header records': [12, 0] })
    await fixture.reopen(() => execute('UPDATE day SET persons = 1'))

    expect(await erase({ address: TOM, account: undefined })).toMatchObject({ headers: 3, redacted: 9, waiting: [] })
    expect(await search(TOM)).toEqual({})
    const named = await fixture.store.log.get(ids[5]!)
    expect(Buffer.from(named!.headers).toString()).toBe(
      'From: a@acme.example\r\nCc: [removed], Ida <ida@kestrel.example>\r\n\r\n',
    )
    await fixture.store.stop()
    const canaries = ['tom.canary@', 'tom.canary"', 'Canary, Tom', 'tom.canary=', 'tom.canary%']
    const other = 'om.canary@kestrel.example'
    const found = [...findInFiles(fixture.folder, canaries), ...findDecrypted(fixture.folder, logKey, canaries)]
    expect(found).toEqual([])
    expect(findDecrypted(fixture.folder, logKey, [other])).not.toEqual([])
    await fixture.reopenAfterCrash()
  })

  test('under an international domain, in either form', async () => {
    await fixture.deliver({ to: ['clara@Bücher.example'] })
    await fixture.deliver({ to: ['clara@xn--bcher-kva.example'] })
    await settled(fixture.folder)
    expect(await search('Clara@BÜCHER.example')).toEqual({ 'header records': [2, 0] })
    await erase({ address: 'clara@xn--bcher-kva.example', account: undefined })
    expect(await fixture.store.log.search({}, 10, undefined, 1000)).toMatchObject({ rows: [] })
  })
})

/** Header records of the other account, as they lie in their day. */
async function recordsOf(account: string) {
  const { rows } = await fixture.store.log.search({ account }, 100, undefined, 10_000)
  return Promise.all(rows.map(({ id }) => fixture.store.log.get(id)))
}

describe('an erasure for one account', () => {
  test('leaves the records of another byte for byte, and takes what names nobody else as a whole', async () => {
    const alone = await fixture.deliver({ to: [TOM] })
    const shared = await fixture.deliver({ to: [TOM, 'ida@kestrel.example'] })
    await fixture.deliver({ to: ['ida@kestrel.example'] })
    await fixture.deliver({ account: 2, to: [TOM] })
    await fixture.deliver({ account: 2, to: ['ida@kestrel.example', TOM] })
    await settled(fixture.folder)
    const before = await recordsOf('northbay')
    const found = await fixture.store.subjects.search({ address: TOM, account: undefined }, quiet)
    expect(found!.accounts).toEqual([
      { account: 1, records: 2 },
      { account: 2, records: 2 },
    ])

    // the index would spare the other account by itself
    await fixture.reopen(() => execute('UPDATE day SET persons = 0'))
    const done = await erase({ address: TOM, account: 1 })
    expect(done).toMatchObject({ headers: 1, redacted: 1, samples: 0, waiting: [] })
    expect(await recordsOf('northbay')).toEqual(before)
    expect(await fixture.store.log.get(alone)).toBeUndefined()
    const left = (await fixture.store.log.get(shared))!
    expect(left.deliveries.map(({ recipient }) => recipient)).toEqual(['[removed]', 'ida@kestrel.example'])
    expect(Buffer.from(left.headers).toString()).toContain('To: [removed], ida@kestrel.example\r\n')
    expect(await search(TOM, 1)).toEqual({})
    expect(await search(TOM)).toEqual({ 'header records': [2, 0] })
    const receipts = await fixture.store.retention.receipts(10, undefined)
    expect(receipts).toMatchObject([{ id: done.receipts[0], kind: 'erasure', headers: 1, valid: true }])
    expect(await erase({ address: TOM, account: 1 })).toMatchObject({ headers: 0, redacted: 0, rows: 0, receipts: [] })
  })

  test('of everything of the account leaves nothing of its mail', async () => {
    await fixture.deliver({ to: [TOM] })
    const other = await fixture.deliver({ account: 2, to: [TOM] })
    await settled(fixture.folder)
    expect(await search(undefined, 1)).toEqual({ 'header records': [1, 0], 'accounts and contacts': [1, 1] })
    expect(await erase({ address: undefined, account: 1 })).toMatchObject({ headers: 1, waiting: [] })
    expect(recordsOnDisk(fixture.folder)).toEqual({ '2026-09-01': [other] })
  })
})

describe('what has to wait', () => {
  test('is told: unfinished deliveries, and what a hold keeps; what was captured goes', async () => {
    const waiting = fixture.message({ to: [TOM] })
    await fixture.store.queue.accept(waiting)
    await fixture.store.queue.accept(fixture.message({ to: [TOM], destination: 'capture', state: 'held' }))
    const held = await fixture.deliver({ to: [TOM, 'ida@kestrel.example'] })
    await settled(fixture.folder)
    const hold = await fixture.store.holds.place({ kind: 'message', message: held }, act)
    expect(await search(TOM)).toEqual({ queue: [1, 1], 'captured mail': [1, 0], 'header records': [1, 1] })
    const first = await erase({ address: TOM, account: undefined })
    expect(first).toMatchObject({ headers: 1, redacted: 0 })
    expect(first.waiting).toMatchObject([
      { place: 'queue', count: 1, excepted: 1, cause: 'delivery' },
      { place: 'header records', count: 1, excepted: 1, cause: 'hold' },
    ])

    await fixture.store.holds.release(hold.id, act)
    const [claimed] = await fixture.store.queue.claim(await fixture.store.queue.due('kestrel.example', 1), noon)
    await fixture.store.queue.recordResult({ ...attemptResult(waiting, delivered), attempt: claimed!.attempt })
    expect(await erase({ address: TOM, account: undefined })).toMatchObject({ headers: 1, redacted: 1, waiting: [] })
    expect(await search(TOM)).toEqual({})
  })

  test.each(['capture', 'northbay.example'])(
    'is not a letter to an account that names the person (%s)',
    async (destination) => {
      const letter = fixture.message({
        ...{ account: 0, to: ['ops@northbay.example'], subject: 'A person asks', body: `It is ${TOM}.\r\n` },
        ...{ destination, state: destination === 'capture' ? 'held' : 'deferred' },
      })
      await fixture.store.queue.accept(letter)
      const insert = (state: string) =>
        `INSERT OR REPLACE INTO request (id, kind, track, subject, account, source, received_at, due_at, state, text, correction,
          suppress) VALUES (7, 'deletion', 'third party', '${TOM}', NULL, 'hand', 0, 0, '${state}', '', '', 0);
        INSERT OR REPLACE INTO request_letter (id, request, kind, account, about, address, subject, text, at, message)
          VALUES (1, 7, 'forwarding', 0, 2, 'ops@northbay.example', 'A person asks', 'It is ${TOM}.', 0, ${letter.record.id})`
      await fixture.reopen(() => execute(insert('received')))
      expect(await erase({ address: TOM, account: undefined })).toMatchObject({
        waiting: expect.arrayContaining([expect.objectContaining({ place: 'letters', cause: 'request' })]),
      })
      expect(await fixture.store.log.get(letter.record.id)).toMatchObject({
        deliveries: [{ state: letter.deliveries[0]!.state }],
      })
      await fixture.reopen(() => execute(insert('closed')))
      expect(await erase({ address: TOM, account: undefined })).toMatchObject({ waiting: [] })
      expect(await fixture.store.log.get(letter.record.id)).toMatchObject({ deliveries: [{ state: 'cancelled' }] })
      await fixture.store.stop()
      expect([...findInFiles(fixture.folder, [TOM]), ...findDecrypted(fixture.folder, logKey, [TOM])]).toEqual([])
      await fixture.reopenAfterCrash()
    },
  )

  test('are letters of a request that is not over', async () => {
    const letter = await fixture.deliver({ account: 0, to: [TOM] })
    await settled(fixture.folder)
    await fixture.reopen(() =>
      execute(`INSERT INTO request (id, kind, track, subject, account, source, received_at, due_at, state, text, correction,
          suppress) VALUES (7, 'deletion', 'account', '${TOM}', 1, 'hand', 0, 0, 'answered', 'I am Tom', '', 0);
        INSERT INTO request_letter (request, kind, account, address, subject, text, at, message)
          VALUES (7, 'answer', 0, '${TOM}', 'Done', 'Dear Tom', 0, ${letter});
        INSERT INTO request_event (request, at, actor, kind, text)
          VALUES (7, 0, 'system', 'mail', 'It is me'), (7, 0, 'system', 'letter', 'answer')`),
    )
    expect((await fixture.store.subjects.records({ address: TOM, account: 1 }, 0, 10)).records).toEqual([])
    const first = await erase({ address: TOM, account: 1 }, [7])
    expect(first.waiting).toMatchObject([
      { place: 'letters', excepted: 2, cause: 'request' },
      { place: 'requests', excepted: 2, cause: 'request' },
    ])
    expect(await erase({ address: TOM, account: 1 })).toMatchObject({ headers: 1, rows: 3, waiting: [] })
    expect(query(fixture.folder, 'SELECT text FROM request_event')).toEqual([{ text: '' }, { text: 'answer' }])
    expect(query(fixture.folder, 'SELECT subject, text FROM request')).toEqual([
      { subject: fixture.store.subjects.hash(TOM).slice(0, 12), text: '' },
    ])
    expect(query(fixture.folder, 'SELECT address, text FROM request_letter')).toEqual([
      { address: '[removed]', text: '' },
    ])
  })

  test('are requests that were forwarded, as long as no account has answered', async () => {
    await fixture.reopen(() =>
      execute(`INSERT INTO request (id, kind, track, subject, source, received_at, due_at, state, outcome, parent, text,
          correction, suppress, account) VALUES
        (1, 'deletion', 'third party', '${TOM}', 'mail', 0, 0, 'answered', 'forwarded', NULL, '', '', 0, NULL),
        (2, 'deletion', 'third party', '${TOM}', 'mail', 0, 0, 'answered', 'done', NULL, '', '', 0, NULL),
        (3, 'deletion', 'account', '${TOM}', 'mail', 0, 0, 'identified', NULL, 2, '', '', 0, 2),
        (4, 'access', 'third party', '${TOM}', 'mail', 0, 0, 'closed', 'done', NULL, '', '', 0, NULL)`),
    )
    const { rows, waiting } = await erase({ address: TOM, account: 1 })
    expect([rows, waiting]).toMatchObject([1, [{ place: 'requests', excepted: 2, cause: 'request' }]])
    const named = query<{ id: number }>(fixture.folder, `SELECT id FROM request WHERE subject = '${TOM}'`)
    expect(named.map(({ id }) => id)).toEqual([1, 2, 3])
  })
})

describe('the main database', () => {
  test('has a rule for every column of every table', () => {
    const tables = query<{ name: string }>(
      fixture.folder,
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name",
    )
    const columns = tables.map(({ name }) => [
      name,
      query<{ name: string }>(fixture.folder, `PRAGMA table_info(${name})`).map((column) => column.name),
    ])
    const ruled = Object.entries(tableRules).map(([name, rule]) => [name, Object.keys(rule.columns)])
    const sorted = (list: unknown[][]) =>
      Object.fromEntries(list.map(([name, names]) => [name, [...(names as string[])].sort()]))
    expect(sorted(ruled)).toEqual(sorted(columns))
  })

  test('loses the person from words and from the audit log, which still verifies; who works here stays', async () => {
    await fixture.store.users.add({ email: 'ann@relay.example', name: 'Ann', role: 'admin', passwordHash: 'x' })
    await fixture.store.trust.addComplaint(
      { account: 1, message: undefined, at: noon, source: TOM, note: `<${TOM}> x` },
      act,
    )
    await fixture.store.trust.addComplaint({ account: 2, message: undefined, at: noon, source: TOM, note: '' }, act)
    const entry = { ...act, action: 'test', object: 'x', details: { address: TOM } }
    await fixture.store.audit.append(entry)
    const placed = await fixture.store.holds.place({ kind: 'address', address: TOM }, act)
    const found = await search(TOM, 1)
    expect(found).toEqual({ signals: [1, 0], holds: [1, 1], 'audit log': [2, 0] })
    expect(await erase({ address: TOM, account: 1 })).toMatchObject({ rows: 3, waiting: [{ place: 'holds' }] })
    expect(query(fixture.folder, 'SELECT account, source, note FROM complaint')).toEqual([
      { account: 1, source: '[removed]', note: '<[removed]> x' },
      { account: 2, source: TOM, note: '' },
    ])
    await fixture.store.holds.release(placed.id, act)
    await erase({ address: TOM, account: undefined })
    expect(await search(TOM)).toEqual({})
    const ann = await search('ann@relay.example')
    expect(ann.people).toEqual([1, 1])
    expect(ann['audit log']![0]).toBeGreaterThan(0)
    expect(ann['audit log']![1]).toBe(ann['audit log']![0])
    expect(await fixture.store.audit.verify('folder', [])).toMatchObject({ findings: [] })
    await fixture.store.stop()
    expect([...findInFiles(fixture.folder, [TOM]), ...findDecrypted(fixture.folder, logKey, [TOM])]).toEqual([])
    await fixture.reopenAfterCrash()
  })
})

/** Accepts and delivers a whole block, so that one message is sampled. */
async function deliverBlock(messages: NewMessage[]): Promise<void> {
  await Promise.all(messages.map((message) => fixture.store.queue.accept(message)))
  await Promise.all(messages.map((message) => fixture.store.queue.recordResult(attemptResult(message, delivered))))
  await settled(fixture.folder)
}

describe('samples that name the person', () => {
  test('are destroyed unopened, with a receipt, and the draws are explained', async () => {
    const forms = [TOM, '"Tom.Canary"@kestrel.example']
    await deliverBlock(
      Array.from({ length: BLOCK }, (_, n) =>
        fixture.message({ state: 'sending', credential: 1, to: [forms[n % 2]!] }),
      ),
    )
    expect(await search(TOM)).toEqual({ 'header records': [BLOCK, 0], samples: [1, 0] })
    const done = await erase({ address: TOM, account: 1 })
    expect(done).toMatchObject({ headers: BLOCK, samples: 1, waiting: [] })
    expect([recordsOnDisk(fixture.folder), samplesOnDisk(fixture.folder)]).toEqual([{}, {}])
    const receipts = await fixture.store.retention.receipts(10, undefined)
    expect(receipts.map(({ kind, headers, samples, valid }) => [kind, headers, samples, valid])).toEqual([
      ['erasure', BLOCK, 0, true],
      ['erasure', 0, 1, true],
    ])
    expect((await fixture.store.audit.replayDraws(noon)).findings).toEqual([])
    expect((await fixture.store.audit.verify('folder', [])).findings).toEqual([])
  })

  test('go with what is taken out of their record, where their own index has not got the form', async () => {
    const link = 'List-Unsubscribe: <https://acme.example/u?e=tom.canary%40kestrel.example>\n\n'
    await deliverBlock(Array.from({ length: BLOCK }, () => messageWith(link, { state: 'sending', credential: 1 })))
    expect(Object.values(samplesOnDisk(fixture.folder)).flat()).toHaveLength(1)
    const done = await erase({ address: TOM, account: 1 })
    expect(done).toMatchObject({ headers: 0, redacted: BLOCK, samples: 1, waiting: [] })
    expect(samplesOnDisk(fixture.folder)).toEqual({})
    expect((await fixture.store.audit.replayDraws(noon)).findings).toEqual([])
  })
})

test('an account does not write to who is suppressed, in any form; the address is not kept', async () => {
  const { subjects } = fixture.store
  expect(subjects.isSuppressed(1, TOM)).toBe(false)
  await subjects.suppress({ account: 1, hash: subjects.hash(TOM), at: noon, request: 7 }, 'ann@relay.example')
  await fixture.reopen()
  const again = fixture.store.subjects
  expect([again.isSuppressed(1, 'TOM.Canary+a@kestrel.example'), again.isSuppressed(2, TOM)]).toEqual([true, false])
  expect(await search(TOM)).toEqual({ 'suppression list': [1, 1] })
  await again.unsuppress(1, again.hash(TOM), 'ann@relay.example', noon)
  expect(again.isSuppressed(1, TOM)).toBe(false)
})

const steps: [what: string, step: Step, when: 'before' | 'after'][] = [
  ['captured mail was cancelled', 'subjects.eraseSamples', 'after'],
  ['the day is written anew', 'rewriting.begin', 'after'],
  ['the catalogue changes', 'holdRetention.swap', 'before'],
  ['the catalogue changed', 'holdRetention.swap', 'after'],
  ['the old file is gone', 'days.sweepDays', 'after'],
  ['the receipt is signed', 'receipts.finish', 'after'],
  ['rows changed', 'subjects.eraseRows', 'after'],
]

test.each(steps)(
  'an erasure that is killed when %s is ended by the next run',
  { timeout: 60_000 },
  async (_, step, when) => {
    const gone = [await fixture.deliver({ to: [TOM] }), await fixture.deliver({ to: [TOM] })]
    const stays = await fixture.deliver({ to: [TOM, 'ida@kestrel.example'] })
    await fixture.store.queue.accept(fixture.message({ to: [TOM], destination: 'capture', state: 'held' }))
    const entry = { ...act, action: 'test', object: TOM, details: {} }
    await fixture.store.audit.append(entry)
    await settled(fixture.folder)
    await fixture.store.stop()
    const words = [resolve(import.meta.dirname, 'eraser.ts'), fixture.folder, String(noon), TOM, step, when]
    const { signal, stdout } = spawnSync(process.execPath, words, { env: { ...process.env, NODE_NO_WARNINGS: '1' } })
    expect([signal, stdout.toString()]).toEqual(['SIGKILL', ''])

    await fixture.reopenAfterCrash()
    expect(await erase({ address: TOM, account: undefined })).toMatchObject({ waiting: [] })
    expect(await search(TOM)).toEqual({})
    expect(recordsOnDisk(fixture.folder)).toEqual({ '2026-09-01': [stays] })
    const receipts = await fixture.store.retention.receipts(10, undefined)
    expect(receipts.reduce((sum, { headers }) => sum + headers, 0)).toBe(gone.length + 1)
    expect(receipts.every(({ valid }) => valid)).toBe(true)
    expect(await fixture.store.retention.findings(noon)).toMatchObject({ pendingReceipts: 0, orphans: 0 })
    expect((await fixture.store.audit.verify('folder', [])).findings).toEqual([])
    await fixture.store.stop()
    expect([...findInFiles(fixture.folder, [TOM]), ...findDecrypted(fixture.folder, logKey, [TOM])]).toEqual([])
    await fixture.reopenAfterCrash()
  },
)
