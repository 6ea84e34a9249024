/** The words of the report: what is kept where, why, and for how long (GDPR article 15 (1)). */

import type { ExportHead } from './content.ts'

/** Why something is kept, and for how long. */
export interface Purpose {
  why: string
  until: string
}

/** Places of the search by name, as the store names them. */
export function purposeOf(place: string, keepDays: number): Purpose {
  const days = `${keepDays} days from acceptance, then destroyed`
  switch (place) {
    case 'header records':
      return { why: 'to deliver mail, to say what became of it, and to stop abuse', until: days }
    case 'unreadable days':
      return { why: 'a damaged file, so that nobody knows what of these days concerns the person', until: days }
    case 'samples':
      return {
        why: 'one message in a thousand, sealed; opened only on suspicion of abuse, and each opening is recorded',
        until: days,
      }
    case 'queue':
      return { why: 'mail on its way', until: 'until it is delivered or given up, after 5 days at most' }
    case 'captured mail':
      return { why: 'mail put aside by the operator instead of being sent', until: 'until it is released or cancelled' }
    case 'suppression list':
      return { why: 'so that no more mail is sent; a keyed hash, not the address', until: 'until it is withdrawn' }
    case 'holds':
      return { why: 'a legal duty to keep evidence', until: 'until the hold is released' }
    case 'audit log':
      return { why: 'to prove what was done with data, and by whom', until: 'the personal part until it is erased' }
    case 'backups':
      return { why: 'to recover after a fault', until: 'until the backup is destroyed; erasures are repeated first' }
    case 'requests':
    case 'letters':
    case 'packages':
    case 'mail to the desks':
      return { why: 'to answer this request and to prove that it was answered', until: 'until the request is closed' }
    case 'signals':
    case 'cases':
      return { why: 'to find and stop abuse', until: 'until the case is closed' }
    case 'accounts and contacts':
    case 'people':
    case 'consents':
    case 'policy notices':
      return { why: 'to provide the service to account holders', until: 'as long as the account exists' }
    default:
      return { why: 'to run the mail relay', until: 'as long as that needs it' }
  }
}

/** Where the data came from, and who decides about it. */
export function originOf({ redacted, accounts, relay }: ExportHead): string {
  const names = accounts.join(', ')
  const sentences = redacted
    ? accounts.length === 0
      ? [`No account of ${relay} has sent mail that is still on record.`]
      : [
          `The data was handed to ${relay} by the accounts that sent the mail: ${names}.`,
          `Each of them decides about the mail it sends; ${relay} carries it on their behalf.`,
        ]
    : [
        `This is the mail that ${names || 'the account'} handed to ${relay} to be sent.`,
        'Recipients are shown as the account wrote them: it decides about that data, and handed it over itself.',
      ]
  return sentences.join(' ')
}

/** What the person may ask for (GDPR articles 15 to 21, 77). */
export const rights: readonly string[] = [
  'have wrong data corrected (article 16)',
  'have data destroyed (article 17), or its use restricted (article 18)',
  'receive it in a form machines can read (article 20): records.json and records.csv are that',
  'object to its use (article 21): no more mail is then sent to the address by the account',
  'complain to the data protection authority of the place where you live or work (article 77)',
]

/** What is true of this relay whoever asks. */
export const assurances: readonly string[] = [
  'The text of a message and its attachments are destroyed when it is delivered or given up. Only sealed samples remain.',
  'Nothing is decided about a person by a machine alone (article 22), and no profiles are made.',
]
