/** The columns of the list of deliveries. */

import type { QueueItem } from '../../../contract/queue.ts'
import { Status } from '../../components/status.tsx'
import { count, momentInText, shortTime, size, utcTime } from '../../format.ts'
import { text } from '../../text.ts'
import type { GridColumn } from '../../ui/grid/columns.ts'

const words = text.queue.column

function Moment({ at, short }: { at: string; short?: boolean }) {
  return (
    <time dateTime={at} title={utcTime(at)} className="num text-dim">
      {short ? shortTime(at, Date.now()) : momentInText(at, Date.now())}
    </time>
  )
}

export const queueColumns: readonly GridColumn<QueueItem>[] = [
  { id: 'accepted', header: words.accepted, size: 132, render: (row) => <Moment at={row.acceptedAt} short /> },
  { id: 'state', header: words.state, size: 116, render: (row) => <Status status={row.state} inDoubt={row.inDoubt} /> },
  {
    id: 'recipient',
    header: words.recipient,
    size: 180,
    grow: 1.1,
    render: (row) => <span className="mono">{row.recipient}</span>,
  },
  {
    id: 'destination',
    header: words.destination,
    size: 140,
    yields: 2,
    grow: 0.7,
    render: (row) => <span className="mono">{row.destination}</span>,
  },
  {
    id: 'reason',
    header: words.reason,
    size: 200,
    grow: 1.8,
    render: (row) => <span title={row.reason}>{row.reason}</span>,
  },
  {
    id: 'next',
    header: words.next,
    size: 136,
    render: (row) => (row.nextAttemptAt ? <Moment at={row.nextAttemptAt} /> : text.common.dash),
  },
  { id: 'attempts', header: words.attempts, size: 58, align: 'end', yields: 3, render: (row) => count(row.attempts) },
  { id: 'account', header: words.account, size: 100, yields: 4, render: (row) => row.account },
  {
    id: 'subject',
    header: words.subject,
    size: 180,
    grow: 1,
    hidden: true,
    render: (row) => row.subject || <span className="text-faint">{text.messages.noSubject}</span>,
  },
  { id: 'size', header: words.size, size: 78, align: 'end', hidden: true, render: (row) => size(row.size) },
]
