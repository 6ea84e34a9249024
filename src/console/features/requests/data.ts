/** What the request desk reads, and orders given to it. */

import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { RequestDetail } from '../../../contract/requests.ts'
import { useApi } from '../../api.ts'
import { useFresh, usePagedRows } from '../../components/desk.ts'
import { useClickMutation, useFormMutation, useReadAgain } from '../../components/orders.ts'
import type { RequestSearch } from './view.ts'

const PAGE = 500
/** days go by without an entry in the audit log */
const LOOK_MS = 60_000
/** while something runs, its progress is read this often */
const RUNNING_MS = 500
/** letters arrive without an entry in the audit log */
const OPEN_MS = 4000

/** Reads the desk again as soon as the audit log has grown. */
export function useFreshList(): void {
  const { queries } = useApi()
  useFresh([queries.requests.key(), queries.legalRequests.key()])
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
  return { found, rows: usePagedRows(requests, found.hasNextPage) }
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
function useListAgain(): () => Promise<void> {
  const { queries } = useApi()
  return useReadAgain([
    queries.requests.key(),
    queries.legalRequests.key(),
    queries.retention.key(),
    queries.status.key(),
  ])
}

/** An order given with a form, which shows a refusal itself. */
export function useMutationAction<I, R>(order: (input: I) => Promise<R>, done: (result: R) => void) {
  return useFormMutation(order, useListAgain(), done)
}

/** An order given with a key or click: a refusal is told at the edge of the screen. */
export function useQuickMutation<I>(order: (input: I) => Promise<unknown>, done?: () => void) {
  return useClickMutation(order, useListAgain(), done)
}
