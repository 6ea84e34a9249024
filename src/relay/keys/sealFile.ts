/**
 * The file of a seal key's private part. Its first line, of a fixed length, says how it is kept and which key it is, so
 * that this much can be known without reading the key itself:
 *
 *     mailward-seal file       <public part, 64 hex digits>
 *     <private part: 64 hex digits, or a box that a passphrase or the system's keychain opens>
 */

import { createCipheriv, createDecipheriv, createHash, randomBytes, type ScryptOptions, scrypt } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { z } from 'zod'
import { writeDurably } from '../../base/durableFile.ts'
import { type KeyPair, publicKeyOf } from '../../store/index.ts'

const forms = ['file', 'passphrase', 'keychain'] as const
export type SealForm = (typeof forms)[number]

/** What the first line says. */
export interface SealHeader {
  form: SealForm
  /** X25519, raw */
  publicKey: Uint8Array
}

/** Seals and opens texts for this person on this computer (Electron's `safeStorage`, by way of the shell). */
export interface Keychain {
  /** undefined: there is none that protects anything */
  seal(text: string): Promise<string | undefined>
  /** undefined: sealed by another person, another computer, or a keychain that is gone */
  open(sealed: string): Promise<string | undefined>
}

/** How a private part is to be protected. */
export type Protection =
  | { form: 'file' }
  | { form: 'passphrase'; passphrase: string }
  | { form: 'keychain'; keychain: Keychain }

/** Something about a seal key that a person can put right. */
export class SealKeyRefused extends Error {
  override name = 'SealKeyRefused'
  /** what to change */
  readonly change: string

  constructor(message: string, change: string) {
    super(message)
    this.change = change
  }
}

const MARK = 'mailward-seal'
const FORM_WIDTH = 10
const HEADER_BYTES = MARK.length + 1 + FORM_WIDTH + 1 + 64 + 1

/** RFC 7914; 64 MiB of memory and about half a second for each guess. */
const COST = { N: 65_536, r: 8, p: 2 }

const lockedShape = z.object({
  scrypt: z.object({ N: z.number().int(), r: z.number().int(), p: z.number().int(), salt: z.string() }),
  /** AES-256-GCM: nonce, ciphertext, tag; base64 */
  box: z.string(),
})

/** The id of a seal key: the first 16 hex digits of SHA-256 over its raw public part. */
export function sealKeyId(publicKey: Uint8Array): string {
  return createHash('sha256').update(publicKey).digest('hex').slice(0, 16)
}

function headerLine({ form, publicKey }: SealHeader): string {
  return `${MARK} ${form.padEnd(FORM_WIDTH)} ${Buffer.from(publicKey).toString('hex')}\n`
}

function parseHeader(text: string, path: string): SealHeader {
  const match = /^mailward-seal (\w+) +([0-9a-f]{64})\n$/.exec(text)
  const form = forms.find((known) => known === match?.[1])
  if (!match || !form)
    throw new SealKeyRefused(`${path} does not hold a seal key`, 'put the right file back from a copy')
  return { form, publicKey: Buffer.from(match[2]!, 'hex') }
}

/**
 * Reads the first line only.
 * Rejects with SealKeyRefused when it is not one.
 */
export async function readSealHeader(path: string): Promise<SealHeader> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0)
    return parseHeader(buffer.toString('latin1', 0, bytesRead), path)
  } finally {
    await file.close()
  }
}

function stretch(passphrase: string, salt: Buffer, cost: Pick<ScryptOptions, 'N' | 'r' | 'p'>): Promise<Buffer> {
  const options = { ...cost, maxmem: 256 * 1024 * 1024 }
  return new Promise((done, failed) => {
    // the same passphrase typed on another system may come in another normal form
    scrypt(passphrase.normalize('NFKC'), salt, 32, options, (error, key) => (error ? failed(error) : done(key)))
  })
}

async function lock(privateKey: Uint8Array, passphrase: string, associated: string): Promise<string> {
  const salt = randomBytes(16)
  const nonce = randomBytes(12)
  const key = await stretch(passphrase, salt, COST)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(associated))
  const box = Buffer.concat([nonce, cipher.update(privateKey), cipher.final(), cipher.getAuthTag()])
  return JSON.stringify({ scrypt: { ...COST, salt: salt.toString('hex') }, box: box.toString('base64') })
}

async function unlockBox(text: string, passphrase: string | undefined, associated: string): Promise<Uint8Array> {
  if (!passphrase) throw new SealKeyRefused('the seal key is protected by a passphrase', 'give the passphrase')
  const { scrypt: cost, box: encoded } = lockedShape.parse(JSON.parse(text))
  const box = Buffer.from(encoded, 'base64')
  const key = await stretch(passphrase, Buffer.from(cost.salt, 'hex'), cost)
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, 12)).setAAD(Buffer.from(associated))
  decipher.setAuthTag(box.subarray(-16))
  try {
    return Buffer.concat([decipher.update(box.subarray(12, -16)), decipher.final()])
  } catch {
    // the tag does not fit: AES-GCM cannot tell a wrong key from a changed box
    throw new SealKeyRefused('the passphrase of the seal key is wrong', 'try again')
  }
}

async function protect(pair: KeyPair, protection: Protection, associated: string): Promise<string> {
  switch (protection.form) {
    case 'file':
      return Buffer.from(pair.privateKey).toString('hex')
    case 'passphrase':
      return lock(pair.privateKey, protection.passphrase, associated)
    case 'keychain': {
      const sealed = await protection.keychain.seal(Buffer.from(pair.privateKey).toString('hex'))
      if (sealed === undefined)
        throw new SealKeyRefused('there is no keychain on this computer that protects anything', 'give a passphrase')
      return sealed
    }
  }
}

/** Writes a new file, for its owner only, and resolves when it is on the disk. Rejects when it exists. */
export async function writeSealFile(path: string, pair: KeyPair, protection: Protection): Promise<void> {
  const header = headerLine({ form: protection.form, publicKey: pair.publicKey })
  await writeDurably(path, `${header}${await protect(pair, protection, header)}\n`, 0o600)
}

async function openPayload(
  { form }: SealHeader,
  payload: string,
  associated: string,
  passphrase: string | undefined,
  keychain: Keychain | undefined,
): Promise<Uint8Array> {
  switch (form) {
    case 'file':
      return Buffer.from(payload, 'hex')
    case 'passphrase':
      return unlockBox(payload, passphrase, associated)
    case 'keychain': {
      const opened = await keychain?.open(payload)
      if (opened === undefined)
        throw new SealKeyRefused(
          'the seal key lies in a keychain that cannot be reached from here',
          'open it with the desktop application, as the person who set it up',
        )
      return Buffer.from(opened, 'hex')
    }
  }
}

/**
 * Reads the private part: 32 bytes, to be overwritten by the caller after use.
 * Rejects with SealKeyRefused when the passphrase is wrong or missing, or the file is not whole.
 */
export async function readSealFile(
  path: string,
  passphrase: string | undefined,
  keychain: Keychain | undefined,
): Promise<Uint8Array> {
  const text = await readFile(path, 'latin1')
  const associated = text.slice(0, HEADER_BYTES)
  const header = parseHeader(associated, path)
  const privateKey = await openPayload(header, text.slice(HEADER_BYTES).trim(), associated, passphrase, keychain)
  if (privateKey.length !== 32 || !Buffer.from(publicKeyOf(privateKey)).equals(header.publicKey))
    throw new SealKeyRefused(`${path} is damaged`, 'put the right file back from a copy')
  return privateKey
}
