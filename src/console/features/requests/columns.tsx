/** Columns of the list of requests. */

import type { RequestView } from '../../../contract/requests.ts'
import { shortTime, utcTime } from '../../format.ts'
import { text } from '../../text.ts'
import type { GridColumn } from '../../ui/grid/columns.ts'
import { DaysLeft, RequestStateMark } from './marks.tsx'

const words = text.requests

/** @param email who looks: their own requests say "you" */
export function requestColumns(email: string): readonly GridColumn<RequestView>[] {
  return [
    { id: 'days', header: words.column.days, size: 98, render: (row) => <DaysLeft request={row} /> },
    {
      id: 'subject',
      header: words.column.subject,
      size: 130,
      grow: 1,
      render: ({ id, subject }) => (
        <>
          <span className="num text-faint">#{id}</span> <span className="font-[550]">{subject}</span>
        </>
      ),
    },
    { id: 'kind', header: words.column.kind, size: 98, render: ({ kind }) => words.kind[kind] },
    {
      id: 'track',
      header: words.column.track,
      size: 124,
      yields: 2,
      render: ({ track }) => <span className="text-dim">{words.track[track]}</span>,
    },
    {
      id: 'account',
      header: words.column.account,
      size: 120,
      yields: 3,
      render: ({ account }) => account ?? <span className="text-faint">{words.everything}</span>,
    },
    {
      id: 'state',
      header: words.column.state,
      size: 104,
      yields: 1,
      render: ({ state }) => <RequestStateMark state={state} />,
    },
    {
      id: 'owner',
      header: words.column.owner,
      size: 150,
      yields: 4,
      render: ({ owner }) =>
        owner === null ? (
          <span className="text-faint">{words.nobody}</span>
        ) : (
          <span title={owner}>{owner === email ? words.you : owner}</span>
        ),
    },
    {
      id: 'received',
      header: words.column.received,
      size: 124,
      yields: 5,
      render: ({ receivedAt }) => (
        <time dateTime={receivedAt} title={utcTime(receivedAt)} className="num text-dim">
          {shortTime(receivedAt, Date.now())}
        </time>
      ),
    },
  ]
}
