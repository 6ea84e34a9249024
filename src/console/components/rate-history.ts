/** How much mail went in and out while this page has been open. */

import { useSyncExternalStore } from 'react'
import type { StatusReport } from '../../contract/status.ts'

export interface RatePoint {
  /** milliseconds, Unix time */
  at: number
  /** messages a second */
  in: number
  /** deliveries a second */
  out: number
}

/** ten minutes of reports every two seconds */
const MOST = 300

let points: readonly RatePoint[] = []
const listeners = new Set<() => void>()

/** Takes the rates of a report of the relay's state. */
export function recordRate({ rate }: StatusReport): void {
  points = [...points.slice(1 - MOST), { at: Date.now(), ...rate }]
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Oldest first. */
export function useRateHistory(): readonly RatePoint[] {
  return useSyncExternalStore(subscribe, () => points)
}
