/** Corrections of an account's data, written as `contact: ADDRESS` and `domains: DOMAIN, DOMAIN`, one a line. */

import { parseMailbox } from '../../model/address.ts'
import { asciiDomain } from '../../mta/domains/domain.ts'
import type { Actor } from '../../store/cases.ts'
import type { SubjectRequest } from '../../store/requests.ts'
import type { RequestParts } from './context.ts'

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

/** Carries a correction out. What cannot be understood, or is about no account, changes nothing. */
export async function correct(
  { store: { directory }, clock }: Pick<RequestParts, 'store' | 'clock'>,
  { id, correction, account }: SubjectRequest,
  by: Actor,
): Promise<void> {
  const wanted = readCorrection(correction)
  if (!wanted || account === undefined) return
  const said = { at: clock.now(), actor: by.email, object: `request ${id}`, reason: `request ${id}`, details: {} }
  const facts = { request: id, account }
  if (wanted.contact !== undefined)
    await directory.setAccountContact(account, wanted.contact, { ...said, action: 'accounts.setContact', facts })
  if (wanted.domains)
    await directory.setAccountDomains(account, wanted.domains, { ...said, action: 'accounts.setDomains', facts })
}
