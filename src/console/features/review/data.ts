/** What the review desk reads, and orders given to it. Opened samples never pass through here. */

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { toast } from 'sonner'
import type { CaseView } from '../../../contract/cases.ts'
import type { SignalView } from '../../../contract/signals.ts'
import { problemOf, useApi, usePerson } from '../../api.ts'
import type { GridRows } from '../../ui/grid/grid.tsx'
import { statusOfView, type View } from './view.ts'

const PAGE = 500
/** signals come without an entry in the audit log */
const LOOK_MS = 30_000

/** Whether the person may work on cases, not only read them. */
export function useMayWork(): boolean {
  const { role } = usePerson()
  return role === 'admin' || role === 'reviewer'
}

/** Reads everything of the desk again as soon as the audit log has grown: somebody has acted. */
export function useFreshDesk(): void {
  const { queries } = useApi()
  const cache = useQueryClient()
  const entries = useQuery(queries.status.get.queryOptions()).data?.audit.entries
  useEffect(() => {
    if (entries === undefined) return
    void cache.invalidateQueries({ queryKey: queries.cases.key() })
    void cache.invalidateQueries({ queryKey: queries.signals.key() })
  }, [entries, cache, queries])
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
  const rows = useMemo<GridRows<CaseView>>(() => {
    const known = cases ?? []
    const places = new Map(known.map(({ id }, at) => [String(id), at]))
    return {
      count: known.length,
      ended: cases !== undefined && !found.hasNextPage,
      row: (at) => known[at],
      indexOf: (key) => places.get(key),
    }
  }, [cases, found.hasNextPage])
  return { found, cases, rows }
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
export function useReadAgain(): () => Promise<void> {
  const { queries } = useApi()
  const cache = useQueryClient()
  return async () => {
    const keys = [queries.cases.key(), queries.signals.key(), queries.accounts.key()]
    await Promise.all(keys.map((queryKey) => cache.invalidateQueries({ queryKey })))
  }
}

/** An order given with a form, which shows a refusal itself. */
export function useOrder<I, R>(order: (input: I) => Promise<R>, done: (result: R) => void) {
  const readAgain = useReadAgain()
  return useMutation({
    mutationFn: order,
    onSuccess: async (result) => {
      await readAgain()
      done(result)
    },
    // somebody else may have been quicker
    onError: () => void readAgain(),
  })
}

/** An order given with a key or click: a refusal is told at the edge of the screen. */
export function useQuickOrder<I>(order: (input: I) => Promise<unknown>, done?: () => void) {
  const readAgain = useReadAgain()
  return useMutation({
    mutationFn: order,
    onSuccess: async () => {
      await readAgain()
      done?.()
    },
    onError: (error) => {
      const { what, change } = problemOf(error)
      toast.error(what, { description: change })
      void readAgain()
    },
  })
}
