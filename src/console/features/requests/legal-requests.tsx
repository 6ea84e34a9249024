/** The disclosure register: legal demands, newest first, and one of them. */

import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Landmark, Plus } from 'lucide-react'
import { useCallback, useMemo, useRef, useState } from 'react'
import type { LegalRequestView } from '../../../contract/legalRequests.ts'
import { problemOf, useApi } from '../../api.ts'
import { useMayWork, useMore, usePagedRows } from '../../components/desk.ts'
import { scopeInText } from '../../components/hold-scope.tsx'
import { shortTime, utcTime } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { type GridColumn, useColumns } from '../../ui/grid/columns.ts'
import { Grid, type GridHandle } from '../../ui/grid/grid.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Split } from '../../ui/split.tsx'
import { Empty, ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { useFreshList } from './data.ts'
import { Head } from './head.tsx'
import { LegalRequestPane } from './legal-request-detail.tsx'
import { RecordLegalRequest } from './legal-request-dialogs.tsx'
import { LegalRequestStateMark, NotifiedMark } from './legal-request-state.tsx'

const words = text.legalRequests
const PAGE = 500
/** a gag ends without an entry in the audit log */
const LOOK_MS = 60_000
const SIDEBAR = 204
const DETAIL_SHARE = 0.5

const address = '/requests/disclosures/{-$id}'

function keyOf({ id }: LegalRequestView): string {
  return String(id)
}

const all: readonly GridColumn<LegalRequestView>[] = [
  {
    id: 'authority',
    header: words.column.authority,
    size: 150,
    grow: 1,
    render: ({ id, authority }) => (
      <>
        <span className="num text-faint">#{id}</span> <span className="font-[550]">{authority}</span>
      </>
    ),
  },
  {
    id: 'state',
    header: words.column.state,
    size: 104,
    render: ({ state }) => <LegalRequestStateMark state={state} />,
  },
  {
    id: 'scope',
    header: words.column.scope,
    size: 150,
    yields: 2,
    render: ({ scope }) => scopeInText(scope, Date.now()),
  },
  {
    id: 'told',
    header: words.column.gag,
    size: 170,
    yields: 1,
    render: (row) => <NotifiedMark legalRequest={row} now={Date.now()} />,
  },
  { id: 'basis', header: words.column.basis, size: 160, yields: 3, render: ({ basis }) => basis },
  {
    id: 'received',
    header: words.column.received,
    size: 124,
    yields: 4,
    render: ({ receivedAt }) => (
      <time dateTime={receivedAt} title={utcTime(receivedAt)} className="num text-dim">
        {shortTime(receivedAt, Date.now())}
      </time>
    ),
  },
]

/** Demands, page by page as they are scrolled to. */
function useLegalRequests() {
  const { queries } = useApi()
  const found = useInfiniteQuery(
    queries.legalRequests.list.infiniteOptions({
      input: (cursor: string | undefined) => ({ ...(cursor ? { cursor } : {}), limit: PAGE }),
      initialPageParam: undefined,
      getNextPageParam: (last) => last.next ?? undefined,
      refetchInterval: LOOK_MS,
    }),
  )
  const pages = found.data?.pages
  const known = useMemo(() => pages?.flatMap((page) => page.legalRequests), [pages])
  return { found, known, rows: usePagedRows(known, found.hasNextPage) }
}

export function LegalRequestsScreen() {
  const { id } = useParams({ from: address })
  const { ask } = useSearch({ from: address })
  const navigate = useNavigate()
  const mayWork = useMayWork()
  const grid = useRef<GridHandle>(null)
  const [cursor, setCursor] = useState<string>()
  const { found, known, rows } = useLegalRequests()
  const columns = useColumns('disclosures', all)
  useFreshList()
  const go = useCallback(
    (to: string | undefined, replace = false): void =>
      void navigate({ to: address, params: { id: to }, search: {}, replace }),
    [navigate],
  )
  const record = (): void => void navigate({ to: address, params: { id }, search: { ask: 'record' }, replace: true })
  const onRange = useMore(found, rows.count)
  useKeys({
    j: () => grid.current?.move(1),
    k: () => grid.current?.move(-1),
    Enter: () => grid.current?.open(),
    Escape: () => id !== undefined && go(undefined),
    c: () => mayWork && record(),
  })
  const shown = known?.find((each) => String(each.id) === id)
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Head part="disclosures">
        {mayWork ? (
          <Button onClick={record}>
            <Plus size={14} />
            {words.record.open}
          </Button>
        ) : null}
      </Head>
      <Split
        name="disclosures"
        first={Math.round((window.innerWidth - SIDEBAR) * DETAIL_SHARE)}
        label={words.title}
        main={
          <div className="flex min-h-0 flex-1 flex-col bg-panel">
            {found.isError ? (
              <div className="border-line border-b p-3">
                <ProblemNote {...problemOf(found.error)} onRetry={() => void found.refetch()} />
              </div>
            ) : null}
            <Grid
              handle={grid}
              label={words.list}
              columns={columns}
              rows={rows}
              version={rows.count}
              keyOf={keyOf}
              current={id ?? cursor}
              onCurrent={(key) => (id === undefined ? setCursor(key) : go(key, true))}
              onOpen={(key) => go(key)}
              onRange={onRange}
              empty={<Empty icon={<Landmark size={26} strokeWidth={1.4} />} title={words.none} help={words.noneHelp} />}
            />
          </div>
        }
        side={
          id === undefined ? undefined : shown ? (
            <LegalRequestPane key={id} legalRequest={shown} onClose={() => go(undefined)} />
          ) : (
            <aside aria-label={words.title} className="min-h-0 flex-1 bg-panel p-[18px]">
              {known === undefined ? <SkeletonLines lines={8} /> : <Empty title={words.gone} />}
            </aside>
          )
        }
      />
      {ask === 'record' && mayWork ? (
        <RecordLegalRequest onClose={() => go(id, true)} onRecorded={(made) => go(String(made))} />
      ) : null}
    </div>
  )
}
