/**
 * The blind index of samples: keyed hashes of the addresses in a message, so that an erasure finds a sample without
 * opening it, and who has the table alone learns no address.
 */

import { createHmac } from 'node:crypto'
import { domainToASCII } from 'node:url'

/** Bytes of a message that are looked through for addresses, and how many different ones are kept. */
const LOOKED_THROUGH = 1024 * 1024
const MOST = 2000
const HASH_BYTES = 16
const ADDRESS = /[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}@[\p{L}\p{N}.-]{1,253}/gu

/** A domain that is A-labels already; one that ends in a number would be taken for an address (WHATWG URL §3.5). */
const PLAIN_DOMAIN = /^(?!.*xn--)[a-z0-9.-]*[a-z][a-z-]*$/

/** An address as it is compared: without case, its domain as A-labels (RFC 5890 §2.3.2.1). */
export function comparable(address: string): string {
  const at = address.lastIndexOf('@')
  const domain = address.slice(at + 1).replace(/\.+$/, '')
  const lower = domain.toLowerCase()
  if (PLAIN_DOMAIN.test(lower)) return `${address.slice(0, at).toLowerCase()}@${lower}`
  return `${address.slice(0, at).toLowerCase()}@${domainToASCII(domain) || lower}`
}

/** Without a tag after `+` (RFC 5233), which most systems deliver to the same person. */
export function untagged(address: string): string {
  return address.replace(/\+[^@]*@/, '@')
}

/** The keyed hash of an address, 16 bytes. */
export function blind(key: Uint8Array, address: string): Uint8Array {
  return createHmac('sha256', key)
    .update(untagged(comparable(address)))
    .digest()
    .subarray(0, HASH_BYTES)
}

/** Keyed hashes of the addresses of the envelope and of those that stand in the bytes as plain text. */
export function blindAll(key: Uint8Array, envelope: readonly string[], bytes: Uint8Array): Uint8Array[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, LOOKED_THROUGH)).toString('utf8')
  const found = new Set<string>()
  for (const address of envelope) if (address.includes('@')) found.add(untagged(comparable(address)))
  for (const [address] of text.matchAll(ADDRESS)) {
    if (found.size >= MOST) break
    found.add(untagged(comparable(address)))
  }
  return [...found].map((address) => blind(key, address))
}
