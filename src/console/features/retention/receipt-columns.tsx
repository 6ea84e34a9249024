/** The columns of the list of receipts. */

import { CircleCheck, CircleX } from 'lucide-react'
import type { ReceiptView } from '../../../contract/retention.ts'
import { count, shortTimeSeconds, size, utcDay, utcTime } from '../../format.ts'
import { text } from '../../text.ts'
import { classes } from '../../ui/classes.ts'
import type { GridColumn } from '../../ui/grid/columns.ts'

const words = text.retention.receipts

/** Whether the receipt was found right: an icon and a word. */
export function ValidMark({ valid }: { valid: boolean }) {
  const Icon = valid ? CircleCheck : CircleX
  return (
    <span
      className={classes('inline-flex items-center gap-1.5', valid ? 'text-ok' : 'text-bad')}
      title={valid ? words.validHelp : words.invalidHelp}
    >
      <Icon size={14} aria-hidden />
      {valid ? words.valid : words.invalid}
    </span>
  )
}

export const receiptColumns: readonly GridColumn<ReceiptView>[] = [
  { id: 'id', header: words.column.id, size: 76, align: 'end', render: (row) => row.id },
  {
    id: 'at',
    header: words.column.at,
    size: 146,
    render: (row) => (
      <time dateTime={row.at} title={utcTime(row.at)} className="num text-dim">
        {shortTimeSeconds(row.at, Date.now())}
      </time>
    ),
  },
  { id: 'kind', header: words.column.kind, size: 140, grow: 0.6, render: (row) => words.kind[row.kind] },
  {
    id: 'day',
    header: words.column.day,
    size: 146,
    grow: 0.4,
    render: (row) =>
      row.day === null ? <span className="text-faint">{words.notOfADay}</span> : <span>{utcDay(row.day)}</span>,
  },
  {
    id: 'headers',
    header: words.column.headers,
    size: 92,
    align: 'end',
    yields: 1,
    render: (row) => count(row.headers),
  },
  {
    id: 'samples',
    header: words.column.samples,
    size: 84,
    align: 'end',
    yields: 2,
    render: (row) => count(row.samples),
  },
  {
    id: 'bodies',
    header: words.column.bodies,
    size: 76,
    align: 'end',
    hidden: true,
    render: (row) => count(row.bodies),
  },
  {
    id: 'freed',
    header: words.column.freed,
    size: 88,
    align: 'end',
    yields: 3,
    render: (row) => size(Math.max(0, row.bytesBefore - row.bytesAfter)),
  },
  {
    id: 'digest',
    header: words.column.digest,
    size: 140,
    grow: 1,
    yields: 4,
    render: (row) => <span className="mono text-dim">{row.digest}</span>,
  },
  { id: 'valid', header: words.column.valid, size: 104, render: (row) => <ValidMark valid={row.valid} /> },
]
