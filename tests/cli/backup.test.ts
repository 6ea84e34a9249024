/** Backup of a relay under load, and its restore, on the command line alone. */

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BackupView, SealKeyView } from '../../src/contract/keys.ts'
import { openBackupKey, readManifest } from '../../src/relay/backup/manifest.ts'
import { openConnection } from '../../src/store/sqlite/thread/connection.ts'
import { daysAhead, noFaketime } from '../support/faketime.ts'
import { type Sink, startSink } from '../support/sink.ts'
import { CommandLine, type Served, serve } from './support.ts'

const commandLine = new CommandLine()
const data = join(commandLine.root, 'data', 'mailward')
const keys = join(commandLine.root, 'config', 'mailward')
let served: Served
let sink: Sink
let made: BackupView

function path(name: string): string {
  return join(commandLine.root, name)
}

/** Submits mail in several sessions until told to stop. Returns how many were accepted, and how many while `act` ran. */
async function underLoad<T>(act: () => Promise<T>): Promise<{ during: number; result: T }> {
  const transport = createTransport({
    host: '127.0.0.1',
    port: served.port('smtp'),
    requireTLS: true,
    pool: true,
    maxConnections: 4,
    maxMessages: Number.POSITIVE_INFINITY,
    auth: { user: 'acme', pass: 'secret secret' },
    tls: { rejectUnauthorized: false },
  })
  let accepted = 0
  let running = true
  async function submit(): Promise<void> {
    while (running) {
      await transport.sendMail({
        from: 'ann@acme.example',
        to: 'tom@kestrel.example',
        subject: `number ${accepted}`,
        text: `CANARY-BODY-${accepted}`,
      })
      accepted++
    }
  }
  const sessions = Array.from({ length: 4 }, submit)
  while (accepted < 200) await new Promise((resolve) => setTimeout(resolve, 20))
  const before = accepted
  const result = await act()
  const during = accepted - before
  running = false
  await Promise.all(sessions)
  transport.close()
  return { during, result }
}

beforeAll(async () => {
  sink = await startSink()
  served = await serve(commandLine)
  await commandLine.json(['account', 'add', 'acme', '--contact', 'ops@acme.example', '--domain', 'acme.example'])
  await commandLine.json(['credential', 'add', 'acme', '--password-stdin'], 'secret secret')
  await commandLine.json(['route', 'set', '*', 'smarthost', `127.0.0.1:${sink.port}`])
  await commandLine.json(['route', 'set', 'held.example', 'capture'])
})
afterAll(async () => {
  await commandLine.remove()
  await sink.stop()
})

async function refusal(words: string[], input = ''): Promise<string> {
  const { status, err } = await commandLine.run(words, input)
  expect(status).toBe(1)
  return err.trimEnd()
}

/** All rows of the databases of a backup as one text. */
async function everything(folder: string): Promise<string> {
  const manifest = (await readManifest(folder))!
  const file = readdirSync(keys).find((name) => name.endsWith('.key'))!
  const logKey = Buffer.from(readFileSync(join(keys, file), 'utf8').trim(), 'hex')
  const key = openBackupKey(logKey, manifest)!
  const main = openConnection({ path: join(folder, 'mailward.db'), key, readonly: true, cacheKiB: 1024 })
  const days = main.prepare('SELECT day, key FROM day').all() as { day: string; key: Uint8Array }[]
  const files = days.map(({ day, key: own }) =>
    openConnection({ path: join(folder, 'days', `${day}.db`), key: own, readonly: true, cacheKiB: 1024 }),
  )
  const parts: string[] = []
  for (const database of [main, ...files]) {
    const select = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'search'"
    for (const table of database.prepare(select).pluck().all() as string[])
      for (const row of database.prepare(`SELECT * FROM ${table}`).raw().iterate() as IterableIterator<unknown[]>)
        parts.push(
          ...row.map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value))),
        )
    database.close()
  }
  return parts.join('\n')
}

describe('a backup', () => {
  test('is made while mail is accepted, and mail goes on being accepted', async () => {
    const { during, result } = await underLoad(() => commandLine.json<BackupView>(['backup', path('first')]))
    made = result
    expect(during).toBeGreaterThan(0)
    expect(made.headers).toBeGreaterThanOrEqual(200)
    expect(made.present).toBe(true)
    expect(Date.parse(made.destroyBy) - Date.parse(made.createdAt)).toBeGreaterThan(69 * 86_400_000)
    expect(readdirSync(path('first')).sort()).toEqual(['backup.json', 'days', 'mailward.db'])
    expect(await commandLine.jsonLines<BackupView>(['backup', 'list'])).toEqual([made])
  })

  test('holds no sample, nothing that leads to one, and no body of finished mail', async () => {
    // enough for a sample; all delivered
    await underLoad(async () => {
      const stored = async () => (await commandLine.json<{ samples: { stored: number } }>(['status'])).samples.stored
      while ((await stored()) === 0);
    })
    const open = async () => (await commandLine.json<{ queue: Record<string, number> }>(['status'])).queue
    for (let queue = await open(); queue.queued! + queue.sending! > 0; queue = await open());
    const folder = path('second')
    await commandLine.json(['backup', folder])
    const text = await everything(folder)
    expect(text).toContain('tom@kestrel.example')
    expect(text).toContain('custody.backup')
    expect(text).not.toContain('CANARY-BODY')
    expect(text).not.toContain('samples.blindKey')
    const key = openBackupKey(
      Buffer.from(
        readFileSync(join(keys, readdirSync(keys).find((name) => name.endsWith('.key'))!), 'utf8').trim(),
        'hex',
      ),
      (await readManifest(folder))!,
    )!
    const main = openConnection({ path: join(folder, 'mailward.db'), key, readonly: true, cacheKiB: 1024 })
    for (const table of ['sample', 'sample_key', 'sample_address', 'session', 'throttle', 'body'])
      expect(main.prepare(`SELECT count(*) FROM ${table}`).pluck().get(), table).toBe(0)
    expect(main.prepare('SELECT length(secret) FROM draw').pluck().all()).toEqual([0])
    main.close()
  })

  test('is refused in a folder that is in use, inside the data folder, or no folder', async () => {
    expect(await refusal(['backup', path('first')])).toBe(
      `mailward: ${path('first')} is not empty: choose one that is new or empty`,
    )
    expect(await refusal(['backup', join(data, 'backup')])).toMatch(
      /lies inside the data folder: choose a folder outside/,
    )
    writeFileSync(path('file'), '')
    expect(await refusal(['backup', path('file')])).toMatch(/is not a folder: choose another folder/)
    expect(readdirSync(path('first'))).toContain('backup.json')
  })

  test('that was taken away is listed as no longer there', async () => {
    renameSync(path('second'), path('moved'))
    const rows = await commandLine.jsonLines<BackupView>(['backup', 'list'])
    expect(rows.map(({ present }) => present)).toEqual([false, true])
    renameSync(path('moved'), path('second'))
  })
})

describe('the seal key on the command line', () => {
  test('is replaced with a reason, and put under a passphrase', async () => {
    const before = await commandLine.json<SealKeyView>(['key', 'status'])
    expect(before).toMatchObject({ keys: 'file', days: 1 })
    const rotate = ['key', 'rotate', '--reason', 'new year']
    const after = await commandLine.json<SealKeyView>([...rotate, '--new-passphrase-stdin'], 'my own words\n')
    expect(after).toMatchObject({ keys: 'passphrase', days: 1 })
    expect(after.id).not.toBe(before.id)
    expect(await refusal([...rotate, '--passphrase-stdin'], 'not mine\n')).toBe(
      'mailward: the passphrase of the seal key is wrong: try again',
    )
    expect(await refusal(rotate)).toMatch(/no terminal to ask for the passphrase: use --passphrase-stdin/)
    const both = [...rotate, '--passphrase-stdin', '--new-passphrase-stdin']
    expect(await refusal(both, 'my own words\n')).toMatch(/new passphrase is empty/)
    await commandLine.json(both, 'my own words\nother words\n')
    const plain = [...rotate, '--passphrase-stdin', '--without-passphrase']
    expect(await commandLine.json<SealKeyView>(plain, 'other words\n')).toMatchObject({ keys: 'file' })
  })
})

interface Restored {
  headers: number
  held: number
  destroyed: { day: string; headers: number }[]
  erasures: number | null
}

describe('a restore', () => {
  beforeAll(async () => {
    // one message that is not finished when the backup is made
    const transport = createTransport({
      host: '127.0.0.1',
      port: served.port('smtps'),
      secure: true,
      auth: { user: 'acme', pass: 'secret secret' },
      tls: { rejectUnauthorized: false },
    })
    await transport.sendMail({ from: 'ann@acme.example', to: 'eve@held.example', subject: 'waiting', text: 'WAITING' })
    transport.close()
    await commandLine.json(['backup', path('third')])
    await served.end('SIGTERM')
  })

  test('brings header records back, and holds what was not finished', async () => {
    const folder = path('again')
    const done = await commandLine.json<Restored>(['restore', path('third'), '--data', folder])
    expect(done).toMatchObject({ held: 0, destroyed: [], erasures: 0 })
    const relay = await serve(commandLine, '--data', folder)
    const [waiting] = await commandLine.jsonLines<{ id: string; status: string }>([
      'messages',
      '--subject',
      'waiting',
      '--data',
      folder,
    ])
    expect(waiting).toMatchObject({ status: 'held' })
    const { queue } = await commandLine.json<{ queue: { held: number } }>(['status', '--data', folder])
    expect(queue.held).toBe(1)
    expect(await commandLine.json<SealKeyView>(['key', 'status', '--data', folder])).toMatchObject({ days: 0 })
    // the one it was made of has its day as well, and is watched like those before it
    const listed = await commandLine.jsonLines<BackupView>(['backup', 'list', '--data', folder])
    expect(listed.map((backup) => backup.folder)).toEqual([path('third'), path('second'), path('first')])
    expect(listed[0]).toMatchObject({ present: true, destroyBy: expect.any(String) })
    for (const check of ['verify', 'replay-draws'])
      expect(await commandLine.run(['audit', check, '--data', folder])).toMatchObject({ status: 0 })
    await relay.end('SIGTERM')
  })

  test.skipIf(noFaketime !== undefined)('after day 71 brings nothing back whose time is up', async () => {
    const folder = path('late')
    commandLine.environment = daysAhead(72)
    try {
      const done = await commandLine.json<Restored>(['restore', path('third'), '--data', folder])
      const gone = done.destroyed.reduce((sum, { headers }) => sum + headers, 0)
      expect(gone).toBeGreaterThan(200)
      const relay = await serve(commandLine, '--data', folder)
      expect(await commandLine.jsonLines(['messages', '--data', folder])).toEqual([])
      expect(readdirSync(join(folder, 'days'))).toEqual([])
      // what is not finished is not lost either: it waits for a person
      const { queue } = await commandLine.json<{ queue: { held: number } }>(['status', '--data', folder])
      expect(queue.held).toBe(1)
      expect((await commandLine.run(['account', 'show', 'acme', '--data', folder])).status).toBe(0)
      await relay.end('SIGTERM')
    } finally {
      commandLine.environment = {}
    }
  })

  test('a restore says in words what came back, and what a person has to look at', async () => {
    const { status, out } = await commandLine.run(['restore', path('third'), '--data', path('words')])
    expect([status, out]).toEqual([0, expect.stringMatching(/^ {2}look at {4}accounts: who was suspended or trusted/m)])
  })

  test('is refused into a used folder, from no backup, with another key, or of a damaged file', async () => {
    expect(await refusal(['restore', path('third'), '--data', data])).toMatch(/is not empty: name a new data folder/)
    mkdirSync(path('empty'))
    expect(await refusal(['restore', path('empty'), '--data', path('new')])).toMatch(/has no backup.json/)
    writeFileSync(path('other.key'), `${'ab'.repeat(32)}\n`, { mode: 0o600 })
    const other = ['restore', path('third'), '--data', path('new'), '--key-file', path('other.key')]
    expect(await refusal(other)).toMatch(/does not open this backup/)
    cpSync(path('third'), path('damaged'), { recursive: true })
    const file = join(path('damaged'), 'mailward.db')
    const content = readFileSync(file)
    content[content.length - 100]! ^= 1
    writeFileSync(file, content)
    expect(await refusal(['restore', path('damaged'), '--data', path('new')])).toMatch(/is damaged or missing/)
    expect(existsSync(path('new')) ? readdirSync(path('new')) : []).toEqual([])
  })

  test('whose destroy-by date was changed is no backup any more', async () => {
    cpSync(path('third'), path('prolonged'), { recursive: true })
    const file = join(path('prolonged'), 'backup.json')
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as BackupView
    writeFileSync(file, JSON.stringify({ ...manifest, destroyBy: '2099-01-01T00:00:00.000Z' }))
    expect(await refusal(['restore', path('prolonged'), '--data', path('new')])).toMatch(/does not open this backup/)
    rmSync(path('prolonged'), { recursive: true })
  })
})
