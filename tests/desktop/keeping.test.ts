import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SafeStorage } from 'electron'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openPreferences } from '../../src/desktop/main/preferences.ts'
import { openKeychain } from '../../src/desktop/main/relay/keychain.ts'
import { openLogFile } from '../../src/desktop/main/relay/log-file.ts'
import { openVault } from '../../src/desktop/main/relay/vault.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailward-keeping-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function path(): string {
  return join(folder, 'shell.json')
}

test('preferences survive a restart, are their owner’s only, and a damaged file is as none', () => {
  openPreferences(path()).set({ relay: 'https://relay.example' })
  openPreferences(path()).set({ trayExplained: true })
  expect(openPreferences(path()).get()).toEqual({ relay: 'https://relay.example', trayExplained: true })
  if (process.platform !== 'win32') expect(statSync(path()).mode & 0o777).toBe(0o600)
  writeFileSync(path(), '{"relay": ')
  expect(openPreferences(path()).get()).toEqual({})
})

/** The part of Electron that needs a person's desktop to run: here it turns texts round. */
function keychain(backend: ReturnType<SafeStorage['getSelectedStorageBackend']>): SafeStorage {
  const turn = (text: string): string => [...text].reverse().join('')
  return {
    isAsyncEncryptionAvailable: async () => true,
    getSelectedStorageBackend: () => backend,
    encryptStringAsync: async (text: string) => Buffer.from(turn(text)),
    decryptStringAsync: async (sealed: Buffer) => ({ shouldReEncrypt: false, result: turn(sealed.toString()) }),
  } as SafeStorage
}

describe('the keychain for the relay', () => {
  test('seals and opens', async () => {
    const ask = openKeychain(keychain('gnome_libsecret'))
    const sealed = await ask('seal', 'the key')
    expect(sealed).not.toContain('the key')
    expect(await ask('open', sealed!)).toBe('the key')
  })

  test.runIf(process.platform === 'linux')('is none where it protects nothing', async () => {
    const ask = openKeychain(keychain('basic_text'))
    expect([await ask('seal', 'the key'), await ask('open', 'dGhlIGtleQ==')]).toEqual([null, null])
  })

  test('answers nothing when the person refuses', async () => {
    const storage = keychain('kwallet6')
    storage.decryptStringAsync = () => Promise.reject(new Error('refused'))
    expect(await openKeychain(storage)('open', 'dGhlIGtleQ==')).toBeNull()
  })
})

describe('session tokens', () => {
  function open(storage: SafeStorage, given: [string, string][] = []) {
    return openVault(storage, openPreferences(path()), new Map(given))
  }

  test('are kept sealed, one for each relay, and forgotten when asked', async () => {
    const vault = await open(keychain('gnome_libsecret'))
    await vault.set('local', 'token-one')
    await vault.set('https://relay.example', 'token-two')
    expect(readFileSync(path(), 'utf8')).not.toContain('token')
    const later = await open(keychain('gnome_libsecret'))
    expect([await later.get('local'), await later.get('https://relay.example')]).toEqual(['token-one', 'token-two'])
    await later.set('local', null)
    expect(await (await open(keychain('gnome_libsecret'))).get('local')).toBeNull()
  })

  test.runIf(process.platform === 'linux')('stay in memory where the keychain protects nothing', async () => {
    const vault = await open(keychain('basic_text'))
    await vault.set('local', 'token-one')
    expect(await vault.get('local')).toBe('token-one')
    expect(readFileSync(path(), 'utf8')).not.toMatch(/local|eno-nekot/)
    expect(await (await open(keychain('basic_text'))).get('local')).toBeNull()
  })

  test('sealed by a keychain that is gone are as none', async () => {
    await (await open(keychain('kwallet6'))).set('local', 'token-one')
    const other = keychain('kwallet6')
    other.decryptStringAsync = () => Promise.reject(new Error('cannot be decrypted'))
    expect(await (await open(other)).get('local')).toBeNull()
  })

  test('given for one run are not kept', async () => {
    expect(await (await open(keychain('kwallet6'), [['local', 'for-now']])).get('local')).toBe('for-now')
    expect(existsSync(path())).toBe(false)
  })
})

test('a log that has grown large is put aside at the next start', async () => {
  const log = join(folder, 'logs/relay.log')
  const write = (text: string) => new Promise<void>((done) => openLogFile(log).end(text, done))
  await write('one\n')
  await write('two\n')
  expect(readFileSync(log, 'utf8')).toBe('one\ntwo\n')
  appendFileSync(log, 'x'.repeat(5_000_001))
  await write('three\n')
  expect(readFileSync(log, 'utf8')).toBe('three\n')
  expect(statSync(`${log}.1`).size).toBeGreaterThan(5_000_000)
})
