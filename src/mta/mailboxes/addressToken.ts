/**
 * Tokens in addresses of this relay (`unsubscribe+TOKEN@`, `appeal+TOKEN@`): each names a number, and cannot be guessed.
 * The secret lies in the settings and goes into backups: letters that are out stay good.
 */

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Settings } from '../../store/store.ts'
import { fieldsOf } from '../mime/fields.ts'

/** 128 bits of the HMAC, hex: letter case does not matter, as mail software may change it. */
const MAC_LENGTH = 32
/** Where the address that was written to stands in a mail. */
const recipientFields = new Set(['to', 'cc', 'delivered-to', 'x-original-to', 'envelope-to'])

export interface MailTokens {
  tokenOf(id: number): Promise<string>
  /** The number a token names; undefined when it was not made here. */
  idOf(token: string): Promise<number | undefined>
}

/**
 * Tokens for one purpose.
 * @param setting key of the setting with their secret
 */
export function createMailTokens(settings: Settings, setting: string, purpose: string): MailTokens {
  let secret: Promise<string> | undefined

  async function readSecret(): Promise<string> {
    const known = await settings.get<string>(setting)
    if (known !== undefined) return known
    const made = randomBytes(32).toString('hex')
    await settings.set(setting, made)
    return made
  }

  async function macOf(id: number): Promise<string> {
    secret ??= readSecret()
    const key = Buffer.from(await secret, 'hex')
    return createHmac('sha256', key).update(`${purpose} ${id}`).digest('hex').slice(0, MAC_LENGTH)
  }

  return {
    tokenOf: async (id) => `${id.toString(36)}-${await macOf(id)}`,
    async idOf(token) {
      const [, written, mac] = /^([0-9a-z]{1,10})-([0-9a-f]{32})$/.exec(token.toLowerCase()) ?? []
      if (written === undefined || mac === undefined) return undefined
      const id = Number.parseInt(written, 36)
      return timingSafeEqual(Buffer.from(await macOf(id)), Buffer.from(mac)) ? id : undefined
    },
  }
}

/** Tokens in the addresses `LOCAL+TOKEN@` that a mail was written to. */
export function tokensIn(content: Uint8Array, local: string): string[] {
  const fields = fieldsOf(Buffer.from(content).toString('latin1'))
  const written = fields.flatMap(([name, value]) => (recipientFields.has(name) ? [value] : [])).join(' ')
  // cut at the signs, and not searched with a pattern: one that may begin anywhere costs its length at each place
  const pieces = written.split('@').slice(0, -1)
  return pieces.flatMap((piece) => {
    const plus = piece.lastIndexOf('+')
    const from = plus - local.length
    if (from < 0 || piece.slice(from, plus).toLowerCase() !== local || /[\w.-]/.test(piece[from - 1] ?? '')) return []
    const token = piece.slice(plus + 1)
    return /^[0-9a-z-]{1,64}$/i.test(token) ? [token] : []
  })
}
