/** What part of the Retention screen an address (hash route) shows. */

const asks = ['plan', 'run', 'hold'] as const
/** The dialog that is open: dry run, run now, place a hold. */
export type Ask = (typeof asks)[number]

export interface RetentionSearch {
  ask?: Ask
  /** how many days the simulator begins with */
  days?: number
}

/** Reads the search part of an address; what cannot be understood is left out. */
export function readRetentionSearch(raw: Record<string, unknown>): RetentionSearch {
  const ask = asks.find((each) => each === raw.ask)
  const days = Number(raw.days)
  return { ...(ask ? { ask } : {}), ...(Number.isInteger(days) && days >= 1 && days <= 70 ? { days } : {}) }
}

const views = ['receipts', 'holds'] as const
/** The part that is shown; without one the promise. */
export type RetentionView = (typeof views)[number]

export function readView(written: string | undefined): RetentionView | undefined {
  return views.find((each) => each === written)
}
