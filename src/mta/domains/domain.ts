/** Domain names in the one form in which they are compared: lower case, A-labels (RFC 5890 §2.3.2.1). */

import { domainToASCII } from 'node:url'
import { isAddressLiteral, isDomain, isInternational } from '../../model/address.ts'

/**
 * The lower-case A-label form of a domain or address literal as an address gives it; undefined when it is none.
 * What Node's converter takes for an IP address (`127.1`) or decodes (`%61`) never gets to it.
 */
export function asciiDomain(domain: string): string | undefined {
  if (isAddressLiteral(domain)) return domain.toLowerCase()
  if (!isDomain(domain)) return undefined
  if (!isInternational(domain)) return domain.toLowerCase()
  const ascii = domainToASCII(domain)
  // the mapping can bring forth what was hidden, such as full-width digits
  return isDomain(ascii) ? ascii : undefined
}
