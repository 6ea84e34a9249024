/** What part of a section of the settings an address (hash route) shows. */

const asks = ['change', 'edit', 'announce', 'withdraw'] as const
/** What is being done with a version of the policy. */
export type Ask = (typeof asks)[number]

export interface SettingsSearch {
  /** a version of the policy */
  version?: number
  ask?: Ask
  /** days a new change begins with */
  days?: number
}

function whole(value: unknown, most: number): number | undefined {
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN
  return Number.isInteger(number) && number >= 1 && number <= most ? number : undefined
}

/** Reads the search part of an address; what cannot be understood is left out. */
export function readSettingsSearch(raw: Record<string, unknown>): SettingsSearch {
  const version = whole(raw.version, 1_000_000_000)
  const ask = asks.find((each) => each === raw.ask)
  const days = whole(raw.days, 70)
  return { ...(version ? { version } : {}), ...(ask ? { ask } : {}), ...(days ? { days } : {}) }
}
