/** Lists samples by what is known of them without opening any. */

import type { SamplePage, SampleQuery, SampleRow } from '../../samples.ts'
import { HeldSamples, KEPT } from '../holds/heldSamples.ts'
import type { Connection } from '../thread/connection.ts'

interface Row {
  message: number
  account: number
  block: number
  position: number
  accepted_at: number
  keep_until: number
  size: number
  domains: string
  flagged: number
  case_id: number | null
}

function decode(row: Row, held: ReadonlySet<number>): SampleRow {
  const { message, account, block, position, size } = row
  return {
    message,
    account,
    block,
    position,
    acceptedAt: row.accepted_at,
    keepUntil: row.keep_until,
    size,
    domains: JSON.parse(row.domains) as string[],
    flagged: row.flagged === 1,
    held: held.has(message),
    case: row.case_id ?? undefined,
  }
}

/** Of each sample: the newest case under review with an opening of it, or with evidence that names its message. */
const CASE = `(
  SELECT max(review_case.id) FROM review_case
  WHERE review_case.account = sample.account AND review_case.status NOT IN ('decided', 'closed') AND (
    EXISTS (SELECT 1 FROM opening WHERE opening.case_id = review_case.id AND opening.sample = sample.message)
    OR EXISTS (
      SELECT 1 FROM signal, json_each(signal.messages) AS named
      WHERE signal.case_id = review_case.id AND named.value = sample.message
    )
  )
)`

/** One page of samples, newest first. What is past its time is not shown, unless a hold keeps it. */
export function listSamples(main: Connection, { account, flagged, before, limit, now }: SampleQuery): SamplePage {
  const holds = new HeldSamples(main)
  const conditions = ['message < @before', KEPT]
  if (account !== undefined) conditions.push('account = @account')
  if (flagged !== undefined) conditions.push('flagged = @flagged')
  const rows = main
    .prepare(
      `SELECT message, account, block, position, accepted_at, keep_until, size, domains, flagged,
         ${CASE} AS case_id FROM sample
       WHERE ${conditions.join(' AND ')} ORDER BY message DESC LIMIT @limit`,
    )
    .all(now, holds.beyond(now), {
      before: before ?? Number.MAX_SAFE_INTEGER,
      account: account ?? null,
      flagged: flagged ? 1 : 0,
      limit: limit + 1,
    }) as Row[]
  const shown = rows.slice(0, limit)
  const held = holds.covered(shown)
  return { rows: shown.map((row) => decode(row, held)), next: rows.length > limit ? shown.at(-1)!.message : undefined }
}
