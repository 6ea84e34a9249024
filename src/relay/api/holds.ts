/** Calls about legal holds, and about retention shortened for an account. */

import type { AccountView } from '../../contract/accounts.ts'
import type { HoldScopeInput, HoldView } from '../../contract/retention.ts'
import type { HoldScope } from '../../model/hold.ts'
import { formatId, parseId } from '../../model/id.ts'
import { KEEP_DAYS } from '../../model/retention.ts'
import { accountName } from '../../store/accountName.ts'
import type { HoldAct, HoldRecord } from '../../store/holds.ts'
import type { Directory } from '../../store/store.ts'
import { type Actor, actorName } from '../auth/authorise.ts'
import type { Guarded } from './base.ts'
import { checkEmail } from './check.ts'
import type { Parts } from './context.ts'
import { conflict, notFound, refused } from './errors.ts'
import { accountNamed, accountView, timeOrNull, timeView } from './views.ts'

/** A scope as the contract has it. */
export function scopeView(scope: HoldScope, directory: Directory): HoldScopeInput {
  switch (scope.kind) {
    case 'account':
      return { kind: 'account', account: accountName(directory, scope.account) }
    case 'address':
      return scope
    case 'period':
      return { kind: 'period', since: timeView(scope.since), until: timeView(scope.until) }
    case 'message':
      return { kind: 'message', message: formatId(scope.message) }
  }
}

function holdView(hold: HoldRecord, directory: Directory): HoldView {
  const { id, scope, reason, placedBy, placedAt, released, headers } = hold
  return {
    id,
    scope: scopeView(scope, directory),
    reason,
    placedBy,
    placedAt: timeView(placedAt),
    releasedBy: released?.by ?? null,
    releasedAt: timeOrNull(released?.at),
    releaseReason: released?.reason ?? null,
    headers,
  }
}

/** The scope as the model has it. @throws a refusal that names what to change */
export async function scopeOf(input: HoldScopeInput, { store }: Pick<Parts, 'store'>): Promise<HoldScope> {
  switch (input.kind) {
    case 'account':
      return { kind: 'account', account: accountNamed(store.directory, input.account).id }
    case 'address': {
      const address = checkEmail(input.address)
      if (!address.ok) throw refused(address.problem)
      return { kind: 'address', address: address.value }
    }
    case 'period': {
      const [since, until] = [Date.parse(input.since), Date.parse(input.until)]
      if (since >= until) throw refused('the period ends before it begins', 'give an until after since')
      return { kind: 'period', since, until }
    }
    case 'message': {
      const message = parseId(input.message)
      if (message === undefined || !(await store.log.get(message)))
        throw notFound(`message ${input.message}`, 'look for it in the header log')
      return { kind: 'message', message }
    }
  }
}

function actOf({ clock }: Pick<Parts, 'clock'>, actor: Actor, reason: string): HoldAct {
  return { actor: actorName(actor), at: clock.now(), reason }
}

export function holdCalls(os: Guarded, parts: Parts) {
  const { holds, directory } = parts.store

  return {
    holds: os.retention.holds.handler(async () => (await holds.list()).map((hold) => holdView(hold, directory))),

    placeHold: os.retention.placeHold.handler(async ({ input, context }) => {
      const scope = await scopeOf(input.scope, parts)
      return holdView(await holds.place(scope, actOf(parts, context.actor, input.reason)), directory)
    }),

    releaseHold: os.retention.releaseHold.handler(async ({ input, context }) => {
      const found = (await holds.list()).find(({ id }) => id === input.id)
      if (!found) throw notFound(`hold ${input.id}`, 'look at the list of holds')
      const released = await holds.release(input.id, actOf(parts, context.actor, input.reason))
      if (!released) throw conflict(`hold ${input.id} was released before`)
      return holdView(released, directory)
    }),
  }
}

interface RetentionDaysInput {
  name: string
  days: number | null
  reason: string
}

/** Sets how many days an account's mail is kept; null for as many as the policy says. */
export async function setKeepDays(
  parts: Parts,
  actor: Actor,
  { name, days, reason }: RetentionDaysInput,
): Promise<AccountView> {
  const { directory, holds } = parts.store
  const account = accountNamed(directory, name)
  const most = Math.min(KEEP_DAYS, directory.policy().keepDays)
  if (days !== null && days > most)
    throw refused(`the policy keeps everything ${most} days at most`, 'give fewer days, or `policy` for as many')
  await holds.setKeepDays(account.id, days ?? undefined, actOf(parts, actor, reason))
  return accountView(accountNamed(directory, name), directory)
}
