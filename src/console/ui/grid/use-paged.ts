/** Paged rows in a component: made anew when the question changes, shown again when they change. */

import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { type LoadPage, PagedRows } from './paged-rows.ts'

/**
 * @param question names what is asked; a new one starts a new list
 */
export function usePaged<T>(question: string, load: LoadPage<T>, key: (row: T) => string): PagedRows<T> {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the question stands for what `load` asks
  const rows = useMemo(() => new PagedRows<T>({ load, key }), [question])
  useSyncExternalStore(rows.subscribe, rows.getVersion)
  useEffect(() => () => rows.stop(), [rows])
  return rows
}
