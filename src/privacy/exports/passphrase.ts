/** Passphrases of packages: told by telephone, so without signs that sound or look alike. */

import { randomInt } from 'node:crypto'

/** Crockford's base 32: no i, l, o, u */
const SIGNS = '0123456789abcdefghjkmnpqrstvwxyz'
const GROUPS = 5
const GROUP = 4

/** 100 random bits, such as `k7rm-2xdt-09qz-mn4h-v8wc`. */
export function newPassphrase(): string {
  const group = () => Array.from({ length: GROUP }, () => SIGNS[randomInt(SIGNS.length)]).join('')
  return Array.from({ length: GROUPS }, group).join('-')
}
