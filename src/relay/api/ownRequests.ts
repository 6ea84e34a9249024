/** The requests an account holder may see: those of the own account, and nobody else's. */

import type { Account } from '../../model/account.ts'
import { sameMailbox } from '../../model/addressKey.ts'
import type { RequestRecord, SubjectRequest } from '../../store/requests.ts'
import type { Store } from '../../store/store.ts'
import { notFound, refused } from './errors.ts'

/** Requests read at once. */
const PAGE = 500
/** What third parties ask of the relay is their own, also where it is limited to this account. */
export function isOf(request: SubjectRequest, account: Account): boolean {
  return request.account === account.id && request.track !== 'third party'
}

export function ownRequests({ requests }: Pick<Store, 'subjects' | 'requests'>) {
  async function all(account: Account): Promise<SubjectRequest[]> {
    const found: SubjectRequest[] = []
    let cursor: string | undefined
    do {
      const page = await requests.list({ state: 'all', account: account.id, limit: PAGE, cursor })
      found.push(...page.requests)
      cursor = page.next
    } while (cursor !== undefined)
    return found.filter((request) => isOf(request, account))
  }

  /** A request of another account is answered like one that does not exist. Throws NOT_FOUND. */
  async function own(id: number, account: Account): Promise<RequestRecord> {
    const request = await requests.get(id)
    if (!request || !isOf(request, account)) throw notFound(`request ${id}`, 'look at the list of requests')
    return request
  }

  /** A third party's request can be named where it was forwarded to this account. Throws NOT_FOUND, REFUSED. */
  async function refuseStrangeParent(id: number, subject: string | undefined, account: Account): Promise<void> {
    const parent = await requests.get(id)
    const wasForwarded = parent?.letters.some(({ kind, about }) => kind === 'forwarding' && about === account.id)
    if (parent?.track !== 'third party' || !wasForwarded)
      throw notFound(`request ${id} that was forwarded to you`, 'leave the number out')
    if (parent.erasedAt !== undefined)
      throw refused(`request ${id} is over, and names nobody any more`, 'leave the number out')
    if (subject === undefined || !sameMailbox(subject, parent.subject))
      throw refused(`request ${id} is about another address`, 'give the address that the letter names')
  }

  return { all, own, refuseStrangeParent }
}
