/** What part of the Review screen an address (hash route) shows. */

import type { CaseStatus } from '../../../model/case.ts'

/** Lists of cases, by what has to be done with them. */
export const views = ['active', 'waiting', 'decided', 'closed'] as const
export type View = (typeof views)[number]

/** The status a list asks the relay for. */
export const statusOfView: Record<View, CaseStatus | 'active'> = {
  active: 'active',
  waiting: 'waiting for second person',
  decided: 'decided',
  closed: 'closed',
}

export interface CaseSearch {
  view?: View
  /** only cases of this account */
  account?: string
  /** an opening that waits for approval, shown to the second person */
  opening?: number
}

/** Reads the search part of an address; what cannot be understood is left out. */
export function readCaseSearch(raw: Record<string, unknown>): CaseSearch {
  const search: CaseSearch = {}
  const view = views.find((each) => each === raw.view)
  if (view && view !== 'active') search.view = view
  if (typeof raw.account === 'string' && raw.account !== '') search.account = raw.account
  const opening = Number(raw.opening)
  if (Number.isInteger(opening) && opening > 0) search.opening = opening
  return search
}

/** The number of a case as written in an address; undefined when it is none. */
export function caseNumber(written: string | undefined): number | undefined {
  return written !== undefined && /^[1-9]\d{0,14}$/.test(written) ? Number(written) : undefined
}
