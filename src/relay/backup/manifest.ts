/**
 * `backup.json`: what a backup is, until when it may exist, and its key. It is written last, so that a folder without it
 * is no backup. The key is wrapped under a key derived from the log key (HKDF-SHA-256, RFC 5869) with everything else in
 * the manifest as associated data: who changes a word of it can no longer open the backup.
 */

import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeDurably } from '../../base/durableFile.ts'

const FILE = 'backup.json'
const CIPHER = 'aes-256-gcm'
const NONCE = 12
const TAG = 16

const manifestShape = z.object({
  format: z.literal(1),
  /** 16 hex digits */
  id: z.string().regex(/^[0-9a-f]{16}$/),
  /** id of the data folder it was made of, whose log key opens it */
  folder: z.string().regex(/^[0-9a-f]{16}$/),
  /** whether it holds demo data, which never becomes real mail */
  demo: z.literal(true).optional(),
  createdAt: z.iso.datetime(),
  /** from this moment it may no longer exist */
  destroyBy: z.iso.datetime(),
  /** of the Mailward that made it */
  version: z.string(),
  days: z.number().int(),
  headers: z.number().int(),
  live: z.number().int(),
  /** days that were left out, because their file was damaged or lost */
  leftOut: z
    .array(z.string().regex(/^[\w-]+$/))
    .min(1)
    .optional(),
  files: z.array(
    z.object({
      path: z.string().regex(/^(?:mailward\.db|days\/[\w-]+\.db)$/),
      size: z.number().int(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
  /** the backup's key: nonce, ciphertext, tag; base64 */
  key: z.string(),
})

export type Manifest = z.infer<typeof manifestShape>

function wrappingKey(logKey: Uint8Array, id: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', logKey, Buffer.from(id, 'hex'), 'mailward backup', 32))
}

const withoutKey = manifestShape.omit({ key: true })

/** Everything but the key, in a fixed order. */
function associated(manifest: Omit<Manifest, 'key'>): Buffer {
  return Buffer.from(JSON.stringify(withoutKey.parse(manifest)))
}

function wrap(logKey: Uint8Array, manifest: Omit<Manifest, 'key'>, key: Uint8Array): string {
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv(CIPHER, wrappingKey(logKey, manifest.id), nonce).setAAD(associated(manifest))
  return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]).toString('base64')
}

/** The backup's key (32 bytes); undefined when the log key is another one, or the manifest was changed. */
export function openBackupKey(logKey: Uint8Array, manifest: Manifest): Uint8Array | undefined {
  const box = Buffer.from(manifest.key, 'base64')
  if (box.length !== NONCE + 32 + TAG) return undefined
  const decipher = createDecipheriv(CIPHER, wrappingKey(logKey, manifest.id), box.subarray(0, NONCE))
  decipher.setAAD(associated(manifest)).setAuthTag(box.subarray(-TAG))
  try {
    return Buffer.concat([decipher.update(box.subarray(NONCE, -TAG)), decipher.final()])
  } catch {
    // the tag does not fit
    return undefined
  }
}

/** Writes the manifest durably into the backup's folder, which has none yet. */
export async function writeManifest(
  folder: string,
  manifest: Omit<Manifest, 'key'>,
  logKey: Uint8Array,
  key: Uint8Array,
): Promise<void> {
  const whole: Manifest = { ...manifest, key: wrap(logKey, manifest, key) }
  await writeDurably(join(folder, FILE), `${JSON.stringify(whole, undefined, 2)}\n`, 0o600)
}

/** Reads the manifest of a folder; undefined when there is none, or it is not one of this version. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  try {
    return manifestShape.parse(JSON.parse(await readFile(join(folder, FILE), 'utf8')))
  } catch {
    // not there, not readable, not JSON, or of another form: none of them is a backup that can be used
    return undefined
  }
}
