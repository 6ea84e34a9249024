/** Letters about a request, drafted from what is known of it. */

import type { Account } from '../../model/account.ts'
import { dueAt, type RefusalGround, type RequestOutcome } from '../../model/request.ts'
import type { Execution, NewLetter, RequestRecord, StoredSearch, SubjectRequest } from '../../store/requests.ts'
import type { ColumnCount } from '../../store/subjects.ts'
import { gagsAbout } from '../legalRequests/gag.ts'
import {
  type About,
  accountLetter,
  answerLetter,
  contactLetter,
  type Draft,
  extensionLetter,
  forwardingLetter,
  refusalLetter,
  reportLetter,
} from '../letters/requestLetters.ts'
import { letterAccount, type RequestParts, respondentOf, scopeOf } from './context.ts'
import { readCorrection } from './correction.ts'

export type Drafts = ReturnType<typeof createDrafts>

/** Places that are there because of the request itself, or keep nothing that says anything about the person. */
const besides: readonly string[] = [
  ...['header records', 'requests', 'letters', 'mail to the desks'],
  ...['suppression list', 'backups', 'audit log', 'packages', 'found also by tag'],
]

/** Whether a search found anything but the request itself, and the relay's own letters about it. */
function hasFound({ places, accounts }: StoredSearch): boolean {
  return (
    accounts.some(({ account, records }) => account !== 0 && records > 0) ||
    places.some(({ place, count }) => count > 0 && !besides.includes(place))
  )
}

function hasDestroyed({ destroyed, waiting }: Execution): boolean {
  const { headers, redacted, samples, rows } = destroyed
  return headers + redacted + samples + rows > 0 || waiting.some(({ cause }) => cause !== 'request')
}

/** What came of carrying a request out; before it, what the search lets expect. */
export function outcomeOf({ kind, execution, search }: SubjectRequest): RequestOutcome {
  if (kind === 'deletion') return execution && hasDestroyed(execution) ? 'done' : 'nothing found'
  const isHandedOver = kind === 'access' || kind === 'portability'
  return isHandedOver && search && !hasFound(search) ? 'nothing found' : 'done'
}

export const nothingDestroyed = { headers: 0, redacted: 0, samples: 0, rows: 0 }

/** Places where something waits; not because the request itself is under way, which is no news to anybody. */
function staysFor({ execution }: SubjectRequest, isGagged: boolean) {
  const untold: readonly ColumnCount['cause'][] = isGagged ? ['request', 'hold'] : ['request']
  const waiting = (execution?.waiting ?? []).filter(({ cause }) => !untold.includes(cause))
  return waiting.map(({ place, excepted, why }) => ({ place, count: excepted, why }))
}

/** Orders without those an account took back for another. */
function standing(orders: readonly SubjectRequest[]): SubjectRequest[] {
  const kept = orders.filter(({ outcome }) => outcome !== 'withdrawn')
  return orders.filter((order) => kept.includes(order) || !kept.some(({ account }) => account === order.account))
}

/** Builds the drafter. */
export function createDrafts({ store, backups, hostname, clock }: Omit<RequestParts, 'send' | 'log' | 'dataExports'>) {
  const { directory } = store

  function about({ id, kind, track, receivedAt, dueAt: due }: SubjectRequest): About {
    return { id, kind, track, hostname, receivedAt, dueAt: due }
  }

  function accountName(id: number | undefined): string {
    return (id === undefined ? undefined : directory.accountById(id)?.name) ?? `account ${id ?? 0}`
  }

  /** Backups that were made before now and are still to be destroyed. */
  async function standingBackups() {
    const now = clock.now()
    return (await backups.list()).filter(({ destroyBy }) => destroyBy > now)
  }

  /** Legal demands that may keep something, of which an answer must not tell. Closing one releases its hold. */
  async function gags(request: SubjectRequest) {
    const accounts = request.search?.accounts.map(({ account }) => account) ?? []
    const all = await gagsAbout(store, scopeOf(request), accounts, clock.now())
    return all.filter(({ state }) => state !== 'closed')
  }

  return {
    standingBackups,
    gags,

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

    /** Letters of what is about to be carried out: the contact an account has until now hears of the one that follows. */
    beforehand(request: SubjectRequest): NewLetter[] {
      const { kind, track, account: id, correction } = request
      const account = track === 'holder' && kind === 'correction' ? directory.accountById(id ?? 0) : undefined
      const contact = account && readCorrection(correction)?.contact
      if (!account || contact === undefined || contact === account.contact) return []
      const draft = contactLetter(about(request), account.name, contact)
      return [{ kind: 'change of contact', account: account.id, about: undefined, to: account.contact, ...draft }]
    },

    extension: (request: SubjectRequest, reason: string) =>
      extensionLetter(about(request), dueAt(request.receivedAt, true), reason),

    refusal: (request: SubjectRequest, ground: RefusalGround, reason: string) =>
      refusalLetter(about(request), ground, reason),

    async answer(request: SubjectRequest): Promise<Draft> {
      const { kind, execution, receipts, track, suppress, correction } = request
      const kept = kind === 'deletion' ? await standingBackups() : []
      const isGagged = (await gags(request)).length > 0
      return answerLetter(about(request), {
        to: track === 'third party' ? 'person' : 'account',
        outcome: request.outcome ?? outcomeOf(request),
        destroyed: execution?.destroyed ?? nothingDestroyed,
        stays: staysFor(request, isGagged),
        isGagged,
        receipts,
        backupsUntil: kept.length === 0 ? undefined : Math.max(...kept.map(({ destroyBy }) => destroyBy)),
        suppressed: suppress,
        correction,
      })
    },

    report: (request: RequestRecord) =>
      reportLetter(
        about(request),
        standing(request.orders).map(({ account, outcome, receipts }) => ({
          account: accountName(account),
          outcome,
          receipts,
        })),
      ),
  }
}
