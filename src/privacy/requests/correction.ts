/** Corrections of an account's data, written as `contact: ADDRESS` and `domains: DOMAIN, DOMAIN`, one a line. */

import { parseMailbox } from '../../model/address.ts'
import { asciiDomain } from '../../mta/domains/domain.ts'

export interface Correction {
  contact?: string
  domains?: string[]
}

/** What a text says is to be corrected; undefined when it is not in that form. */
export function readCorrection(text: string): Correction | undefined {
  const correction: Correction = {}
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const [, field, value] = /^\s*(contact|domains)\s*:\s*(.+?)\s*$/i.exec(line) ?? []
    if (field?.toLowerCase() === 'contact' && parseMailbox(value!)) correction.contact = value!
    else if (field?.toLowerCase() === 'domains') {
      const domains = value!.split(/[\s,;]+/).map((domain) => asciiDomain(domain))
      if (domains.some((domain) => domain === undefined)) return undefined
      correction.domains = domains as string[]
    } else return undefined
  }
  return Object.keys(correction).length === 0 ? undefined : correction
}
