/** What the review desk reads, and orders given to it. Opened samples never pass through here. */

import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { SignalView } from '../../../contract/signals.ts'
import { useApi } from '../../api.ts'
import { useFresh, usePagedRows } from '../../components/desk.ts'
import { useClickMutation, useFormMutation, useReadAgain } from '../../components/orders.ts'
import { statusOfView, type View } from './view.ts'

const PAGE = 500
/** signals come without an entry in the audit log */
const LOOK_MS = 30_000

/** Reads everything of the desk again as soon as the audit log has grown. */
export function useFreshList(): void {
  const { queries } = useApi()
  useFresh([queries.cases.key(), queries.signals.key()])
}

/** Cases of a list, page by page as they are scrolled to. */
export function useCases(view: View, account: string | undefined, enabled: boolean) {
  const { queries } = useApi()
  const found = useInfiniteQuery(
    queries.cases.list.infiniteOptions({
      input: (cursor: string | undefined) => ({
        status: statusOfView[view],
        ...(account ? { account } : {}),
        ...(cursor ? { cursor } : {}),
        limit: PAGE,
      }),
      initialPageParam: undefined,
      getNextPageParam: (last) => last.next ?? undefined,
      refetchInterval: LOOK_MS,
      enabled,
    }),
  )
  const pages = found.data?.pages
  const cases = useMemo(() => pages?.flatMap((page) => page.cases), [pages])
  return { found, cases, rows: usePagedRows(cases, found.hasNextPage) }
}

/** What is read of signals at once. */
const MOST_SIGNALS = 1000

/** Evidence of a case, newest first; `next` tells whether there is more. */
export function useEvidence(id: number) {
  const { queries } = useApi()
  return useQuery(
    queries.signals.list.queryOptions({ input: { case: id, limit: MOST_SIGNALS }, refetchInterval: LOOK_MS }),
  )
}

/** Signals of an account that belong to no case, newest first. */
export function useFreeOf(account: string | undefined) {
  const { queries } = useApi()
  return useQuery(
    queries.signals.list.queryOptions({
      input: { ...(account ? { account } : {}), unassigned: true, limit: MOST_SIGNALS },
      enabled: account !== undefined,
      refetchInterval: LOOK_MS,
    }),
  )
}

/** Signals that belong to no case, of any account. */
export function useFreeSignals() {
  const { queries } = useApi()
  return useQuery(
    queries.signals.list.queryOptions({ input: { unassigned: true, limit: MOST_SIGNALS }, refetchInterval: LOOK_MS }),
  )
}

/** Signals nobody could match to an account, and nobody has dismissed: newest first. */
export function useUnmatched() {
  const { queries } = useApi()
  return useQuery(
    queries.signals.list.queryOptions({ input: { unmatched: true, limit: MOST_SIGNALS }, refetchInterval: LOOK_MS }),
  )
}

/** An account that signals speak against although no case is open on it. */
export interface Suggestion {
  account: string
  signals: SignalView[]
  /** weights together, at most 100 */
  suspicion: number
}

/** Accounts whose free signals reach the threshold, and that have no active case; the heaviest first. */
export function suggestionsOf(
  signals: readonly SignalView[],
  busy: ReadonlySet<string>,
  threshold: number,
): Suggestion[] {
  const byAccount = new Map<string, SignalView[]>()
  for (const signal of signals) {
    if (signal.account === null || signal.case !== null || busy.has(signal.account)) continue
    byAccount.set(signal.account, [...(byAccount.get(signal.account) ?? []), signal])
  }
  return [...byAccount]
    .map(([account, own]) => ({ account, signals: own, weight: own.reduce((sum, { weight }) => sum + weight, 0) }))
    .filter(({ weight }) => weight >= threshold)
    .toSorted((a, b) => b.weight - a.weight || a.account.localeCompare(b.account))
    .map(({ account, signals: own, weight }) => ({ account, signals: own, suspicion: Math.min(100, weight) }))
}

/** Reads the desk, and what its actions change, again. */
export function useListAgain(): () => Promise<void> {
  const { queries } = useApi()
  return useReadAgain([queries.cases.key(), queries.signals.key(), queries.accounts.key()])
}

/** An order given with a form, which shows a refusal itself. */
export function useMutationAction<I, R>(order: (input: I) => Promise<R>, done: (result: R) => void) {
  return useFormMutation(order, useListAgain(), done)
}

/** An order given with a key or click: a refusal is told at the edge of the screen. */
export function useQuickMutation<I>(order: (input: I) => Promise<unknown>, done?: () => void) {
  return useClickMutation(order, useListAgain(), done)
}
