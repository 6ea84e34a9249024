/** The header log as the store offers it. */

import type { MessageLog } from '../../store.ts'
import { harmWords } from '../thread/integrity.ts'
import type { Reader } from '../threads/threads.ts'

/**
 * Builds the part of the store that searches the header log.
 * @param hideBy the moment by which what ended is not shown, in milliseconds
 * @param notice tells people what they should know
 */
export function createLog(reader: Reader, hideBy: () => number, notice: (text: string) => void): MessageLog {
  return {
    async search(filter, limit, cursor, budget) {
      const { harmed, ...page } = await reader.log.search({ filter, limit, cursor, budget, now: hideBy() })
      for (const harm of harmed) notice(harmWords(harm))
      return { ...page, unreadable: harmed.map(({ day }) => day) }
    },
    rows: (ids) => reader.log.rows(ids, hideBy()),
    get: (id) => reader.log.get(id, hideBy()),
    async days() {
      const rows = await reader.log.days()
      return rows.map(({ day, records, oldest_at, youngest_at }) => ({
        day,
        records,
        oldestAt: oldest_at,
        youngestAt: youngest_at,
      }))
    },
  }
}
