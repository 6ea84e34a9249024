/** One-time passwords by time (RFC 6238) as authenticator apps make them: HMAC-SHA-1, six digits, 30 seconds. */

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** Milliseconds of a time step. */
const STEP_MS = 30_000
const DIGITS = 6
/** Bytes of a secret: as many as the hash has (RFC 4226 §4, R6). */
const SECRET_BYTES = 20
/** RFC 4648 §6 */
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

export function newSecret(): Uint8Array {
  return randomBytes(SECRET_BYTES)
}

/** The step a time (milliseconds, Unix time) lies in. */
export function stepAt(now: number): number {
  return Math.floor(now / STEP_MS)
}

/** The code of a step (RFC 4226 §5.3). */
export function codeOf(secret: Uint8Array, step: number, digits = DIGITS): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const hash = createHmac('sha1', secret).update(counter).digest()
  const offset = hash[hash.length - 1]! & 0xf
  const number = hash.readUInt32BE(offset) & 0x7fff_ffff
  return String(number % 10 ** digits).padStart(digits, '0')
}

/**
 * The step whose code this is: the present one, or one beside it for clocks that differ (RFC 6238 §5.2).
 * @param after steps up to this one were used and do not count
 */
export function matchingStep(secret: Uint8Array, code: string, now: number, after: number): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined
  const given = Buffer.from(code)
  const present = stepAt(now)
  return [present, present - 1, present + 1].find(
    (step) => step > after && step >= 0 && timingSafeEqual(Buffer.from(codeOf(secret, step)), given),
  )
}

/** A secret as authenticator apps take it: base32 without padding. */
export function base32(bytes: Uint8Array): string {
  let written = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      written += BASE32[(value >>> bits) & 31]
    }
    value &= (1 << bits) - 1
  }
  return bits > 0 ? written + BASE32[(value << (5 - bits)) & 31] : written
}

/** The address an authenticator app reads a secret from. */
export function keyUri(issuer: string, account: string, secret: Uint8Array): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`
  const issued = encodeURIComponent(issuer)
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=${issued}&algorithm=SHA1&digits=6&period=30`
}
