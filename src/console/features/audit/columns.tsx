/** The columns of the audit log. */

import type { AuditRowView } from '../../../contract/audit.ts'
import { count, shortTimeSeconds, utcTime } from '../../format.ts'
import { text } from '../../text.ts'
import type { GridColumn } from '../../ui/grid/columns.ts'
import { Erased } from './erased.tsx'

const words = text.audit.column

function isErased(row: AuditRowView): boolean {
  return row.actor === null
}

export const auditColumns: readonly GridColumn<AuditRowView>[] = [
  { id: 'sequence', header: words.sequence, size: 72, align: 'end', render: (row) => count(row.sequence) },
  {
    id: 'at',
    header: words.at,
    size: 154,
    render: (row) => (
      <time dateTime={row.at} title={utcTime(row.at)} className="num text-dim">
        {shortTimeSeconds(row.at, Date.now())}
      </time>
    ),
  },
  {
    id: 'actor',
    header: words.actor,
    size: 186,
    grow: 0.6,
    render: (row) => (isErased(row) ? <Erased /> : <span className="mono">{row.actor}</span>),
  },
  {
    id: 'action',
    header: words.action,
    size: 156,
    grow: 1.4,
    render: (row) => <span title={row.action}>{text.audit.action(row.action)}</span>,
  },
  {
    id: 'code',
    header: words.code,
    size: 160,
    grow: 0.3,
    yields: 3,
    render: (row) => <span className="mono text-dim">{row.action}</span>,
  },
  {
    id: 'object',
    header: words.object,
    size: 154,
    grow: 1,
    yields: 1,
    render: (row) => (isErased(row) ? <Erased /> : <span title={row.object ?? undefined}>{row.object}</span>),
  },
  {
    id: 'reason',
    header: words.reason,
    size: 120,
    grow: 1.2,
    yields: 2,
    render: (row) =>
      isErased(row) ? (
        <Erased />
      ) : (
        <span className="text-dim" title={row.reason ?? undefined}>
          {row.reason || text.common.dash}
        </span>
      ),
  },
  {
    id: 'hash',
    header: words.hash,
    size: 140,
    hidden: true,
    yields: 4,
    render: (row) => <span className="mono text-dim">{row.hash}</span>,
  },
]
