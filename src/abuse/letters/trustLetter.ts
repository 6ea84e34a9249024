/** What an account is told when its trust has ended by itself. Pure. */

import type { Account } from '../../model/account.ts'
import { KEEP_DAYS } from '../../model/retention.ts'
import { CRITERIA_DAYS } from '../../model/trust.ts'
import type { Letter } from '../../mta/mime/letter.ts'

export interface EndedTrust {
  account: Pick<Account, 'name' | 'keepDays'>
  /** name of this relay */
  hostname: string
  /** milliseconds, Unix time */
  endedAt: number
  /** with the figures */
  reason: string
  /** address of an admin who answers questions; undefined when none is known */
  admin: string | undefined
}

/** The letter to the account's contact: what was decided, why, from when, what it means, whom to ask. */
export function trustEndedLetter({ account, hostname, endedAt, reason, admin }: EndedTrust): Letter {
  const time = new Date(endedAt).toISOString()
  const at = `${time.slice(0, 10)} at ${time.slice(11, 16)} UTC`
  return {
    subject: `Trust has ended for account ${account.name}`,
    replyTo: admin,
    paragraphs: [
      `This letter is about account ${account.name} at the mail relay ${hostname}.`,
      `What was decided: the trust of this account ended on ${at}. The relay decided it by itself, because a limit set for trusted accounts was crossed.`,
      `Why: ${reason}. The figures are of the last ${CRITERIA_DAYS} days.`,
      `What it means: from that moment on, one whole message in a thousand of this account's mail is stored again, encrypted, for ${account.keepDays ?? KEEP_DAYS} days. Stored messages are opened only when there is a suspicion of abuse, for a stated reason, and every opening is recorded. Your mail is accepted and delivered as before.`,
      'What you can do: stop writing to addresses that do not exist and to people who complain. Then trust can be asked for again.',
      `Whom to ask: ${admin === undefined ? 'the operator of this relay' : `${admin}, or answer this letter`}.`,
    ],
  }
}
