/** What a person has set up in this browser, kept there. */

import { useCallback, useSyncExternalStore } from 'react'

const PREFIX = 'mailward.'
const listeners = new Set<() => void>()
const cache = new Map<string, { raw: string | null; value: unknown }>()

/** Reads a remembered value; `fallback` when there is none, or it is not of the expected shape. */
export function readStored<T>(name: string, fallback: T, fits: (value: unknown) => value is T): T {
  const raw = localStorage.getItem(PREFIX + name)
  const known = cache.get(name)
  // the same text gives the same object, so that React sees no change where there is none
  if (known && known.raw === raw) return known.value as T
  const value = parse(raw, fallback, fits)
  cache.set(name, { raw, value })
  return value
}

function parse<T>(raw: string | null, fallback: T, fits: (value: unknown) => value is T): T {
  if (raw === null) return fallback
  try {
    const value: unknown = JSON.parse(raw)
    return fits(value) ? value : fallback
  } catch {
    return fallback
  }
}

/** Remembers a value and tells everybody who shows it. */
export function writeStored(name: string, value: unknown): void {
  localStorage.setItem(PREFIX + name, JSON.stringify(value))
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', listener)
  }
}

/** Like useState, remembered under `name` and shared by everything that uses that name. */
export function useStored<T>(name: string, fallback: T, fits: (value: unknown) => value is T): [T, (value: T) => void] {
  const value = useSyncExternalStore(subscribe, () => readStored(name, fallback, fits))
  const set = useCallback((next: T) => writeStored(name, next), [name])
  return [value, set]
}
