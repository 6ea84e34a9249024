/** Keeps what is shown of retention true. */

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useApi } from '../../api.ts'

/** days fill while one looks */
const EVERY_MS = 30_000

/** The promise as checked now; checked again every half minute, and when the relay's state says that something went. */
export function useOverview() {
  const { queries } = useApi()
  const overview = useQuery(queries.retention.overview.queryOptions({ refetchInterval: EVERY_MS }))
  const { refetch } = overview
  const status = useQuery(queries.status.get.queryOptions())
  const { lastRun, overdue, alarms } = status.data?.retention ?? {}
  const mark = JSON.stringify([lastRun, overdue, alarms])
  const seen = useRef(mark)
  useEffect(() => {
    if (seen.current === mark) return
    seen.current = mark
    void refetch({ cancelRefetch: false })
  }, [mark, refetch])
  return overview
}

/** Calls `act` when the audit log has grown: every deletion and every hold writes a row. */
export function useAuditGrowth(act: () => void): void {
  const { queries } = useApi()
  const status = useQuery(queries.status.get.queryOptions())
  const head = status.data?.audit.head
  const seen = useRef(head)
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    if (head === undefined || seen.current === head) return
    const first = seen.current === undefined
    seen.current = head
    if (!first) latest.current()
  }, [head])
}

/** Reads everything about retention again, after an act. */
export function useRefreshed(): () => Promise<void> {
  const { queries } = useApi()
  const cache = useQueryClient()
  return async () => {
    await Promise.all([
      cache.invalidateQueries({ queryKey: queries.retention.key() }),
      cache.invalidateQueries({ queryKey: queries.status.key() }),
    ])
  }
}
