/** What an account is told about an action of the review desk: a draft a person reads and changes before it is sent. Pure. */

import type { ActionKind } from '../../model/case.ts'

export interface ActionLetter {
  kind: ActionKind
  account: string
  /** name of this relay */
  hostname: string
  /** the reason out of the terms of service */
  terms: string
  /** in the reviewer's words; empty for none */
  reason: string
  /** messages an hour, for `throttle` */
  perHour: number | undefined
}

/** What was done, and what it means for the account. */
function means({ kind, perHour }: ActionLetter): [string, string] {
  switch (kind) {
    case 'warn':
      return [
        'A warning',
        'Nothing is changed for your mail now. Should it go on, mail of your account may be slowed down, held or refused.',
      ]
    case 'throttle':
      return [
        'Your mail is slowed down',
        `From now on your account may submit ${perHour} messages an hour. Messages beyond that are refused for the time being; your system will submit them again later.`,
      ]
    case 'hold':
      return [
        'Your mail is held',
        'Mail of your account is accepted, and waits here until this is decided. Nothing of it is lost.',
      ]
    case 'suspend':
      return [
        'Your account is suspended',
        'Your mail is refused from now on, with the reason. What was accepted before and not yet delivered is held; nothing of it is lost.',
      ]
    case 'end trust':
      return [
        'Trust has ended',
        'From now on one whole message in a thousand of your mail is stored again, encrypted, for the time the policy says. Stored messages are opened only on a suspicion of abuse, for a stated reason, and every opening is recorded.',
      ]
    case 'close account':
      return [
        'Your account is closed',
        'Your mail is refused from now on. What was accepted before and not yet delivered is held; nothing of it is lost.',
      ]
  }
}

/** Drafts the letter. */
export function actionLetter(letter: ActionLetter): { subject: string; text: string } {
  const [title, meaning] = means(letter)
  const paragraphs = [
    `This letter is about account ${letter.account} at the mail relay ${letter.hostname}.`,
    `Why: ${letter.terms}.${letter.reason === '' ? '' : ` ${letter.reason}`}`,
    meaning,
    'If you think that this is wrong, answer this letter: the decision will be looked at again.',
  ]
  return { subject: `${title}: account ${letter.account}`, text: paragraphs.join('\n\n') }
}
