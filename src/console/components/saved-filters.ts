/** Filters that a person keeps under a name, in this browser; the log shows them, the palette finds them. */

import { readStored, useStored } from '../ui/stored.ts'

export interface SavedFilter {
  name: string
  written: string
}

const NAME = 'saved-filters'
const none: SavedFilter[] = []

function isSavedFilter(value: unknown): value is SavedFilter {
  return typeof value === 'object' && value !== null && 'name' in value && 'written' in value
}

function areSavedFilters(value: unknown): value is SavedFilter[] {
  return Array.isArray(value) && value.every(isSavedFilter)
}

/** The saved filters now. */
export function readSavedFilters(): SavedFilter[] {
  return readStored(NAME, none, areSavedFilters)
}

export function useSavedFilters(): [SavedFilter[], (filters: SavedFilter[]) => void] {
  return useStored(NAME, none, areSavedFilters)
}
