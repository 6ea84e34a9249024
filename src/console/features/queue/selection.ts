/** Which deliveries of a list are selected. */

import { useCallback, useMemo, useRef, useState } from 'react'
import type { QueueItem } from '../../../contract/queue.ts'
import type { QueueFilter } from '../../../model/filter.ts'
import type { PagedRows } from '../../ui/grid/paged-rows.ts'

/** Names one delivery: message and ordinal. */
export function keyOf(row: QueueItem): string {
  return `${row.message}/${row.ordinal}`
}

function nameOf(key: string): { message: string; ordinal: number } {
  const [message = '', ordinal = ''] = key.split('/')
  return { message, ordinal: Number(ordinal) }
}

/** a filter names a thousand deliveries at most */
export const MOST_SELECTED = 1000

export interface Selection {
  size: number
  has: (key: string) => boolean
  toggle: (key: string, index: number, range: boolean) => void
  /** selects everything that is in memory, up to the most a filter can name */
  all: () => void
  clear: () => void
  filter: QueueFilter
}

export function useSelection(rows: PagedRows<QueueItem>): Selection {
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set())
  const anchor = useRef<number>(undefined)

  const toggle = useCallback(
    (key: string, index: number, range: boolean): void => {
      const from = range ? (anchor.current ?? index) : index
      anchor.current = index
      setKeys((old) => {
        const next = new Set(old)
        if (!range && old.has(key)) next.delete(key)
        for (let at = Math.min(from, index); at <= Math.max(from, index) && (range || !old.has(key)); at++) {
          const row = rows.row(at)
          if (row && next.size < MOST_SELECTED) next.add(keyOf(row))
        }
        return next
      })
    },
    [rows],
  )
  const all = useCallback((): void => {
    const next = new Set<string>()
    for (let at = 0; at < rows.count && next.size < MOST_SELECTED; at++) {
      const row = rows.row(at)
      if (row) next.add(keyOf(row))
    }
    setKeys(next)
  }, [rows])
  const clear = useCallback((): void => setKeys(new Set()), [])

  return useMemo(
    () => ({
      size: keys.size,
      has: (key) => keys.has(key),
      toggle,
      all,
      clear,
      filter: { deliveries: [...keys].map(nameOf) },
    }),
    [keys, toggle, all, clear],
  )
}
