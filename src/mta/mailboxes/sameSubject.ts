/** Whether two addresses are of the same person. */

import { asciiDomain } from '../domains/domain.ts'

/** The one form of a person's addresses: without case and tag (RFC 5233), the domain as A-labels. */
export function subjectKey(address: string): string {
  const at = address.lastIndexOf('@')
  const domain = address.slice(at + 1).replace(/\.+$/, '')
  const local = address.slice(0, Math.max(0, at)).toLowerCase().replace(/\+.*$/, '')
  return `${local}@${asciiDomain(domain) ?? domain.toLowerCase()}`
}

/** Whether two addresses are variants of one. */
export function sameSubject(one: string, other: string): boolean {
  return subjectKey(one) === subjectKey(other)
}
