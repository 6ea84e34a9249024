/** Calls about sealed samples, as they may be seen without opening any. */

import type { SampleView } from '../../contract/samples.ts'
import { formatId } from '../../model/id.ts'
import { accountName } from '../../store/accountName.ts'
import type { SampleRow } from '../../store/samples.ts'
import type { Directory } from '../../store/store.ts'
import type { Guarded } from './base.ts'
import type { Parts } from './context.ts'
import { refuseStrangeCursor } from './errors.ts'
import { accountNamed, timeView } from './views.ts'

function sampleView(row: SampleRow, directory: Directory): SampleView {
  const id = formatId(row.message)
  const { block, position, size, domains, flagged, held } = row
  return {
    id,
    message: id,
    account: accountName(directory, row.account),
    block,
    position,
    acceptedAt: timeView(row.acceptedAt),
    keepUntil: timeView(row.keepUntil),
    size,
    domains,
    flagged,
    held,
    case: row.case ?? null,
  }
}

export function sampleCalls(os: Guarded, parts: Parts) {
  const { samples, directory } = parts.store
  return {
    list: os.samples.list.handler(async ({ input }) => {
      refuseStrangeCursor(input.cursor, /^\d+$/)
      const { flagged, limit, cursor } = input
      const account = input.account === undefined ? undefined : accountNamed(directory, input.account).id
      const before = cursor === undefined ? undefined : Number(cursor)
      const page = await samples.list({ account, flagged, before, limit, now: parts.engine.retention.hideBy() })
      return {
        samples: page.rows.map((row) => sampleView(row, directory)),
        next: page.next === undefined ? null : String(page.next),
      }
    }),
  }
}
