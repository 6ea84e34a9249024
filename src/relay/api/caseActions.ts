/** What follows from a case: each action with its effects in words, its letter, and its undoing. */

import { caseReasons } from '../../abuse/cases/reasons.ts'
import { actionLetter } from '../../abuse/letters/caseLetters.ts'
import type { Account } from '../../model/account.ts'
import type { ActionKind } from '../../model/case.ts'
import type { Parts } from './context.ts'

export interface ActionInput {
  kind: ActionKind
  perHour: number | undefined
  reason: string
}

/** Why an action makes no sense now, and what to change; undefined when it does. */
export function actionProblem(account: Account, { kind, perHour }: ActionInput): string | undefined {
  switch (kind) {
    case 'throttle':
      if (perHour === undefined) return 'to slow an account down, give the messages an hour'
      return account.hourlyLimit === perHour ? `account ${account.name} has that limit already` : undefined
    case 'hold':
      return account.outgoing === 'held' ? `mail of account ${account.name} is held already` : undefined
    case 'suspend':
      return account.status === 'active' ? undefined : `account ${account.name} is ${account.status} already`
    case 'close account':
      return account.status === 'closed' ? `account ${account.name} is closed already` : undefined
    case 'end trust':
      return account.trusted ? undefined : `account ${account.name} is not trusted`
    case 'warn':
      return undefined
  }
}

/** Whether an action can be undone as it was done. A letter cannot, and trust is decided anew. */
export function canUndo(kind: ActionKind): boolean {
  return kind !== 'warn' && kind !== 'end trust'
}

/** That deliveries of an account which wait are held, and how many. */
async function queueHeld({ store }: Parts, account: Account): Promise<string> {
  const { deliveries } = await store.queue.preview('hold', { account: account.name })
  if (deliveries === 1) return '1 delivery that waits in the queue is held'
  return `${deliveries} deliveries that wait in the queue are held`
}

/** What an action would do, in words with counts. */
export async function effectsOf(parts: Parts, account: Account, { kind, perHour }: ActionInput): Promise<string[]> {
  switch (kind) {
    case 'warn':
      return ['A letter goes to the account. Nothing else changes.']
    case 'throttle':
      return [
        `Account ${account.name} may submit ${perHour} messages an hour, over all its credentials; more are refused with 450 4.7.1.`,
      ]
    case 'hold':
      return [`${await queueHeld(parts, account)}.`, 'New mail is accepted and held until you release it.']
    case 'suspend':
      return [
        `New mail of account ${account.name} is refused with 550 5.7.1 and the reason.`,
        `${await queueHeld(parts, account)}, and sent on when the suspension ends.`,
      ]
    case 'end trust':
      return ['From now on one message in a thousand is stored, sealed.']
    case 'close account':
      return [
        `New mail of account ${account.name} is refused with 550 5.7.1 and the reason.`,
        `${await queueHeld(parts, account)}, until somebody releases or cancels what waits.`,
      ]
  }
}

/** The letter drafted for an action. */
export async function draftLetter(
  parts: Parts,
  account: Account,
  code: string,
  { kind, perHour, reason }: ActionInput,
): Promise<{ to: string; subject: string; text: string }> {
  const terms = (await caseReasons(parts.store.settings)).find((known) => known.code === code)?.text ?? code
  const { hostname } = parts
  return { to: account.contact, ...actionLetter({ kind, account: account.name, hostname, terms, reason, perHour }) }
}

/** Ends trust in an account, as a decision like any other. */
export async function endTrust(
  parts: Parts,
  account: Account,
  { actor, reason }: { actor: string; reason: string },
): Promise<void> {
  const decidedAt = parts.clock.now()
  const [figures] = await parts.store.trust.figures(decidedAt, account.id)
  await parts.store.trust.decide({
    account: account.id,
    decision: 'off',
    requestedBy: '',
    reason,
    criteria: figures!.criteria,
    decidedBy: actor,
    decidedAt,
    reviewAt: undefined,
    samples: 'keep',
    tell: false,
  })
}
