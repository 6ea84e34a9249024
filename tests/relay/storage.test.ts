/** What the relay does on a disk without room, and in a data folder that is gone: on a small file system of its own. */

import { spawnSync } from 'node:child_process'
import { mkdtempSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { startSink } from '../support/sink.ts'
import { startTestRelay, type TestRelay } from './support.ts'

const disk = mkdtempSync(join(tmpdir(), 'mailward-disk-'))
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', disk])
const reason =
  mounted.status === 0 ? '' : `no file system can be mounted here: ${String(mounted.error ?? mounted.stderr)}`
if (reason) console.warn(`a disk without room: skipped, ${reason}`)
const temporary = process.env.TMPDIR

afterAll(() => {
  if (!reason) spawnSync('umount', ['-l', disk])
  rmSync(disk, { recursive: true, force: true })
})

let relay: TestRelay
beforeEach(async () => {
  if (reason) return
  process.env.TMPDIR = disk
  relay = await startTestRelay(['--reserve', '8'])
  if (temporary === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = temporary
  await relay.local.accounts.add({ name: 'acme', contact: 'ops@acme.example', domains: ['acme.example'] })
  await relay.local.accounts.addCredential({ account: 'acme', kind: 'address', range: '127.0.0.0/8' })
})
afterEach(async () => {
  rmSync(filler, { force: true })
  if (!reason) await relay.stop()
})

const filler = join(disk, 'filler')
/** Fills the disk up to so many free bytes. */
function fill(left: number): void {
  const { bavail, bsize } = statfsSync(disk)
  writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - left)), { flag: 'a' })
}
/** Fills the disk to the last byte. */
function fillUp(): void {
  for (const piece of [1 << 20, 4096])
    try {
      for (;;) writeFileSync(filler, Buffer.alloc(piece, 1), { flag: 'a' })
    } catch {
      // that was the last one
    }
}

/** Submits a message; the first reply that refuses, or the last one. */
async function submit(): Promise<string> {
  const { port } = relay.relay.listeners.find(({ kind }) => kind === 'smtp')!
  const socket = connect(port, '127.0.0.1')
  const words = ['EHLO a.example', 'MAIL FROM:<a@acme.example>', 'RCPT TO:<tom@kestrel.example>', 'DATA']
  const body = 'From: a@acme.example\r\nSubject: hello\r\n\r\nHello\r\n.'
  let said = ''
  try {
    for await (const line of createInterface({ input: socket })) {
      if (line[3] === '-') continue
      said = line
      const next = [...words, body].at(0)
      if (/^[45]/.test(line) || (words.length === 0 && line.startsWith('250'))) return said
      if (line.startsWith('354')) socket.write(`${body}\r\n`)
      else {
        socket.write(`${next}\r\n`)
        words.shift()
      }
    }
    return said
  } finally {
    socket.destroy()
  }
}

const readiness = async () => {
  const response = await fetch(`${relay.url}/readyz`)
  return { status: response.status, text: await response.text() }
}
const storage = async () => (await relay.local.status.get()).storage.state

test.skipIf(reason)(
  'below the reserve new mail is refused for now, what was accepted is delivered, and all say so',
  async () => {
    expect(await submit()).toMatch(/^250 /)
    fill(4e6)
    await expect.poll(storage).toBe('full')
    expect(await submit()).toMatch(/^452 4\.3\.1 /)
    expect(await readiness()).toMatchObject({ status: 503, text: expect.stringContaining('the disk is nearly full') })
    const { retention } = await relay.local.status.get()
    expect(retention.alarms).toContainEqual(expect.stringContaining('the disk is nearly full'))

    const sink = await startSink()
    await relay.local.routes.set({
      domain: '*',
      route: { kind: 'smarthost', host: '127.0.0.1', port: sink.port, tls: 'none' },
    })
    await relay.local.queue.act({ action: 'release', filter: {}, reason: 'test' })
    await expect.poll(() => sink.messages.length).toBe(1)
    await sink.stop()

    rmSync(filler)
    await expect.poll(storage).toBe('well')
    expect(await submit()).toMatch(/^250 /)
    expect(await readiness()).toEqual({ status: 200, text: 'ok\n' })
  },
)

test.skipIf(reason)('with no byte left it goes on, starts again, and recovers when there is room', async () => {
  expect(await submit()).toMatch(/^250 /)
  fillUp()
  await expect.poll(storage).toBe('full')
  expect(await submit()).toMatch(/^452 4\.3\.1 /)
  await relay.restart()
  expect(await storage()).toBe('full')
  expect(await submit()).toMatch(/^452 4\.3\.1 /)
  rmSync(filler)
  await expect.poll(storage).toBe('well')
  expect(await submit()).toMatch(/^250 /)
  await expect.poll(async () => (await relay.local.status.get()).queue.held).toBe(2)
})

test.skipIf(reason)('into a data folder that is gone nothing is accepted; back in its place, it goes on', async () => {
  renameSync(relay.folder, `${relay.folder}.away`)
  await expect.poll(async () => (await readiness()).text).toContain('the data folder was deleted')
  expect(await submit()).toMatch(/^451 4\.3\.0 /)
  renameSync(`${relay.folder}.away`, relay.folder)
  await expect.poll(storage).toBe('well')
  expect(await submit()).toMatch(/^250 /)
})
