/** Whose records are meant, as plain values that cross to a worker, and the question whether a record names them. */

import { createHmac } from 'node:crypto'
import type { IsPerson } from './redact.ts'

/** One person, or everything of one account. */
export interface MeantPerson {
  /** key of the address, or its keyed hash when {@link Meant.secret} is there; undefined: everything of the account */
  key: string | undefined
  /** only records of this account; undefined: of all */
  account: number | undefined
  /** whether the relay's own mail is meant besides */
  ownMail: boolean
  /** only records accepted up to this moment */
  until: number | undefined
}

export interface Meant {
  persons: MeantPerson[]
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
  private readonly persons: readonly MeantPerson[]
  private readonly secret: Uint8Array | undefined
  private readonly hashes = new Map<string, string>()

  constructor({ persons, secret }: Meant) {
    this.persons = persons
    this.secret = secret
  }

  /** Whether a whole record goes because of its account. */
  isWhole(account: number, at: number): boolean {
    return this.persons.some(
      (one) => one.key === undefined && one.account === account && (one.until === undefined || at <= one.until),
    )
  }

  /** The persons who are meant in a record of this account; undefined when there are none. */
  of(account: number, at: number): IsPerson | undefined {
    return this.asked(
      (one) =>
        (one.account === undefined || one.account === account || (one.ownMail && account === OWN)) &&
        at <= (one.until ?? at),
    )
  }

  /** The persons who are meant in the relay's own records, of this account, or of none. */
  ofRow(account: number | null): IsPerson | undefined {
    return this.asked((one) => one.account === undefined || account === null || one.account === account)
  }

  private asked(applies: (one: MeantPerson) => boolean): IsPerson | undefined {
    const keys = new Set(this.persons.flatMap((one) => (one.key !== undefined && applies(one) ? [one.key] : [])))
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
