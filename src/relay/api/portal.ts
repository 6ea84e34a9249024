/** The account holder's panel: own account, access report, request for trust. Every answer is about the caller's account. */

import type { PortalAccount, PortalReport } from '../../contract/portal.ts'
import type { Account } from '../../model/account.ts'
import { formatId } from '../../model/id.ts'
import { visibleDays } from '../../model/retention.ts'
import type { User } from '../../model/user.ts'
import type { Actor } from '../auth/authorise.ts'
import type { Guarded } from './base.ts'
import { entryOf, type Parts } from './context.ts'
import { conflict, refused } from './errors.ts'
import { timeOrNull, timeView } from './views.ts'

/** Who is calling, and the account this person acts for. Throws REFUSED when there is none. */
export function customerOf({ store }: Pick<Parts, 'store'>, actor: Actor): { person: User; account: Account } {
  const id = actor.kind === 'person' ? actor.person.account : undefined
  const account = id === undefined ? undefined : store.directory.accountById(id)
  if (actor.kind !== 'person' || !account) throw refused('nobody has said which account is yours', 'ask an admin')
  return { person: actor.person, account }
}

/** The same for an act: whose account is closed still sees everything, and changes nothing here. */
export function actingCustomerOf(parts: Pick<Parts, 'store'>, actor: Actor): { person: User; account: Account } {
  const holder = customerOf(parts, actor)
  if (holder.account.status === 'closed')
    throw refused('the account is closed', 'write to the privacy address of the relay instead')
  return holder
}

async function accountView({ store }: Pick<Parts, 'store'>, account: Account): Promise<PortalAccount> {
  const { directory, trust, trustRequests } = store
  const { name, contact, status, statusReason, trusted, domains, createdAt } = account
  const [asked, [decided]] = await Promise.all([trustRequests.of(account.id), trust.history(account.id)])
  const credentials = directory.credentials().filter((credential) => credential.account === account.id)
  return {
    name,
    contact,
    status,
    statusReason,
    trusted,
    domains,
    keepDays: visibleDays(directory.policy().keepDays, account.keepDays),
    createdAt: timeView(createdAt),
    credentials: credentials.map((credential) => ({
      kind: credential.kind,
      name: credential.name,
      status: credential.status,
    })),
    trustRequestedAt: timeOrNull(asked?.requestedAt),
    trustDecidedAt: timeOrNull(decided?.decidedAt),
  }
}

async function reportView({ store }: Pick<Parts, 'store'>, account: number): Promise<PortalReport> {
  const { samples, openings, announced } = await store.cases.accessReport(account)
  return {
    stored: samples,
    opened: openings.length,
    openings: openings.map(({ at, sample, case: id, reason }) => ({
      at: timeView(at),
      message: formatId(sample),
      case: id,
      reason,
    })),
    announced: announced.map(({ opensAt, sample, case: id, reason }) => ({
      opensAt: timeView(opensAt),
      message: formatId(sample),
      case: id,
      reason,
    })),
  }
}

export function portalCalls(os: Guarded, parts: Parts) {
  const { store, clock } = parts

  return {
    account: os.own.account.handler(({ context }) => accountView(parts, customerOf(parts, context.actor).account)),

    report: os.own.report.handler(({ context }) => reportView(parts, customerOf(parts, context.actor).account.id)),

    requestTrust: os.own.requestTrust.handler(async ({ input, context }) => {
      const { person, account } = actingCustomerOf(parts, context.actor)
      if (account.trusted) throw conflict('no samples of your mail are stored already')
      const asked = {
        account: account.id,
        requestedBy: person.email,
        reason: input.reason,
        requestedAt: clock.now(),
      }
      const said = { action: 'own.requestTrust', object: `account ${account.name}`, reason: input.reason }
      if (!(await store.trustRequests.ask(asked, entryOf(parts, context.actor, said))))
        throw conflict('you have asked already', 'wait for the decision')
      return accountView(parts, account)
    }),
  }
}
