/** The typed API of the relay: what console, command line and scripts may ask of it. One file per feature. */

import type { AnySchema, ContractProcedure, ErrorMap } from '@orpc/contract'
import { accounts } from './accounts.ts'
import { audit } from './audit.ts'
import { cases } from './cases.ts'
import { keys } from './keys.ts'
import { legalRequests } from './legalRequests.ts'
import { messages } from './messages.ts'
import { openings } from './openings.ts'
import { policy } from './policy.ts'
import { own } from './portal.ts'
import type { Authority } from './procedure.ts'
import { queue } from './queue.ts'
import { requests } from './requests.ts'
import { retention } from './retention.ts'
import { routes } from './routes.ts'
import { samples } from './samples.ts'
import { session } from './session.ts'
import { signals } from './signals.ts'
import { status } from './status.ts'
import { trust } from './trust.ts'
import { users } from './users.ts'

/** A procedure that does not state its authority does not compile as one of the contract. */
export type Procedure = ContractProcedure<AnySchema, AnySchema, ErrorMap, Authority>

export const contract = {
  session,
  users,
  status,
  messages,
  queue,
  accounts,
  routes,
  samples,
  trust,
  signals,
  retention,
  audit,
  keys,
  cases,
  openings,
  requests,
  legalRequests,
  policy,
  own,
} satisfies Record<string, Record<string, Procedure>>

/** The authority of every call, by its name. */
export const authorities: ReadonlyMap<string, Authority> = new Map(
  Object.entries<Record<string, Procedure>>(contract).flatMap(([feature, procedures]) =>
    Object.entries(procedures).map(
      ([
        name,
        {
          '~orpc': { meta },
        },
      ]) => [`${feature}.${name}`, meta] as const,
    ),
  ),
)
