/** Whose records are meant, as plain values that cross to a worker, and the question whether a record names them. */

import { createHmac } from 'node:crypto'
import type { IsSubject } from './redact.ts'

/** One person, or everything of one account. */
export interface MeantSubject {
  /** key of the address, or its keyed hash when {@link Meant.secret} is there; undefined: everything of the account */
  key: string | undefined
  /** only records of this account; undefined: of all */
  account: number | undefined
  /** whether the relay's own mail is meant besides */
  systemMail: boolean
  /** only records accepted up to this moment */
  until: number | undefined
}

export interface Meant {
  subjects: MeantSubject[]
  /** what addresses are hashed with, when only hashes are known */
  secret: Uint8Array | undefined
}

/** Account number of the relay's own mail. */
const OWN = 0
/** Hashes remembered. */
const REMEMBERED = 100_000

/** Keyed hash of the key of an address, hex. */
export function hashKey(secret: Uint8Array, key: string): string {
  return createHmac('sha256', secret).update(key).digest('hex')
}

export class Matcher {
  private readonly subjects: readonly MeantSubject[]
  private readonly secret: Uint8Array | undefined
  private readonly hashes = new Map<string, string>()

  constructor({ subjects, secret }: Meant) {
    this.subjects = subjects
    this.secret = secret
  }

  /** Whether a whole record goes because of its account. */
  isWhole(account: number, at: number): boolean {
    return this.subjects.some(
      (one) => one.key === undefined && one.account === account && (one.until === undefined || at <= one.until),
    )
  }

  /** The persons who are meant in a record of this account; undefined when there are none. */
  of(account: number, at: number): IsSubject | undefined {
    return this.asked(
      (one) =>
        (one.account === undefined || one.account === account || (one.systemMail && account === OWN)) &&
        at <= (one.until ?? at),
    )
  }

  /** The persons who are meant in the relay's own records, of this account, or of none. */
  ofRow(account: number | null): IsSubject | undefined {
    return this.asked((one) => one.account === undefined || account === null || one.account === account)
  }

  private asked(applies: (one: MeantSubject) => boolean): IsSubject | undefined {
    const keys = new Set(this.subjects.flatMap((one) => (one.key !== undefined && applies(one) ? [one.key] : [])))
    if (keys.size === 0) return undefined
    return this.secret ? (key) => keys.has(this.hash(key)) : (key) => keys.has(key)
  }

  private hash(key: string): string {
    const known = this.hashes.get(key)
    if (known !== undefined) return known
    if (this.hashes.size >= REMEMBERED) this.hashes.clear()
    const hash = hashKey(this.secret!, key)
    this.hashes.set(key, hash)
    return hash
  }
}
