/**
 * Custody of the seal key, whose private part opens samples. It lies in a file beside the log key, and is read for
 * nothing but the opening of a sample and its own replacement: the relay neither needs nor keeps it while it runs.
 */

import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { flushFolder } from '../../base/durableFile.ts'
import { type KeyStore, makeKeyPair, type SealKeyRecord, unwrapDayKey, wrapDayKey } from '../../store/index.ts'
import type { AuditEntry } from '../../store/store.ts'
import {
  type Keychain,
  type Protection,
  readSealFile,
  readSealHeader,
  SealKeyRefused,
  sealKeyId,
  writeSealFile,
} from './sealFile.ts'

export { SealKeyRefused } from './sealFile.ts'

/** How often a replacement is prepared anew because a day came or went meanwhile. */
const TRIES = 5

export interface SealKeyView extends SealKeyRecord {
  keys: 'file' | 'passphrase' | 'keychain' | 'missing'
  /** the file, where there is one */
  place: string | null
}

export interface Rotation {
  /** of the key that is replaced, when it has one */
  passphrase?: string | undefined
  /** protects the new key; empty: kept in a file; undefined: kept as the old one was */
  newPassphrase?: string | undefined
  /** who and why, for the audit log */
  entry: Pick<AuditEntry, 'at' | 'actor' | 'reason'>
}

export interface SealKey {
  /** Which key is in force and how its private part is kept. */
  view(): Promise<SealKeyView>
  /**
   * The private part: 32 bytes, raw X25519. The caller overwrites it with zeros after use.
   * Rejects with SealKeyRefused when the passphrase is wrong or missing, or the file is gone.
   */
  unlock(passphrase?: string): Promise<Uint8Array>
  /** Replaces the key and wraps every day's key with the new one. Rejects with SealKeyRefused. */
  rotate(rotation: Rotation): Promise<SealKeyView>
  /** what a person should know, found at start */
  notices: string[]
}

export interface SealKeyPath {
  /** where the private part lies */
  file: string
  keys: KeyStore
  /** on a desktop */
  keychain: Keychain | undefined
}

/** The new key while it is not in force yet. */
function nextFile(file: string): string {
  return `${file}.new`
}

async function takePlace(file: string): Promise<void> {
  await rename(nextFile(file), file)
  await flushFolder(dirname(file))
}

/** Ends what a crash left of a replacement: the new file is the key if the store says so, else it never was. */
async function finishRotation(file: string, inForce: string): Promise<void> {
  if (!existsSync(nextFile(file))) return
  const id = await readSealHeader(nextFile(file)).then(
    ({ publicKey }) => sealKeyId(publicKey),
    // cut short by the crash: it cannot be in force
    () => undefined,
  )
  if (id === inForce) await takePlace(file)
  else await rm(nextFile(file))
}

/** A new key in its file: in the keychain where there is one, else readable by its owner. Returns its public part. */
async function makeFirst({ file, keychain }: SealKeyPath): Promise<Uint8Array> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const pair = makeKeyPair()
  try {
    await writeSealFile(file, pair, await firstProtection(keychain))
    return pair.publicKey
  } finally {
    pair.privateKey.fill(0)
  }
}

async function firstProtection(keychain: Keychain | undefined): Promise<Protection> {
  const works = (await keychain?.seal('mailward')) !== undefined
  return keychain && works ? { form: 'keychain', keychain } : { form: 'file' }
}

/** Sees to it that the folder has a seal key. The file is on the disk before the store knows of the key. */
async function establish(place: SealKeyPath): Promise<SealKeyRecord> {
  const known = await place.keys.sealKey()
  if (known) return known
  const publicKey = existsSync(place.file) ? (await readSealHeader(place.file)).publicKey : await makeFirst(place)
  await place.keys.setFirstSealKey({ id: sealKeyId(publicKey), publicKey })
  return (await place.keys.sealKey())!
}

/** The file that holds a key; undefined when none does. */
async function fileOf(file: string, id: string): Promise<{ path: string; form: Protection['form'] } | undefined> {
  for (const path of [file, nextFile(file)]) {
    if (!existsSync(path)) continue
    const { form, publicKey } = await readSealHeader(path)
    if (sealKeyId(publicKey) === id) return { path, form }
  }
  return undefined
}

function noticesOf({ id, keys }: SealKeyView, { file, keychain }: SealKeyPath): string[] {
  if (keys === 'missing')
    return [`the seal key ${id} is missing: samples are kept but cannot be opened; put ${file} back from a copy`]
  if (keys === 'file' && keychain)
    return ['no keychain protects the seal key: put it under a passphrase with mailward key rotate --new-passphrase']
  return []
}

/** Opens the custody of a data folder's seal key; a folder that has none yet gets one. */
export async function openSealKey(place: SealKeyPath): Promise<SealKey> {
  const { file, keys, keychain } = place
  await finishRotation(file, (await establish(place)).id)
  let rotating = false

  async function inForce(): Promise<SealKeyRecord> {
    return (await keys.sealKey())!
  }

  async function view(): Promise<SealKeyView> {
    const record = await inForce()
    const found = await fileOf(file, record.id).catch((error: unknown) => {
      if (error instanceof SealKeyRefused) return undefined
      throw error
    })
    return { ...record, keys: found?.form ?? 'missing', place: found?.path ?? null }
  }

  async function unlock(passphrase?: string): Promise<Uint8Array> {
    const { id } = await inForce()
    const found = await fileOf(file, id)
    if (!found) throw new SealKeyRefused(`the seal key ${id} is missing`, `put ${file} back from a copy`)
    return readSealFile(found.path, passphrase, keychain)
  }

  async function protectionOf({ passphrase, newPassphrase }: Rotation): Promise<Protection> {
    if (newPassphrase) return { form: 'passphrase', passphrase: newPassphrase }
    if (newPassphrase === '') return { form: 'file' }
    if ((await view()).keys === 'passphrase') return { form: 'passphrase', passphrase: passphrase! }
    return firstProtection(keychain)
  }

  /** Wraps every day with the new key and puts it in force, in one transaction. */
  async function rewrap(old: Uint8Array, publicKey: Uint8Array, entry: Rotation['entry']): Promise<void> {
    const id = sealKeyId(publicKey)
    for (let tries = 0; tries < TRIES; tries++) {
      const from = (await inForce()).id
      const days = (await keys.wrappedDays()).map(({ day, wrapped: before }) => {
        const dayKey = unwrapDayKey(old, before, day)
        const wrapped = wrapDayKey(publicKey, dayKey, day)
        dayKey.fill(0)
        return { day, before, wrapped }
      })
      const facts = { from, to: id, days: days.length }
      const act = { ...entry, action: 'custody.rotateSealKey', object: `seal key ${id}`, details: {}, facts }
      if (await keys.rotateSealKey({ key: { id, publicKey }, from, days, entry: act })) return
    }
    throw new SealKeyRefused('days came and went while the seal key was being replaced', 'try again')
  }

  async function replace(rotation: Rotation): Promise<void> {
    const old = await unlock(rotation.passphrase)
    const pair = makeKeyPair()
    try {
      // one that is in force, and could not take its place before, takes it now or is the end of this
      await finishRotation(file, (await inForce()).id)
      await writeSealFile(nextFile(file), pair, await protectionOf(rotation))
      await rewrap(old, pair.publicKey, rotation.entry)
      await takePlace(file)
    } finally {
      old.fill(0)
      pair.privateKey.fill(0)
      // the new file stays where it is when it is in force but could not take its place
      await finishRotation(file, (await inForce()).id)
    }
  }

  return {
    view,
    unlock,
    async rotate(rotation) {
      if (rotating) throw new SealKeyRefused('the seal key is being replaced already', 'wait until that is done')
      rotating = true
      try {
        await replace(rotation)
      } finally {
        rotating = false
      }
      return view()
    },
    notices: noticesOf(await view(), place),
  }
}
