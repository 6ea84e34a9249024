import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ConfigError } from '../../src/relay/host/configError.ts'
import { openFolder } from '../../src/relay/keys/logKey.ts'

const now = Date.UTC(2026, 10, 23)
let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mailward-keys-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function place(keyFile?: string) {
  return { folder: join(root, 'data'), keyFolder: join(root, 'keys'), keyFile }
}

async function refusal(keyFile?: string): Promise<string> {
  const outcome = await openFolder(place(keyFile), now).catch((error: unknown) => error)
  expect(outcome).toBeInstanceOf(ConfigError)
  return (outcome as Error).message
}

describe('the log key', () => {
  test('is made for a new folder, for its owner only, outside the data folder, and found again', async () => {
    const first = await openFolder(place(), now)
    expect(first.logKey).toHaveLength(32)
    const file = join(root, 'keys', `${first.card.id}.key`)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(join(root, 'data')).mode & 0o777).toBe(0o700)
    expect(readdirSync(join(root, 'data'))).toEqual(['folder.json'])
    expect(JSON.parse(readFileSync(join(root, 'data', 'folder.json'), 'utf8'))).toEqual({
      id: first.card.id,
      createdAt: '2026-11-23T00:00:00.000Z',
    })
    expect(await openFolder(place(), now + 1)).toEqual(first)
  })

  test('that is lost is never replaced', async () => {
    await openFolder(place(), now)
    rmSync(join(root, 'keys'), { recursive: true })
    expect(await refusal()).toMatch(/is missing: put .* back, or name it with --key-file/)
    expect(readdirSync(root)).toEqual(['data'])
  })

  test('inside the data folder is refused, also by way of a link', async () => {
    expect(await refusal(join(root, 'data', 'log.key'))).toMatch(/inside the data folder/)
    await mkdir(join(root, 'data'))
    symlinkSync(join(root, 'data'), join(root, 'elsewhere'))
    expect(await refusal(join(root, 'elsewhere', 'deep', 'log.key'))).toMatch(/inside the data folder/)
    expect(readdirSync(join(root, 'data'))).toEqual([])
  })

  test.skipIf(process.platform === 'win32')('open to others is refused', async () => {
    const { card } = await openFolder(place(), now)
    const file = join(root, 'keys', `${card.id}.key`)
    chmodSync(file, 0o640)
    expect(await refusal()).toBe(`the key file ${file} is open to others: chmod 600 ${file}`)
  })

  test('given by its owner is taken, and what is no key is refused', async () => {
    const file = join(root, 'my.key')
    writeFileSync(file, `${'ab'.repeat(32)}\n`, { mode: 0o600 })
    const { logKey } = await openFolder(place(file), now)
    expect(Buffer.from(logKey).toString('hex')).toBe('ab'.repeat(32))
    writeFileSync(file, 'not a key')
    expect(await refusal(file)).toMatch(/does not hold 64 hex digits/)
  })

  test('is not made for a folder whose card is gone or spoilt', async () => {
    await openFolder(place(), now)
    writeFileSync(join(root, 'data', 'folder.json'), '{}')
    expect(await refusal()).toMatch(/folder.json cannot be read/)
    rmSync(join(root, 'data', 'folder.json'))
    writeFileSync(join(root, 'data', 'mailward.db'), '')
    expect(await refusal()).toMatch(/folder.json is missing/)
  })

  test('of a demo folder opens demo data only, and that of real mail real mail only', async () => {
    await openFolder(place(), now, true)
    expect((await openFolder(place(), now, true)).card.demo).toBe(true)
    expect(await refusal()).toMatch(/holds demo data: choose another folder/)
    rmSync(join(root, 'data'), { recursive: true })
    await openFolder(place(), now)
    const outcome = await openFolder(place(), now, true).catch((error: unknown) => error)
    expect(outcome).toMatchObject({ name: 'StartRefused', message: expect.stringMatching(/holds real mail/) })
  })
})
