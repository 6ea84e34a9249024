/** The rows of the list: accounts with their figures, filtered and in the order a person wants. */

import type { AccountFigures, AccountView } from '../../../contract/accounts.ts'
import type { Thresholds } from '../../../contract/trust.ts'
import { text } from '../../text.ts'
import type { GridRows } from '../../ui/grid/grid.tsx'

const words = text.accounts

export interface AccountRow {
  account: AccountView
  /** undefined until they are read */
  figures: AccountFigures | undefined
  thresholds: Thresholds | undefined
}

export const orders = ['name', 'volume', 'bounces', 'complaints', 'newest'] as const
export type Order = (typeof orders)[number]

const compare: Record<Order, (a: AccountRow, b: AccountRow) => number> = {
  name: () => 0,
  volume: (a, b) => (b.figures?.messages ?? 0) - (a.figures?.messages ?? 0),
  bounces: (a, b) => (b.figures?.bounceRate ?? -1) - (a.figures?.bounceRate ?? -1),
  complaints: (a, b) => (b.figures?.complaintRate ?? -1) - (a.figures?.complaintRate ?? -1),
  newest: (a, b) => b.account.createdAt.localeCompare(a.account.createdAt),
}

const byName = new Intl.Collator('en', { numeric: true })

/** Everything of an account that the filter looks at, in one text. */
function haystack({ account, figures }: AccountRow): string {
  const trust = account.trusted ? words.trusted : ''
  const due = figures?.reviewDue ? words.trust.reviewDueShort : ''
  const asked = figures?.trustRequested ? words.trust.requestedShort : ''
  const parts = [account.name, account.contact, words.status[account.status], trust, due, asked, ...account.domains]
  return parts.join('\n').toLowerCase()
}

/** Accounts that hold every word of the filter; accounts that rank the same stay in order of name. */
export function arrange(rows: readonly AccountRow[], filter: string, order: Order): AccountRow[] {
  const wanted = filter.toLowerCase().split(/\s+/).filter(Boolean)
  const found = rows.filter((row) => {
    const hay = haystack(row)
    return wanted.every((word) => hay.includes(word))
  })
  return found.toSorted((a, b) => compare[order](a, b) || byName.compare(a.account.name, b.account.name))
}

/** Rows that are all in memory, as the grid wants them. */
export function gridRows(rows: readonly AccountRow[], known: boolean): GridRows<AccountRow> {
  const places = new Map(rows.map((row, at) => [row.account.name, at]))
  return { count: rows.length, ended: known, row: (at) => rows[at], indexOf: (name) => places.get(name) }
}

/**
 * Whether a rate is over where trust ends. Of fewer than `least` messages or deliveries it is taken as if there were so
 * many, as the relay does.
 * @param base messages or deliveries the rate is a share of
 */
export function isOver(rate: number | null, base: number, limit: number | undefined, least: number | undefined) {
  return rate !== null && limit !== undefined && rate * base > limit * Math.max(base, least ?? 0)
}
