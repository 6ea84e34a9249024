/** Every call of the contract with its handler. */

import { accountCalls } from './accounts.ts'
import { auditCalls } from './audit.ts'
import { guarded } from './base.ts'
import { caseCalls } from './cases.ts'
import type { Parts } from './context.ts'
import { custodyCalls } from './custody.ts'
import { disclosureCalls } from './disclosures.ts'
import { holderCalls } from './holder.ts'
import { holderMessageCalls } from './holderMessages.ts'
import { holderPrivacyCalls } from './holderPrivacy.ts'
import { holderRequestCalls } from './holderRequests.ts'
import { holdCalls } from './holds.ts'
import { invitationCalls } from './invitations.ts'
import { messageCalls } from './messages.ts'
import { openingCalls } from './openings.ts'
import { ownPeopleCalls, ownSessionCalls } from './own.ts'
import { packageCalls } from './packages.ts'
import { peopleCalls } from './people.ts'
import { policyCalls } from './policy.ts'
import { queueCalls } from './queue.ts'
import { requestCalls } from './requests.ts'
import { retentionCalls } from './retention.ts'
import { routeCalls } from './routes.ts'
import { sampleCalls } from './samples.ts'
import { sessionCalls } from './session.ts'
import { signalCalls } from './signals.ts'
import { statusCalls } from './status.ts'
import { trustCalls } from './trust.ts'

/** Builds the API of a running relay. A call of the contract without a handler does not compile. */
export function createRouter(parts: Parts) {
  const os = guarded(parts)
  return os.router({
    session: { ...sessionCalls(os, parts), ...ownSessionCalls(os, parts) },
    people: { ...peopleCalls(os, parts), ...invitationCalls(os, parts), ...ownPeopleCalls(os, parts) },
    status: statusCalls(os, parts),
    messages: messageCalls(os, parts),
    queue: queueCalls(os, parts),
    accounts: accountCalls(os, parts),
    custody: custodyCalls(os, parts),
    routes: routeCalls(os, parts),
    samples: sampleCalls(os, parts),
    trust: trustCalls(os, parts),
    signals: signalCalls(os, parts),
    audit: auditCalls(os, parts),
    retention: { ...retentionCalls(os, parts), ...holdCalls(os, parts) },
    cases: caseCalls(os, parts),
    openings: openingCalls(os, parts),
    requests: { ...requestCalls(os, parts), ...packageCalls(os, parts) },
    disclosures: disclosureCalls(os, parts),
    policy: policyCalls(os, parts),
    own: {
      ...holderCalls(os, parts),
      ...holderMessageCalls(os, parts),
      ...holderPrivacyCalls(os, parts),
      ...holderRequestCalls(os, parts),
    },
  })
}

export type RelayRouter = ReturnType<typeof createRouter>
