/** Which rows of a list are selected. */

import { useCallback, useMemo, useRef, useState } from 'react'
import type { PagedRows } from './paged-rows.ts'

/** what an order can name at most */
const MOST_SELECTED = 1000

export interface Selection {
  size: number
  keys: ReadonlySet<string>
  has: (key: string) => boolean
  toggle: (key: string, index: number, range: boolean) => void
  /** selects everything that is in memory, up to the most an order can name */
  all: () => void
  clear: () => void
}

/** @param keyOf must be stable */
export function useSelection<T>(rows: PagedRows<T>, keyOf: (row: T) => string): Selection {
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
          if (row !== undefined && next.size < MOST_SELECTED) next.add(keyOf(row))
        }
        return next
      })
    },
    [rows, keyOf],
  )
  const all = useCallback((): void => {
    const next = new Set<string>()
    for (let at = 0; at < rows.count && next.size < MOST_SELECTED; at++) {
      const row = rows.row(at)
      if (row !== undefined) next.add(keyOf(row))
    }
    setKeys(next)
  }, [rows, keyOf])
  const clear = useCallback((): void => setKeys(new Set()), [])

  return useMemo(
    () => ({ size: keys.size, keys, has: (key) => keys.has(key), toggle, all, clear }),
    [keys, toggle, all, clear],
  )
}
