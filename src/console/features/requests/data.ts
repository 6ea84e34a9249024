/** What the request desk reads, and orders given to it. */

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { toast } from 'sonner'
import type { RequestDetail, RequestView } from '../../../contract/requests.ts'
import { problemOf, useApi, usePerson } from '../../api.ts'
import type { GridRows } from '../../ui/grid/grid.tsx'
import type { RequestSearch } from './view.ts'

const PAGE = 500
/** days go by without an entry in the audit log */
const LOOK_MS = 60_000
/** while something runs, its progress is read this often */
const RUNNING_MS = 500
/** letters arrive without an entry in the audit log */
const OPEN_MS = 4000

/** Whether the person may work on requests, not only read them. */
export function useMayWork(): boolean {
  const { role } = usePerson()
  return role === 'admin' || role === 'reviewer'
}

/** Reads the desk again as soon as the audit log has grown: somebody has acted, or the relay has. */
export function useFreshDesk(): void {
  const { queries } = useApi()
  const cache = useQueryClient()
  const entries = useQuery(queries.status.get.queryOptions()).data?.audit.entries
  useEffect(() => {
    if (entries === undefined) return
    void cache.invalidateQueries({ queryKey: queries.requests.key() })
    void cache.invalidateQueries({ queryKey: queries.disclosures.key() })
  }, [entries, cache, queries])
}

/** Requests of a list, page by page as they are scrolled to. */
export function useRequests({ view = 'open', kind, track, account }: RequestSearch, enabled: boolean) {
  const { queries } = useApi()
  const found = useInfiniteQuery(
    queries.requests.list.infiniteOptions({
      input: (cursor: string | undefined) => ({
        state: view,
        ...(kind ? { kind } : {}),
        ...(track ? { track } : {}),
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
  const requests = useMemo(() => pages?.flatMap((page) => page.requests), [pages])
  const rows = useMemo<GridRows<RequestView>>(() => {
    const known = requests ?? []
    const places = new Map(known.map(({ id }, at) => [String(id), at]))
    return {
      count: known.length,
      ended: requests !== undefined && !found.hasNextPage,
      row: (at) => known[at],
      indexOf: (key) => places.get(key),
    }
  }, [requests, found.hasNextPage])
  return { found, rows }
}

/** Whether the relay is at work on a request right now. */
export function isRunning({ search, execution, state }: RequestDetail): boolean {
  return search?.state === 'running' || execution?.state === 'running' || state === 'executing'
}

/** One request with its path; read again while something moves in it. */
export function useRequest(id: number | undefined) {
  const { queries } = useApi()
  return useQuery(
    queries.requests.get.queryOptions({
      input: { id: id ?? 1 },
      enabled: id !== undefined,
      refetchInterval: ({ state: { data } }) => {
        if (!data || data.state === 'closed') return false
        return isRunning(data) ? RUNNING_MS : OPEN_MS
      },
    }),
  )
}

/** Reads everything about requests, and what they change, again. */
function useReadAgain(): () => Promise<void> {
  const { queries } = useApi()
  const cache = useQueryClient()
  return async () => {
    const keys = [queries.requests.key(), queries.disclosures.key(), queries.retention.key(), queries.status.key()]
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
