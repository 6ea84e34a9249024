/** Filters as the contract writes them, turned into the model's. */

import type { MessageFilterInput } from '../../contract/shapes.ts'
import type { MessageFilter } from '../../model/filter.ts'
import type { Matchable } from '../../model/match.ts'
import { accountName } from '../../store/accountName.ts'
import type { Directory, LogRow } from '../../store/store.ts'

function milliseconds(time: string | undefined): number | undefined {
  return time === undefined ? undefined : Date.parse(time)
}

/** Times become milliseconds; parts that are not given stay away. */
export function messageFilter(input: MessageFilterInput): MessageFilter {
  const { since, until, ...rest } = input
  return { ...rest, since: milliseconds(since), until: milliseconds(until) }
}

/** What a filter looks at in a line of the log. */
export function matchable(row: LogRow, directory: Directory): Matchable {
  return { ...row, account: accountName(directory, row.account), clientAddress: row.client.address }
}
