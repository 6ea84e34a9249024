/** How long to wait before a relay process that ended by itself is started again. */

const FIRST_MS = 1_000
const LONGEST_MS = 30_000

/** A relay that ran this long (milliseconds) was well: the next wait is the first again. */
export const WELL_AFTER_MS = 60_000

/** The wait in milliseconds after the 1st, 2nd, … end in a row: 1 s, doubling up to 30 s. */
export function restartDelay(ends: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** (ends - 1))
}
