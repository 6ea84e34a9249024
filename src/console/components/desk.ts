/** What the desks have in common: who works at them, when they are read again, and lists that come page by page. */

import { type QueryKey, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo } from 'react'
import { useApi, useUser } from '../api.ts'
import type { GridRows } from '../ui/grid/grid.tsx'

/** Whether the person may work at the desks, not only read what lies on them. */
export function useMayWork(): boolean {
  const { role } = useUser()
  return role === 'admin' || role === 'reviewer'
}

/**
 * Reads again as soon as the audit log has grown: somebody has acted, or the relay has.
 * @param keys the same in every round
 */
export function useFresh(keys: readonly QueryKey[]): void {
  const { queries } = useApi()
  const cache = useQueryClient()
  const entries = useQuery(queries.status.get.queryOptions()).data?.audit.entries
  // biome-ignore lint/correctness/useExhaustiveDependencies: the keys are always the same
  useEffect(() => {
    if (entries === undefined) return
    for (const queryKey of keys) void cache.invalidateQueries({ queryKey })
  }, [entries, cache])
}

/** Rows of a grid out of the pages that were read; undefined before the first. */
export function usePagedRows<T extends { id: number }>(items: readonly T[] | undefined, hasMore: boolean): GridRows<T> {
  return useMemo(() => {
    const known = items ?? []
    const places = new Map(known.map(({ id }, at) => [String(id), at]))
    return {
      count: known.length,
      ended: items !== undefined && !hasMore,
      row: (at) => known[at],
      indexOf: (key) => places.get(key),
    }
  }, [items, hasMore])
}

/** What a grid calls with the rows it shows: reads the next page as soon as they come to the end of what was read. */
export function useMore(
  found: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown },
  count: number,
): (first: number, last: number) => void {
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = found
  return useCallback(
    (_first, last) => {
      if (last >= count && hasNextPage && !isFetchingNextPage) void fetchNextPage()
    },
    [count, hasNextPage, isFetchingNextPage, fetchNextPage],
  )
}
