/** The deliveries of one part of the queue, and what a person can do about them: one, some, or all. */

import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { ChevronLeft, X } from 'lucide-react'
import { useCallback, useMemo, useRef, useState } from 'react'
import type { QueueItem } from '../../../contract/queue.ts'
import { type QueueAction, type QueueFilter, queueActions } from '../../../model/filter.ts'
import { problemOf, useApi } from '../../api.ts'
import { ColumnsMenu } from '../../components/columns-menu.tsx'
import { QueueActionDialog, type QueueActionOrder } from '../../components/queue-action.tsx'
import { useRetryOnReconnect } from '../../components/retry.ts'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { useColumns } from '../../ui/grid/columns.ts'
import { Grid, type GridHandle } from '../../ui/grid/grid.tsx'
import { SelectAll } from '../../ui/grid/select-all.tsx'
import { usePaged } from '../../ui/grid/use-paged.ts'
import { type Selection, useSelection } from '../../ui/grid/use-selection.ts'
import { useKeys } from '../../ui/keys.ts'
import { Empty, ProblemNote } from '../../ui/state.tsx'
import { queueColumns } from './columns.tsx'
import { useQueueChanges } from './fresh.ts'
import { filterOfKeys, keyOf } from './selection.ts'
import { type QueueSearch, titleOf } from './view.ts'

const words = text.queue

/** Columns that would say the same in every row. */
function shared({ destination, account, reason, state }: QueueFilter): string[] {
  const said = { destination, account, reason, state }
  return Object.entries(said).flatMap(([id, value]) => (value === undefined ? [] : [id]))
}

export interface QueueDeliveriesProps {
  search: QueueSearch
  filter: QueueFilter
}

export function QueueDeliveries({ search, filter }: QueueDeliveriesProps) {
  const { client, queries } = useApi()
  const navigate = useNavigate()
  // what all rows share is in the heading
  const shown = useMemo(() => queueColumns.filter(({ id }) => !shared(filter).includes(id)), [filter])
  const columns = useColumns('queue', shown)
  const rows = usePaged<QueueItem>(
    JSON.stringify(filter),
    (cursor, limit, signal) => client.queue.list({ filter, limit, cursor }, { signal }),
    keyOf,
  )
  useRetryOnReconnect(rows)
  const selection = useSelection(rows, keyOf)
  const [cursor, setCursor] = useState<string>()
  const [order, setOrder] = useState<QueueActionOrder>()
  const [atTop, setAtTop] = useState(true)
  const grid = useRef<GridHandle>(null)
  // what an action with the whole filter would meet; also the figure in the heading
  const matching = useQuery(queries.queue.preview.queryOptions({ input: { action: 'cancel', filter } }))
  const total = matching.data ? matching.data.deliveries + matching.data.skipped : undefined

  // a list that is being read or worked on must not move; it is read again when the reader is back at its top
  useQueueChanges(() => {
    if (atTop && selection.size === 0 && order === undefined) rows.reset()
  })
  const open = useCallback(
    (_: string, row: QueueItem) => void navigate({ to: '/messages/{-$id}', params: { id: row.message }, search: {} }),
    [navigate],
  )
  const back = (): void => void navigate({ to: '/queue', search: search.by ? { by: search.by } : {} })
  const act = (action: QueueAction): void =>
    setOrder({ action, filter: selection.size > 0 ? filterOfKeys(selection.keys) : filter })
  const onRange = useCallback((first: number, last: number) => rows.want(first, last), [rows])

  useKeys({
    j: () => grid.current?.move(1),
    k: () => grid.current?.move(-1),
    x: () => grid.current?.toggle(),
    Enter: () => grid.current?.open(),
    Escape: () => (selection.size > 0 ? selection.clear() : back()),
  })

  const problem = rows.error === undefined ? undefined : problemOf(rows.error)
  return (
    <>
      <div className="flex items-center gap-2 border-line border-b bg-panel px-3.5 py-[9px]">
        <Link
          to="/queue"
          search={search.by ? { by: search.by } : {}}
          className="inline-flex h-[30px] items-center gap-1 rounded-md pr-1.5 text-dim hover:text-text"
        >
          <ChevronLeft size={14} aria-hidden />
          {words.title}
        </Link>
        <h1 className="min-w-0 truncate font-semibold" title={titleOf(filter)}>
          {titleOf(filter)}
        </h1>
        <span className="num text-faint">{total === undefined ? '' : count(total)}</span>
        <span className="ml-auto" />
        <ActionButtons selection={selection} total={total} onAct={act} />
        <ColumnsMenu columns={columns} />
      </div>
      {filter.inDoubt ? <p className="border-line border-b bg-wait-s px-4 py-1.5">{words.inDoubtHelp}</p> : null}
      {problem ? (
        <div className="border-line border-b bg-panel p-3">
          <ProblemNote {...problem} onRetry={() => rows.retry()} />
        </div>
      ) : null}
      <Grid
        handle={grid}
        label={words.deliveries}
        columns={columns}
        rows={rows}
        version={rows.version}
        keyOf={keyOf}
        current={cursor}
        onCurrent={setCursor}
        onOpen={open}
        onRange={onRange}
        onScrolled={setAtTop}
        selection={{
          has: selection.has,
          toggle: selection.toggle,
          label: (key) => words.select(key),
          headCell: <SelectAll selection={selection} loaded={rows.count} />,
        }}
        empty={
          <Empty title={words.emptyGroup} help={words.emptyGroupHelp}>
            <Button onClick={back}>{words.showQueue}</Button>
          </Empty>
        }
      />
      <QueueActionDialog
        order={order}
        onClose={() => setOrder(undefined)}
        onDone={() => {
          selection.clear()
          rows.reset()
        }}
      />
    </>
  )
}

interface ActionButtonsProps {
  selection: Selection
  total: number | undefined
  onAct: (action: QueueAction) => void
}

function ActionButtons({ selection, total, onAct }: ActionButtonsProps) {
  return (
    <>
      {selection.size > 0 ? (
        <IconButton label={words.clearSelection} shortcut="Esc" onClick={selection.clear}>
          <X size={14} />
        </IconButton>
      ) : null}
      <span className="num shrink-0 text-dim text-sm">
        {selection.size > 0
          ? words.selected(count(selection.size))
          : total === undefined
            ? words.allMatching
            : words.matching(count(total))}
      </span>
      {queueActions.map((action) => (
        <Button key={action} disabled={total === 0} onClick={() => onAct(action)}>
          {words.action[action]}…
        </Button>
      ))}
    </>
  )
}
