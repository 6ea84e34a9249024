/** Calls about requests of people, by what they are about. */

import { requestPolicy, setRequestPolicy } from '../../privacy/requests/requestSettings.ts'
import type { Guarded } from './base.ts'
import { entryOf, type Parts } from './context.ts'
import { requestDecisionCalls } from './requestDecisions.ts'
import { requestForwardingCalls } from './requestForwarding.ts'
import { requestIdentityCalls } from './requestIdentity.ts'
import { requestRegisterCalls } from './requestRegister.ts'
import { requestSearchCalls } from './requestSearch.ts'

export function requestCalls(os: Guarded, parts: Parts) {
  const { settings } = parts.store
  return {
    ...requestRegisterCalls(os, parts),
    ...requestIdentityCalls(os, parts),
    ...requestSearchCalls(os, parts),
    ...requestForwardingCalls(os, parts),
    ...requestDecisionCalls(os, parts),

    policy: os.requests.policy.handler(() => requestPolicy(settings)),

    setPolicy: os.requests.setPolicy.handler(async ({ input, context }) => {
      const { reason, ...policy } = input
      const said = { action: 'requests.setPolicy', object: 'request policy', reason, facts: { ...policy } }
      await setRequestPolicy(settings, policy, entryOf(parts, context.actor, said))
      return policy
    }),
  }
}
