/** Addresses as commands and reports write them. */

import { domainToASCII } from 'node:url'

const NOT_ASCII = /[^\u0020-\u007e]/

/** Whether a text can only be written in UTF-8. */
export function isUtf8(text: string): boolean {
  return NOT_ASCII.test(text)
}

/** An address with its domain in ASCII form (RFC 5890), so that only a local part outside ASCII needs SMTPUTF8. */
export function wireAddress(address: string): string {
  if (!NOT_ASCII.test(address)) return address
  const at = address.lastIndexOf('@')
  const domain = domainToASCII(address.slice(at + 1))
  return at < 0 || domain === '' ? address : `${address.slice(0, at)}@${domain}`
}
