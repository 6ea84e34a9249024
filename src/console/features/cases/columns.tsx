/** Columns of the list of cases. */

import type { CaseView } from '../../../contract/cases.ts'
import { duration, utcTime } from '../../format.ts'
import { text } from '../../text.ts'
import type { GridColumn } from '../../ui/grid/columns.ts'
import { CaseStatusMark, Suspicion } from './marks.tsx'

const words = text.review.column

function ageOf(openedAt: string): string {
  return duration((Date.now() - Date.parse(openedAt)) / 1000, 1)
}

/** @param email who looks: their own cases say "you" */
export function caseColumns(email: string): readonly GridColumn<CaseView>[] {
  return [
    {
      id: 'account',
      header: words.account,
      size: 100,
      grow: 1,
      render: ({ id, account }) => (
        <>
          <span className="font-[550]">{account}</span> <span className="num text-faint">#{id}</span>
        </>
      ),
    },
    { id: 'status', header: words.status, size: 124, render: ({ status }) => <CaseStatusMark status={status} /> },
    { id: 'suspicion', header: words.suspicion, size: 100, render: (row) => <Suspicion value={row.suspicion} /> },
    { id: 'reason', header: words.reason, size: 110, yields: 2, render: ({ reason }) => reason },
    {
      id: 'owner',
      header: words.owner,
      size: 130,
      yields: 1,
      render: ({ owner }) =>
        owner === null ? (
          <span className="text-faint">{text.review.nobody}</span>
        ) : (
          <span title={owner}>{owner === email ? text.review.you : owner}</span>
        ),
    },
    {
      id: 'age',
      header: words.age,
      size: 60,
      align: 'end',
      render: ({ openedAt }) => <span title={utcTime(openedAt)}>{ageOf(openedAt)}</span>,
    },
  ]
}
