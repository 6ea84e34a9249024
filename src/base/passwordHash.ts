/** Passwords of people and credentials: kept as scrypt hashes only, written `scrypt$N$r$p$salt$hash` (base64url). */

import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'

/** 32 MB and some 60 ms a guess. The parameters stand in each hash, so they can be raised later. */
const cost = { N: 32_768, r: 8, p: 1 }
const KEY_BYTES = 32
const SALT_BYTES = 16
/** What a stored hash may ask of this machine at most; protects against a tampered one. */
const MEMORY_LIMIT = 256 * 1024 * 1024

function derive(password: string, salt: Buffer, length: number, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // composed and decomposed accents are the same password, whatever keyboard typed it (RFC 8265 §4.2.2)
    scrypt(password.normalize('NFC'), salt, length, { ...options, maxmem: MEMORY_LIMIT }, (fault, key) =>
      fault ? reject(fault) : resolve(key),
    )
  })
}

/** Hashes a password with a fresh salt. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const key = await derive(password, salt, KEY_BYTES, cost)
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$')
}

/** Whether a password fits a hash made by {@link hashPassword}. False, too, for what is not such a hash. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const match = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/.exec(hash)
  if (!match) return false
  const [N, r, p] = [Number(match[1]), Number(match[2]), Number(match[3])]
  const expected = Buffer.from(match[5]!, 'base64url')
  const key = await derive(password, Buffer.from(match[4]!, 'base64url'), expected.length, { N, r, p })
  return timingSafeEqual(key, expected)
}
