/** Whose records are meant, as plain values that cross to a worker, and the question whether a record names them. */

import { createHmac } from 'node:crypto'
import { findingKey, formerKey } from '../../../model/addressKey.ts'
import type { IsSubject } from './redact.ts'

/** One person, or everything of one account. */
export interface MeantSubject {
  /** key of the mailbox, or its keyed hash when {@link Meant.secret} is there; undefined: everything of the account */
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
  /** not these mailboxes, but others that may belong together with them: found, and never destroyed */
  isRelated?: boolean
}

/** Account number of the relay's own mail. */
const OWN = 0
/** Hashes remembered. */
const REMEMBERED = 100_000

/** Keyed hash of a text, hex. */
function keyed(secret: Uint8Array, text: string): string {
  return createHmac('sha256', secret).update(text).digest('hex')
}

/** Keyed hash of all mailboxes that may belong together with one, hex. */
export function hashRelated(secret: Uint8Array, address: string): string {
  return keyed(secret, findingKey(address))
}

/** What {@link hashRelated} was before 2026-12: a telephone number counted as a tag. */
export function hashFormer(secret: Uint8Array, address: string): string {
  return keyed(secret, formerKey(address))
}

/** Keyed hash of exactly one mailbox, hex. */
export function hashMailbox(secret: Uint8Array, key: string): string {
  return keyed(secret, `mailbox ${key}`)
}

/**
 * Under which hashes an erasure ledger may name a mailbox. What was erased before 2026-12 is named without a tag: repeated,
 * that erasure takes what it took then.
 */
export function hashesOf(secret: Uint8Array, key: string): readonly [string, string] {
  return [hashMailbox(secret, key), hashFormer(secret, key)]
}

export class Matcher {
  private readonly subjects: readonly MeantSubject[]
  private readonly secret: Uint8Array | undefined
  private readonly isRelated: boolean
  private readonly hashes = new Map<string, readonly [string, string]>()

  constructor({ subjects, secret, isRelated }: Meant) {
    this.subjects = subjects
    this.secret = secret
    this.isRelated = isRelated === true
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
    if (this.secret) return (key) => this.hash(key).some((hash) => keys.has(hash))
    if (!this.isRelated) return (key) => keys.has(key)
    const related = new Set([...keys].map(findingKey))
    return (key) => !keys.has(key) && related.has(findingKey(key))
  }

  private hash(key: string): readonly [string, string] {
    const known = this.hashes.get(key)
    if (known !== undefined) return known
    if (this.hashes.size >= REMEMBERED) this.hashes.clear()
    const hash = hashesOf(this.secret!, key)
    this.hashes.set(key, hash)
    return hash
  }
}
