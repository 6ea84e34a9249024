/** What an account is told when an authority has demanded its data. Pure. */

import type { Letter } from '../../mta/mime/letter.ts'
import { letterTime } from './policyLetter.ts'

export interface DisclosedDemand {
  id: number
  account: string
  /** name of this relay */
  hostname: string
  authority: string
  /** law and file number */
  basis: string
  /** what was demanded, in words */
  scope: string
  /** milliseconds, Unix time */
  receivedAt: number
  refused: boolean
  /** what was handed over; undefined for nothing so far */
  export: { at: number; records: number; sha256: string } | undefined
  /** until when nobody was allowed to tell; undefined when there was no such order */
  gagUntil: number | undefined
  /** address of an admin who answers questions; undefined when none is known */
  admin: string | undefined
}

function outcome({ refused, export: made }: DisclosedDemand): string {
  if (refused) return 'The demand was refused: nothing was handed over.'
  if (!made) return 'Nothing has been handed over so far.'
  const count = `${made.records} header ${made.records === 1 ? 'record was' : 'records were'}`
  return `On ${letterTime(made.at)} ${count} handed over, of all accounts the demand covers together: sender, recipients, headers and what became of each message; no content. The SHA-256 of what was handed over is ${made.sha256}.`
}

/** The letter to the contact of an account the demand covers. */
export function legalRequestLetter(demand: DisclosedDemand): Letter {
  const { id, account, hostname, authority, basis, scope, receivedAt, gagUntil, admin } = demand
  return {
    subject: `An authority demanded data of account ${account}`,
    replyTo: admin,
    paragraphs: [
      `This letter is about account ${account} at the mail relay ${hostname}.`,
      `Who demanded it: ${authority}. On what ground: ${basis}.`,
      `What was demanded: ${scope}. The demand arrived on ${letterTime(receivedAt)} and has number ${id} in our register.`,
      outcome(demand),
      ...(gagUntil === undefined ? [] : [`Until ${letterTime(gagUntil)} we were not allowed to tell you.`]),
      'What you can do: ask the authority what it is about, and have it looked at by a lawyer or a court.',
      `Whom to ask: ${admin === undefined ? 'the operator of this relay' : `${admin}, or answer this letter`}.`,
    ],
  }
}
