/** The sealed samples of an account: when, how large, to which domain. Never their content. */

import { Link } from '@tanstack/react-router'
import { FileLock2 } from 'lucide-react'
import { useCallback, useMemo } from 'react'
import type { AccountView } from '../../../contract/accounts.ts'
import type { SampleView } from '../../../contract/samples.ts'
import { problemOf, useApi, useUser } from '../../api.ts'
import { useRetryOnReconnect } from '../../components/retry.ts'
import { count, shortDate, shortTime, size, utcTime } from '../../format.ts'
import { text } from '../../text.ts'
import { type GridColumn, useColumns } from '../../ui/grid/columns.ts'
import { Grid } from '../../ui/grid/grid.tsx'
import { usePaged } from '../../ui/grid/use-paged.ts'
import { Empty, ProblemNote } from '../../ui/state.tsx'

const words = text.accounts.samples

function idOf(row: SampleView): string {
  return row.id
}

/** Whether a person may read the header record behind a sample. */
function columnsFor(mayRead: boolean): readonly GridColumn<SampleView>[] {
  return [
    {
      id: 'accepted',
      header: words.column.accepted,
      size: 120,
      render: ({ message, acceptedAt }) => {
        const time = (
          <time dateTime={acceptedAt} title={utcTime(acceptedAt)} className="num">
            {shortTime(acceptedAt, Date.now())}
          </time>
        )
        return mayRead ? (
          <Link to="/messages/{-$id}" params={{ id: message }} search={{}} className="text-accent hover:underline">
            {time}
          </Link>
        ) : (
          time
        )
      },
    },
    { id: 'size', header: words.column.size, size: 82, align: 'end', render: (row) => size(row.size) },
    {
      id: 'to',
      header: words.column.to,
      size: 100,
      grow: 1,
      render: ({ domains, flagged, held }) => (
        <span className="mono" title={domains.join('\n')}>
          {domains[0] ?? text.common.dash}
          {domains.length > 1 ? (
            <span className="text-faint"> {text.messages.andMore(count(domains.length - 1))}</span>
          ) : null}
          {flagged ? <Mark tone="bg-wait-s text-wait">{words.flagged}</Mark> : null}
          {held ? <Mark tone="bg-held-s text-held">{words.held}</Mark> : null}
        </span>
      ),
    },
    {
      id: 'place',
      header: words.column.place,
      size: 110,
      align: 'end',
      yields: 1,
      render: ({ block, position }) => `${count(block)} · ${String(position).padStart(3, '0')}`,
    },
    {
      id: 'keep',
      header: words.column.keep,
      size: 108,
      align: 'end',
      render: ({ keepUntil }) => <span title={utcTime(keepUntil)}>{shortDate(keepUntil)}</span>,
    },
  ]
}

function Mark({ tone, children }: { tone: string; children: string }) {
  return <span className={`ml-1.5 rounded-sm px-1 font-sans text-xs ${tone}`}>{children}</span>
}

export function Samples({ account }: { account: AccountView }) {
  const { client } = useApi()
  const { role } = useUser()
  const mayRead = role !== 'auditor'
  const definitions = useMemo(() => columnsFor(mayRead), [mayRead])
  const columns = useColumns('samples', definitions)
  const rows = usePaged<SampleView>(
    account.name,
    async (cursor, limit, signal) => {
      const page = await client.samples.list({ account: account.name, limit, cursor }, { signal })
      return { items: page.samples, next: page.next }
    },
    idOf,
  )
  useRetryOnReconnect(rows)
  const onRange = useCallback((first: number, last: number) => rows.want(first, last), [rows])
  const problem = rows.error === undefined ? undefined : problemOf(rows.error)
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-start gap-2.5 px-[18px] py-3 text-dim">
        <FileLock2 size={15} className="mt-0.5 shrink-0 text-accent" aria-hidden />
        <p>
          {rows.ended && rows.count > 0 ? (
            <b className="num font-semibold text-text">{words.counted(rows.count, count(rows.count))}. </b>
          ) : null}
          {words.help}
        </p>
      </div>
      {problem ? (
        <div className="px-[18px] pb-3">
          <ProblemNote what={problem.what || words.failed} change={problem.change} onRetry={() => rows.retry()} />
        </div>
      ) : null}
      <Grid
        key={rows.number}
        label={words.list}
        columns={columns}
        rows={rows}
        version={rows.version}
        keyOf={idOf}
        current={undefined}
        onCurrent={nothingOpens}
        onOpen={nothingOpens}
        onRange={onRange}
        empty={<Empty title={words.none} help={account.trusted ? words.noneTrusted : words.noneHelp} />}
      />
    </div>
  )
}

/** A sample opens only from a case. */
function nothingOpens(): void {}
