/** Paged rows in a component: made anew when the question changes, shown again when they change. */

import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import { type LoadPage, PagedRows } from './paged-rows.ts'

/** rows asked for before the list knows its own height */
const FIRST_LOOK = 50

/**
 * The rows that answer a question. While those of a new question are on their way, the old ones stay on screen.
 * @param question names what is asked; a new one starts a new list
 */
export function usePaged<T>(question: string, load: LoadPage<T>, key: (row: T) => string): PagedRows<T> {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the question stands for what `load` asks
  const next = useMemo(() => new PagedRows<T>({ load, key }), [question])
  useSyncExternalStore(next.subscribe, next.getVersion)
  const shown = useRef(next)
  if (next.started || next.error !== undefined) shown.current = next
  const visible = shown.current
  useSyncExternalStore(visible.subscribe, visible.getVersion)
  useEffect(() => {
    next.want(0, FIRST_LOOK)
    return () => next.stop()
  }, [next])
  return visible
}
