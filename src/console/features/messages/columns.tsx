/** The columns of the log. */

import type { MessageSummary } from '../../../contract/shapes.ts'
import { Status, StatusDot } from '../../components/status.tsx'
import { count, shortTime, size, utcTime } from '../../format.ts'
import { text } from '../../text.ts'
import type { GridColumn } from '../../ui/grid/columns.ts'
import { HeldMark } from './held.tsx'

const words = text.messages.column

function Recipients({ to }: { to: readonly string[] }) {
  const [first = '', ...more] = to
  return (
    <span className="mono flex gap-1.5" title={to.slice(0, 20).join('\n')}>
      <span className="truncate">{first}</span>
      {more.length > 0 ? <span className="text-faint">{text.messages.andMore(count(more.length))}</span> : null}
    </span>
  )
}

export const messageColumns: readonly GridColumn<MessageSummary>[] = [
  {
    id: 'accepted',
    header: words.accepted,
    size: 124,
    render: (row) => (
      <time dateTime={row.acceptedAt} title={utcTime(row.acceptedAt)} className="num text-dim">
        {shortTime(row.acceptedAt, Date.now())}
      </time>
    ),
  },
  {
    id: 'status',
    header: words.status,
    size: 116,
    render: (row) => <Status status={row.status} inDoubt={row.inDoubt} />,
  },
  { id: 'account', header: words.account, size: 100, yields: 1, render: (row) => row.account },
  {
    id: 'from',
    header: words.from,
    size: 140,
    grow: 1,
    yields: 3,
    render: (row) => (
      <span className="mono">{row.from || <span className="text-faint">{text.messages.noSender}</span>}</span>
    ),
  },
  { id: 'to', header: words.to, size: 140, grow: 1.25, render: (row) => <Recipients to={row.to} /> },
  {
    id: 'subject',
    header: words.subject,
    size: 150,
    grow: 1.5,
    render: (row) => (
      <span className="flex items-center gap-1.5">
        {row.held ? <HeldMark /> : null}
        <span className="truncate">{row.subject || <span className="text-faint">{text.messages.noSubject}</span>}</span>
      </span>
    ),
  },
  { id: 'size', header: words.size, size: 78, align: 'end', yields: 2, render: (row) => size(row.size) },
  {
    id: 'client',
    header: words.client,
    size: 130,
    yields: 5,
    hidden: true,
    render: (row) => <span className="mono">{row.client.address}</span>,
  },
  {
    id: 'id',
    header: words.id,
    size: 116,
    yields: 4,
    hidden: true,
    render: (row) => <span className="mono">{row.id}</span>,
  },
]

/** For an account holder, whose log is of one account. */
export const ownColumns = messageColumns.filter(({ id }) => id !== 'account')

function Stacked({ row }: { row: MessageSummary }) {
  const [first = '', ...more] = row.to
  return (
    <span className="grid gap-0.5">
      <span className="flex items-center gap-2">
        <span className="min-w-0 flex-1 truncate font-medium">
          {row.subject || <span className="text-faint">{text.messages.noSubject}</span>}
        </span>
        {row.held ? <HeldMark /> : null}
        <time dateTime={row.acceptedAt} className="num shrink-0 text-faint text-sm">
          {shortTime(row.acceptedAt, Date.now())}
        </time>
      </span>
      <span className="flex items-center gap-1.5 text-dim">
        <StatusDot status={row.status} />
        <span className="shrink-0">{text.status[row.status]}</span>
        <span className="mono min-w-0 truncate text-faint">{first}</span>
        {more.length > 0 ? <span className="text-faint">{text.messages.andMore(count(more.length))}</span> : null}
      </span>
    </span>
  )
}

/** On a phone: one column, two lines. */
export const narrowColumns: readonly GridColumn<MessageSummary>[] = [
  { id: 'message', header: text.messages.title, size: 200, grow: 1, render: (row) => <Stacked row={row} /> },
]
