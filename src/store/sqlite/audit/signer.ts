/** Signs receipts and checkpoints with the relay's own Ed25519 key (RFC 8032), which is made once and lies in the main database. */

import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import type { Connection } from '../thread/connection.ts'

const SETTING = 'signing.key'

/** The text that is signed: the fields in this order, each as JSON. */
export function signedText(fields: readonly (string | number | null)[]): string {
  return JSON.stringify(fields)
}

/** Whether a signature (base64) over a text was made with this key (SPKI PEM). */
export function isSigned(text: string, signature: string, publicKey: string): boolean {
  try {
    return verify(null, Buffer.from(text), createPublicKey(publicKey), Buffer.from(signature, 'base64'))
  } catch {
    // no key, or no signature at all
    return false
  }
}

/** The public key in force, SPKI PEM; undefined while nothing has been signed. */
export function publicKeyOf(database: Connection): string | undefined {
  const value = database.prepare('SELECT value FROM setting WHERE key = ?').pluck().get(SETTING) as string | undefined
  if (value === undefined) return undefined
  return exportPublic(createPublicKey(JSON.parse(value) as string))
}

function exportPublic(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }) as string
}

export class Signer {
  private readonly database: Connection
  private key: KeyObject | undefined

  constructor(database: Connection) {
    this.database = database
  }

  /** Signs a text; base64. To be called inside a transaction: the first call makes the key. */
  sign(text: string): string {
    return sign(null, Buffer.from(text), this.privateKey()).toString('base64')
  }

  /** SPKI PEM. To be called inside a transaction: the first call makes the key. */
  publicKey(): string {
    return exportPublic(createPublicKey(this.privateKey()))
  }

  /** A transaction that made the key was rolled back: it has to be read again. */
  rolledBack(): void {
    this.key = undefined
  }

  private privateKey(): KeyObject {
    if (this.key) return this.key
    const kept = this.database.prepare('SELECT value FROM setting WHERE key = ?').pluck().get(SETTING) as
      | string
      | undefined
    if (kept !== undefined) {
      this.key = createPrivateKey(JSON.parse(kept) as string)
      return this.key
    }
    const { privateKey } = generateKeyPairSync('ed25519')
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
    this.database.prepare('INSERT INTO setting (key, value) VALUES (?, ?)').run(SETTING, JSON.stringify(pem))
    this.key = privateKey
    return privateKey
  }
}
