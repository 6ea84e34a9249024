/** Gathers what a package says about itself, and about the account where it is an account holder's. */

import { formatId } from '../../model/id.ts'
import type { RequestKind } from '../../model/request.ts'
import type { Store } from '../../store/store.ts'
import type { SubjectScope, SubjectSearch } from '../../store/subjects.ts'
import type { AccountData, ExportHead } from './content.ts'

/** What has to be known of a request to build its package. */
export interface ExportRequest {
  id: number
  /** without an address: everything of the account, whole */
  scope: SubjectScope
  kind: RequestKind
}

export type Sharing = ExportHead['sharing']

function time(ms: number): string {
  return new Date(ms).toISOString()
}

/** What is kept of an account besides its mail. Undefined when there is none of this id. */
export async function accountData(
  { directory, trust, cases }: Pick<Store, 'directory' | 'trust' | 'cases'>,
  id: number,
): Promise<AccountData | undefined> {
  const account = directory.accountById(id)
  if (!account) return undefined
  const { name, contact, status, statusReason, trusted, domains, keepDays, createdAt } = account
  const credentials = directory.credentials().filter((credential) => credential.account === id)
  const { openings } = await cases.accessReport(id)
  return {
    ...{ name, contact, status, statusReason, trusted, domains },
    keepDays: keepDays ?? null,
    createdAt: time(createdAt),
    credentials: credentials.map((one) => ({
      kind: one.kind,
      name: one.name,
      status: one.status,
      createdAt: time(one.createdAt),
    })),
    trustDecisions: (await trust.history(id)).map(({ decision, reason, requestedBy, decidedAt }) => ({
      ...{ decision, reason, requestedBy },
      at: time(decidedAt),
    })),
    complaints: (await trust.complaints(id)).map(({ at, note }) => ({ at: time(at), note })),
    openings: openings.map(({ at, sample, reason }) => ({ at: time(at), sample: formatId(sample), reason })),
  }
}

/** The head of a package. @param found what a search for the same scope found */
export async function exportHead(
  store: Pick<Store, 'directory' | 'trust' | 'cases'>,
  { id: request, scope, kind }: ExportRequest,
  found: SubjectSearch,
  about: { relay: string; createdAt: number; receivedAt: number | undefined; sharing: Sharing },
): Promise<ExportHead> {
  const { directory } = store
  const isWhole = scope.address === undefined
  const account = isWhole && scope.account !== undefined ? await accountData(store, scope.account) : undefined
  const names = found.accounts.flatMap(({ account: id }) => directory.accountById(id)?.name ?? [])
  return {
    ...{ request, kind, ...about, account },
    subject: scope.address ?? account?.name ?? `account ${scope.account}`,
    redacted: !isWhole,
    keepDays: directory.policy().keepDays,
    places: found.places,
    accounts: names,
  }
}
