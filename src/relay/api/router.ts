/** Every call of the contract with its handler. */

import { accountCalls } from './accounts.ts'
import { auditCalls } from './audit.ts'
import { guarded } from './base.ts'
import { caseCalls } from './cases.ts'
import type { Parts } from './context.ts'
import { exportCalls } from './exports.ts'
import { holdCalls } from './holds.ts'
import { invitationCalls } from './invitations.ts'
import { keyCalls } from './keys.ts'
import { legalRequestCalls } from './legalRequests.ts'
import { messageCalls } from './messages.ts'
import { openingCalls } from './openings.ts'
import { policyCalls } from './policy.ts'
import { portalCalls } from './portal.ts'
import { portalMessageCalls } from './portalMessages.ts'
import { portalPrivacyCalls } from './portalPrivacy.ts'
import { portalRequestCalls } from './portalRequests.ts'
import { profileSessionCalls, profileUserCalls } from './profile.ts'
import { queueCalls } from './queue.ts'
import { requestCalls } from './requests.ts'
import { retentionCalls } from './retention.ts'
import { routeCalls } from './routes.ts'
import { sampleCalls } from './samples.ts'
import { sessionCalls } from './session.ts'
import { signalRuleCalls } from './signalRules.ts'
import { signalCalls } from './signals.ts'
import { statusCalls } from './status.ts'
import { trustCalls } from './trust.ts'
import { userCalls } from './users.ts'

/** Builds the API of a running relay. A call of the contract without a handler does not compile. */
export function createRouter(parts: Parts) {
  const os = guarded(parts)
  return os.router({
    session: { ...sessionCalls(os, parts), ...profileSessionCalls(os, parts) },
    users: { ...userCalls(os, parts), ...invitationCalls(os, parts), ...profileUserCalls(os, parts) },
    status: statusCalls(os, parts),
    messages: messageCalls(os, parts),
    queue: queueCalls(os, parts),
    accounts: accountCalls(os, parts),
    keys: keyCalls(os, parts),
    routes: routeCalls(os, parts),
    samples: sampleCalls(os, parts),
    trust: trustCalls(os, parts),
    signals: { ...signalCalls(os, parts), ...signalRuleCalls(os, parts) },
    audit: auditCalls(os, parts),
    retention: { ...retentionCalls(os, parts), ...holdCalls(os, parts) },
    cases: caseCalls(os, parts),
    openings: openingCalls(os, parts),
    requests: { ...requestCalls(os, parts), ...exportCalls(os, parts) },
    legalRequests: legalRequestCalls(os, parts),
    policy: policyCalls(os, parts),
    own: {
      ...portalCalls(os, parts),
      ...portalMessageCalls(os, parts),
      ...portalPrivacyCalls(os, parts),
      ...portalRequestCalls(os, parts),
    },
  })
}

export type RelayRouter = ReturnType<typeof createRouter>
