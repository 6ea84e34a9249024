/**
 * The blind index of samples: keyed hashes of the addresses in a message, so that an erasure finds a sample without
 * opening it, and who has the table alone learns no address.
 */

import { createHmac } from 'node:crypto'
import { findingKey, formerKey, mailboxKey } from '../../../model/addressKey.ts'

/** Bytes of a message that are looked through for addresses, and how many different ones are kept. */
const LOOKED_THROUGH = 1024 * 1024
const MOST = 2000
const HASH_BYTES = 16
const ADDRESS = /[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}@[\p{L}\p{N}.-]{1,253}/gu

function keyed(key: Uint8Array, text: string): Uint8Array {
  return createHmac('sha256', key).update(text).digest().subarray(0, HASH_BYTES)
}

/** The keyed hash of exactly one mailbox, 16 bytes. */
function ofMailbox(key: Uint8Array, address: string): Uint8Array {
  return keyed(key, `mailbox ${mailboxKey(address)}`)
}

/** The keyed hash of all mailboxes that may belong together with one. */
function ofRelated(key: Uint8Array, address: string): Uint8Array {
  return keyed(key, `related ${findingKey(address)}`)
}

/**
 * Under which hashes a sample stands that names exactly this mailbox. Samples of before 2026-12 have one hash for all
 * tags: they count only for an address without any, whose own hash that is.
 */
export function blindMailbox(key: Uint8Array, address: string): Uint8Array[] {
  const exact = ofMailbox(key, address)
  return formerKey(address) === mailboxKey(address) ? [exact, keyed(key, formerKey(address))] : [exact]
}

/** Under which hashes a sample stands that names this mailbox, or one that may belong to it. */
export function blindRelated(key: Uint8Array, address: string): Uint8Array[] {
  return [ofMailbox(key, address), ofRelated(key, address), keyed(key, formerKey(address))]
}

/** Keyed hashes of the addresses of the envelope and of those that stand in the bytes as plain text. */
export function blindAll(key: Uint8Array, envelope: readonly string[], bytes: Uint8Array): Uint8Array[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, LOOKED_THROUGH)).toString('utf8')
  const found = new Set<string>()
  for (const address of envelope) if (address.includes('@')) found.add(address)
  for (const [address] of text.matchAll(ADDRESS)) {
    if (found.size >= MOST) break
    found.add(address)
  }
  const hashes = [...found].flatMap((address) => [ofMailbox(key, address), ofRelated(key, address)])
  return [...new Map(hashes.map((hash) => [Buffer.from(hash).toString('hex'), hash])).values()]
}
