/** The columns of the list of accounts. */

import { count, share, shortTime, utcTime } from '../../format.ts'
import { text } from '../../text.ts'
import type { GridColumn } from '../../ui/grid/columns.ts'
import { Sparkline } from '../../ui/sparkline.tsx'
import { type AccountRow, isOver } from './rows.ts'
import { AccountStatus, TrustMark } from './status.tsx'

const words = text.accounts

/** A rate, marked when it is over its limit. */
function Rate({ row, of }: { row: AccountRow; of: 'bounceRate' | 'complaintRate' }) {
  const { figures, thresholds } = row
  if (!figures) return null
  const rate = figures[of]
  const limit = thresholds?.[of]
  const over = isOver(rate, figures.messages, limit, thresholds?.leastMessages)
  return over && limit !== undefined ? (
    <span className="font-[550] text-bad" title={words.over(share(limit))}>
      {share(rate)}
    </span>
  ) : (
    share(rate)
  )
}

function Volume({ row: { figures } }: { row: AccountRow }) {
  if (!figures) return null
  const label = words.volumeOf(count(figures.messages), count(Math.max(...figures.volume)))
  return <Sparkline values={figures.volume} label={label} className="mt-[7px] w-[90px]" />
}

export const accountColumns: readonly GridColumn<AccountRow>[] = [
  {
    id: 'name',
    header: words.column.name,
    size: 120,
    grow: 1,
    render: ({ account }) => <span className="font-medium">{account.name}</span>,
  },
  {
    id: 'status',
    header: words.column.status,
    size: 104,
    render: ({ account }) => <AccountStatus status={account.status} />,
  },
  {
    id: 'trust',
    header: words.column.trust,
    size: 96,
    yields: 1,
    render: ({ account, figures }) => (
      <TrustMark
        trusted={account.trusted}
        reviewDue={figures?.reviewDue ?? false}
        requested={figures?.trustRequested ?? false}
      />
    ),
  },
  {
    id: 'volume',
    header: words.column.volume,
    size: 112,
    yields: 4,
    render: (row) => <Volume row={row} />,
  },
  {
    id: 'messages',
    header: words.column.messages,
    size: 88,
    align: 'end',
    yields: 3,
    render: ({ figures }) => (figures ? count(figures.messages) : null),
  },
  {
    id: 'bounces',
    header: words.column.bounces,
    size: 80,
    align: 'end',
    render: (row) => <Rate row={row} of="bounceRate" />,
  },
  {
    id: 'complaints',
    header: words.column.complaints,
    size: 98,
    align: 'end',
    render: (row) => <Rate row={row} of="complaintRate" />,
  },
  {
    id: 'credentials',
    header: words.column.credentials,
    size: 66,
    align: 'end',
    yields: 5,
    render: ({ account }) => count(account.credentials.length),
  },
  {
    id: 'samples',
    header: words.column.samples,
    size: 78,
    align: 'end',
    yields: 6,
    render: ({ figures }) => (figures ? count(figures.samples) : null),
  },
  {
    id: 'domains',
    header: words.column.domains,
    size: 150,
    grow: 1.5,
    yields: 7,
    render: ({ account }) => <span className="mono text-dim">{account.domains.join(', ') || text.common.dash}</span>,
  },
  {
    id: 'contact',
    header: words.column.contact,
    size: 180,
    yields: 8,
    hidden: true,
    render: ({ account }) => <span className="mono text-dim">{account.contact}</span>,
  },
  {
    id: 'created',
    header: words.column.created,
    size: 130,
    yields: 9,
    hidden: true,
    render: ({ account }) => (
      <time dateTime={account.createdAt} title={utcTime(account.createdAt)} className="num text-dim">
        {shortTime(account.createdAt, Date.now())}
      </time>
    ),
  },
]
