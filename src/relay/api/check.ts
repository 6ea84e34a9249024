/** Checks of what people type in: domains, address ranges, hosts. Pure; what is wrong is said, not thrown. */

import { isIP } from 'node:net'
import type { Checked } from '../../base/checked.ts'
import { isAddressLiteral, parseMailbox } from '../../model/address.ts'
import { type AddressRange, isInRange, parseRange } from '../../model/addressRange.ts'
import { asciiDomain } from '../../mta/domains/domain.ts'

/** A domain in lower-case A-label form (RFC 5890 §2.3.2.1), such as `kestrel.example` or `xn--bcher-kva.example`. */
export function checkDomain(text: string): Checked {
  const trimmed = text.trim().replace(/\.$/, '')
  const domain = isAddressLiteral(trimmed) ? undefined : asciiDomain(trimmed)
  if (domain === undefined) return { ok: false, problem: `${text} is not a domain: give one such as acme.example` }
  return { ok: true, value: domain }
}

/** A host to connect to: a domain or an IP address (IPv6 without brackets). */
export function checkHost(text: string): Checked {
  const bare = text.trim().replace(/^\[(.*)\]$/, '$1')
  if (isIP(bare)) return { ok: true, value: bare.toLowerCase() }
  const domain = checkDomain(bare)
  return domain.ok ? domain : { ok: false, problem: `${text} is not a host: give a name or an IP address` }
}

/** An address of the IPv4 part of the IPv6 space (RFC 4291 §2.5.5.2), where ranges of both kinds are compared. */
const someV4 = [0, 0, 0, 0, 0, 0xffff, 0, 0]
const V4_BITS = 96

/** Whether a range lies in, or has in it, the IPv4 part. */
function touchesV4(range: AddressRange): boolean {
  return isInRange(range.groups, { groups: someV4, prefix: V4_BITS }) || isInRange(someV4, range)
}

/** A range that is nearly everybody makes an open relay (RFC 5321 §7.1): at most /8 of IPv4, /16 of IPv6. */
function isTooWide(range: AddressRange): boolean {
  return range.prefix < (touchesV4(range) ? V4_BITS + 8 : 16)
}

/** Whether no bit is set behind the prefix. */
function isAligned({ groups, prefix }: AddressRange): boolean {
  const bits = groups.map((group) => group.toString(2).padStart(16, '0')).join('')
  return !bits.slice(prefix).includes('1')
}

/** The shortest way to write an IPv6 address (RFC 5952), as URLs have it. */
function shortForm(address: string): string {
  return new URL(`http://[${address}]/`).hostname.slice(1, -1)
}

/** An address range in CIDR form (RFC 4632 §3.1); a single address gets its full prefix. Host bits must be zero. */
export function checkRange(text: string): Checked {
  const trimmed = text.trim()
  const range = parseRange(trimmed)
  if (!range)
    return { ok: false, problem: `${text} is not an address range: give one such as 192.0.2.0/24 or 2001:db8::/64` }
  if (isTooWide(range)) return { ok: false, problem: `${text} is nearly everybody: give a narrower range` }
  if (!isAligned(range))
    return { ok: false, problem: `${text} has bits set behind its prefix: give the first address of the range` }
  const address = trimmed.split('/')[0]!
  const isV6 = address.includes(':')
  return { ok: true, value: `${isV6 ? shortForm(address) : address}/${isV6 ? range.prefix : range.prefix - V4_BITS}` }
}

/** An e-mail address (RFC 5321 §4.1.2), with its domain as typed. */
export function checkEmail(text: string): Checked {
  const trimmed = text.trim()
  if (!parseMailbox(trimmed))
    return { ok: false, problem: `${text} is not an e-mail address: give one such as ann@acme.example` }
  return { ok: true, value: trimmed }
}
