/** Lists go on by themselves when the line to the relay is back. */

import { useEffect, useEffectEvent } from 'react'
import { useConnectionState } from '../api.ts'
import type { PagedRows } from '../ui/grid/paged-rows.ts'

/** A page that could not be read because the line was down is read on the next line. */
export function useRetryOnReconnect<T>(rows: PagedRows<T>): void {
  const state = useConnectionState()
  const generation = state.kind === 'open' ? state.generation : undefined
  const retry = useEffectEvent(() => {
    if (rows.error !== undefined) rows.retry()
  })
  useEffect(() => {
    if (generation !== undefined) retry()
  }, [generation])
}
