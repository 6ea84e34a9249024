/** Domain names in the one form in which they are compared: lower case, A-labels (RFC 5890 §2.3.2.1). */

import { domainToASCII } from 'node:url'
import { isAddressLiteral, isDomain, isInternational } from '../../model/address.ts'
import type { DomainName } from '../../model/route.ts'

/**
 * The lower-case A-label form of a domain or address literal as an address gives it; undefined when it is none.
 * What Node's converter takes for an IP address (`127.1`) or decodes (`%61`) never gets to it.
 */
export function asciiDomain(domain: string): DomainName | undefined {
  if (isAddressLiteral(domain)) return domain.toLowerCase() as DomainName
  if (!isDomain(domain)) return undefined
  if (!isInternational(domain)) return domain.toLowerCase() as DomainName
  const ascii = domainToASCII(domain)
  // the mapping can bring forth what was hidden, such as full-width digits
  return isDomain(ascii) ? (ascii as DomainName) : undefined
}

/** The domain of a recipient's address, as routes know it. */
export function recipientDomain(address: string): DomainName {
  const domain = address.slice(address.lastIndexOf('@') + 1)
  // what is no domain leads wherever `*` does
  return asciiDomain(domain) ?? (domain.toLowerCase() as DomainName)
}
