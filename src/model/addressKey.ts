/**
 * Whether two addresses are one: the only place that says so. Written without case, without needless quotation marks and
 * with the domain as A-labels (RFC 5890 §2.3.2.1), an address has a key; addresses with the same key are the same mailbox.
 *
 * What follows a `+` may be a tag for the same mailbox (RFC 5233) or part of its name: only the domain knows. So there are
 * two keys. {@link mailboxKey} is strict: nobody's mail is destroyed, disclosed or believed for somebody else's. {@link
 * findingKey} is generous: it finds what may belong together, protects more than was asked for, and proves nothing.
 */

/** The platform's own, in Node and in browsers alike: it knows how domains are written (UTS #46). */
declare const URL: new (text: string) => { hostname: string }

/** Providers that deliver whatever follows a `+` to the mailbox before it, and let nobody have a `+` in a name. */
const TAGGING_DOMAINS: ReadonlySet<string> = new Set([
  ...['gmail.com', 'googlemail.com', 'outlook.com', 'hotmail.com', 'live.com', 'msn.com', 'icloud.com', 'me.com'],
  ...['mac.com', 'fastmail.com', 'fastmail.fm', 'proton.me', 'protonmail.com', 'pm.me', 'posteo.de', 'mailbox.org'],
])

/** A domain that is A-labels already; one that ends in a number would be taken for an IP address (WHATWG URL §3.5). */
const PLAIN_DOMAIN = /^(?!.*xn--)[a-z0-9.-]*[a-z][a-z-]*$/

/** Full stops that others write between labels (RFC 3490 §3.1). */
const FULL_STOPS = /[\u3002\uff0e\uff61]/g

function asciiOf(domain: string): string {
  const lower = domain.toLowerCase()
  if (PLAIN_DOMAIN.test(lower)) return lower
  // a host that cannot be set leaves the one before
  const url = new URL('ws://x')
  url.hostname = domain
  return url.hostname === 'x' ? lower : url.hostname
}

/** A quoted local part (RFC 5321 §4.1.2) without its quotation marks. */
function unquoted(local: string): string {
  return local.length > 2 && local.startsWith('"') && local.endsWith('"')
    ? local.slice(1, -1).replace(/\\(.)/g, '$1')
    : local
}

function partsOf(address: string): { local: string; domain: string } {
  const at = address.lastIndexOf('@')
  const domain = address
    .slice(at + 1)
    .replace(FULL_STOPS, '.')
    .replace(/\.{1,255}$/, '')
  return { local: unquoted(address.slice(0, Math.max(0, at))).toLowerCase(), domain: asciiOf(domain) }
}

/** The local part without a tag. A tag needs a user before it: `+491111` has none. */
function untagged(local: string): string {
  const plus = local.indexOf('+', 1)
  // several signs in front are no user either
  return plus < 0 || /^\++$/.test(local.slice(0, plus)) ? local : local.slice(0, plus)
}

/** The key of exactly one mailbox; a tag is left out only where the domain is known to treat it as one. */
export function mailboxKey(address: string): string {
  const { local, domain } = partsOf(address)
  return `${TAGGING_DOMAINS.has(domain) ? untagged(local) : local}@${domain}`
}

/** The key of all mailboxes that may belong together: without a tag, whatever the domain. */
export function findingKey(address: string): string {
  const { local, domain } = partsOf(address)
  return `${untagged(local)}@${domain}`
}

/**
 * The key that data folders of before 2026-12 have in their indexes and hashes. It took everything from the first `+` on
 * for a tag, a whole telephone number too, so it may find others: for finding what was kept then, and nothing else.
 */
export function formerKey(address: string): string {
  const { local, domain } = partsOf(address)
  return `${local.replace(/\+.*$/s, '')}@${domain}`
}

/** Whether two addresses are the same mailbox. */
export function sameMailbox(one: string, other: string): boolean {
  return mailboxKey(one) === mailboxKey(other)
}
