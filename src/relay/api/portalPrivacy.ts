/** The account holder's panel: the policy, who data is shared with, own consent to mailings. */

import type { PolicyVersionView } from '../../contract/policy.ts'
import type { PolicyVersion } from '../../store/policy.ts'
import { actorName } from '../auth/authorise.ts'
import type { Guarded } from './base.ts'
import type { Parts } from './context.ts'
import { notFound, refused } from './errors.ts'
import { consentView, sharingNow, versionView } from './policyViews.ts'
import { actingCustomerOf, customerOf } from './portal.ts'

/** A version as account holders see it: who of the staff prepared it is none of their business. */
function publicVersion(version: PolicyVersion): PolicyVersionView {
  return { ...versionView(version), preparedBy: '' }
}

export function portalPrivacyCalls(os: Guarded, parts: Parts) {
  const { engine, clock, store } = parts
  const { consents, directory, policy } = store

  async function consentsOf(account: number) {
    return (await consents.list({ account })).map((consent) => consentView(consent, directory))
  }

  return {
    policy: os.own.policy.handler(async () => {
      const versions = await policy.versions()
      const current = versions.find(({ state }) => state === 'in force')
      if (!current) throw notFound('policy in force', 'ask whoever runs this relay')
      const announced = versions.find(({ state }) => state === 'announced')
      return { current: publicVersion(current), announced: announced ? publicVersion(announced) : null }
    }),

    sharing: os.own.sharing.handler(() => sharingNow(parts)),

    purposes: os.own.purposes.handler(() => consents.purposes()),

    consents: os.own.consents.handler(({ context }) => consentsOf(customerOf(parts, context.actor).account.id)),

    /** A consent is withdrawn for every address of the account that has it; whoever's account is closed can do that too. */
    setConsent: os.own.setConsent.handler(async ({ input, context }) => {
      const { purpose, given } = input
      const { account } = given ? actingCustomerOf(parts, context.actor) : customerOf(parts, context.actor)
      if (!(await consents.purposes()).includes(purpose))
        throw refused(`there are no mailings about ${purpose}`, 'choose one of those that are listed')
      const act = { actor: actorName(context.actor), at: clock.now(), reason: 'in the panel' }
      const standing = await consents.list({ account: account.id, purpose, standing: true })
      if (!given) for (const { id } of standing) await engine.consents.withdraw(id, 'panel', act)
      else if (standing.length === 0) {
        const consent = { account: account.id, address: account.contact, purpose, source: 'in the panel' }
        await consents.give(consent, act)
      }
      return consentsOf(account.id)
    }),
  }
}
