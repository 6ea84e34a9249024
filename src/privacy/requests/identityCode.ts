/** Codes that show that whoever asks reads the mail of an address. */

import { createHash, randomInt } from 'node:crypto'

/** Eight digits. */
export function makeCode(): string {
  return String(randomInt(0, 100_000_000)).padStart(8, '0')
}

/** What is kept of a code, bound to its request; hex. Guessing is bounded by tries and time. */
export function codeHash(request: number, code: string): string {
  return createHash('sha256').update(`mailward request ${request} ${code}`).digest('hex')
}
