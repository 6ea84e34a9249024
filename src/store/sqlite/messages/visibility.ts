/** Which header records can be seen: those whose time is not up, and those that a legal hold keeps beyond it. */

import type { Hold } from '../../../model/hold.ts'
import { endOf } from '../../../model/retention.ts'
import type { LogRow } from '../../store.ts'
import { activeHolds, matcherOf } from '../holds/matcher.ts'
import { retentionRulesOf } from '../retention/rules.ts'
import type { Connection } from '../thread/connection.ts'

/** A row with what only policy and holds know of it: `held`, and an end that was shortened since acceptance. */
export type Visibility = (row: Omit<LogRow, 'held'>) => Seen

export interface Seen {
  row: LogRow
  /** whether its time is not up, or a hold keeps it */
  visible: boolean
}

/** How rows are seen at a moment, by the policy and the holds in force. */
export function visibilityAt(main: Connection, now: number): Visibility {
  const { shortenings } = retentionRulesOf(main)
  const holds: readonly Hold[] = activeHolds(main)
  const covers = matcherOf(holds.map(({ scope }) => scope))
  return (row) => {
    const keepUntil = endOf(row.acceptedAt, row.keepUntil, row.account, shortenings)
    const held = holds.length > 0 && covers(row)
    return { row: { ...row, keepUntil, held }, visible: keepUntil > now || held }
  }
}
