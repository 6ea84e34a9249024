/** Letters about a request, drafted from what is known of it. */

import {
  type About,
  accountLetter,
  answerLetter,
  type Draft,
  extensionLetter,
  forwardingLetter,
  refusalLetter,
  reportLetter,
} from '../../engine/report/requestLetters.ts'
import type { Account } from '../../model/account.ts'
import { dueAt, type RefusalGround, type RequestOutcome } from '../../model/request.ts'
import type { NewLetter, RequestRecord, SubjectRequest } from '../../store/requests.ts'
import { letterAccount, type RequestParts, respondentOf } from './context.ts'

export type Drafts = ReturnType<typeof createDrafts>

/** What came of carrying a request out: nothing, where a search or an erasure found nothing. */
export function outcomeOf({ kind, execution, search }: SubjectRequest): RequestOutcome {
  if (kind !== 'deletion') return 'done'
  const { headers, redacted, samples, rows } = execution?.destroyed ?? nothingDestroyed
  const found = headers + redacted + samples + rows > 0 || (execution?.waiting.length ?? 0) > 0
  return found || (search?.places ?? []).some(({ count }) => count > 0) ? 'done' : 'nothing found'
}

export const nothingDestroyed = { headers: 0, redacted: 0, samples: 0, rows: 0 }

/** Places where something waits because the request itself is under way, which is no news to anybody. */
function staysFor({ execution }: SubjectRequest) {
  const waiting = (execution?.waiting ?? []).filter(({ cause }) => cause !== 'request')
  return waiting.map(({ place, excepted, why }) => ({ place, count: excepted, why }))
}

/** Builds the drafter. */
export function createDrafts({ store, backups, hostname, clock }: Omit<RequestParts, 'send' | 'log' | 'packages'>) {
  const { directory } = store

  function about({ id, kind, receivedAt, dueAt: due }: SubjectRequest): About {
    return { id, kind, hostname, receivedAt, dueAt: due }
  }

  function accountName(id: number | undefined): string {
    return (id === undefined ? undefined : directory.accountById(id)?.name) ?? `account ${id ?? 0}`
  }

  /** Backups that were made before now and are still to be destroyed. */
  async function standingBackups() {
    const now = clock.now()
    return (await backups.list()).filter(({ destroyBy }) => destroyBy > now)
  }

  return {
    standingBackups,

    /** A letter to whoever asked; undefined when there is nobody to write to any more. */
    letter(request: SubjectRequest, kind: string, { subject, text }: Draft): NewLetter | undefined {
      const to = respondentOf(directory, request)
      if (to === undefined || !to.includes('@')) return undefined
      return { kind, account: letterAccount(request), about: undefined, to, subject, text }
    },

    forwarding: (request: SubjectRequest, accounts: readonly Account[]) => forwardingLetter(about(request), accounts),

    toAccount(request: SubjectRequest, account: Account): NewLetter {
      const { subject, text } = request
      const draft = accountLetter(about(request), { account: account.name, subject, text })
      return { kind: 'forwarding', account: 0, about: account.id, to: account.contact, ...draft }
    },

    extension: (request: SubjectRequest, reason: string) =>
      extensionLetter(about(request), dueAt(request.receivedAt, true), reason),

    refusal: (request: SubjectRequest, ground: RefusalGround, reason: string) =>
      refusalLetter(about(request), ground, reason),

    async answer(request: SubjectRequest): Promise<Draft> {
      const { kind, execution, receipts, track, suppress, correction } = request
      const kept = kind === 'deletion' ? await standingBackups() : []
      return answerLetter(about(request), {
        to: track === 'third party' ? 'person' : 'account',
        outcome: outcomeOf(request),
        destroyed: execution?.destroyed ?? nothingDestroyed,
        stays: staysFor(request),
        receipts,
        backupsUntil: kept.length === 0 ? undefined : Math.max(...kept.map(({ destroyBy }) => destroyBy)),
        suppressed: suppress,
        correction,
      })
    },

    report: (request: RequestRecord) =>
      reportLetter(
        about(request),
        request.orders.map(({ account, outcome, receipts }) => ({ account: accountName(account), outcome, receipts })),
      ),
  }
}
