/** What the calls about cases share: finding one, and showing it as it is. */

import { isUnderReview } from '../../model/case.ts'
import type * as stored from '../../store/cases.ts'
import { caseView } from './caseViews.ts'
import type { Parts } from './context.ts'
import { conflict, notFound } from './errors.ts'

export function caseLookup({ store: { cases, directory }, clock }: Pick<Parts, 'store' | 'clock'>) {
  async function byId(id: number): Promise<stored.CaseDetail> {
    const found = await cases.get(id, clock.now())
    if (!found) throw notFound(`case ${id}`, 'look at the list of cases')
    return found
  }

  /** A case that is still being worked on. */
  async function workedOn(id: number): Promise<stored.CaseDetail> {
    const found = await byId(id)
    if (!isUnderReview(found.status)) throw conflict(`case ${id} is ${found.status}`, 'open it again first')
    return found
  }

  async function viewOf(id: number) {
    return caseView(await byId(id), directory)
  }

  return { byId, workedOn, viewOf }
}
