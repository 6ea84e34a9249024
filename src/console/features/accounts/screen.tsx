/** Accounts: the customers of the relay with their volume and rates, and one of them in detail. */

import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Plus, SearchX, Users } from 'lucide-react'
import { useCallback, useMemo, useRef, useState } from 'react'
import { problemOf, useApi, useUser } from '../../api.ts'
import { ColumnsMenu } from '../../components/columns-menu.tsx'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { inputClass } from '../../ui/field.tsx'
import { useColumns } from '../../ui/grid/columns.ts'
import { Grid, type GridHandle } from '../../ui/grid/grid.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Split } from '../../ui/split.tsx'
import { Empty, ProblemNote } from '../../ui/state.tsx'
import { useStored } from '../../ui/stored.ts'
import { accountColumns } from './columns.tsx'
import { AccountDetail } from './detail.tsx'
import { AddAccount } from './forms.tsx'
import { type AccountRow, arrange, gridRows, type Order, orders } from './rows.ts'
import type { Tab } from './search.ts'

const words = text.accounts

/** figures move with the mail; once in a while is enough for a list */
const FIGURES_MS = 30_000
/** pixels: the tabs of the detail in one line */
const DETAIL_WIDTH = 564

function isOrder(value: unknown): value is Order {
  return orders.some((order) => order === value)
}

function nameOf(row: AccountRow): string {
  return row.account.name
}

/** Accounts with their figures, as far as they have been read. */
function useAccountRows() {
  const { queries } = useApi()
  const accounts = useQuery(queries.accounts.list.queryOptions())
  const figures = useQuery(queries.accounts.figures.queryOptions({ refetchInterval: FIGURES_MS }))
  const thresholds = useQuery(queries.trust.thresholds.queryOptions({ staleTime: FIGURES_MS }))
  const rows = useMemo<AccountRow[] | undefined>(() => {
    const byName = new Map(figures.data?.map((each) => [each.account, each]))
    return accounts.data?.map((account) => ({
      account,
      figures: byName.get(account.name),
      thresholds: thresholds.data,
    }))
  }, [accounts.data, figures.data, thresholds.data])
  return { rows, error: accounts.error ?? figures.error, retry: () => void accounts.refetch() }
}

export function AccountsScreen() {
  const { role } = useUser()
  const { name } = useParams({ from: '/accounts/{-$name}' })
  const { tab = 'profile', q = '' } = useSearch({ from: '/accounts/{-$name}' })
  const navigate = useNavigate()
  const columns = useColumns('accounts', accountColumns)
  const [order, setOrder] = useStored<Order>('accounts.order', 'name', isOrder)
  const [cursor, setCursor] = useState<string>()
  const [adding, setAdding] = useState(false)
  const grid = useRef<GridHandle>(null)
  const input = useRef<HTMLInputElement>(null)
  const { rows, error, retry } = useAccountRows()
  const shown = useMemo(() => arrange(rows ?? [], q, order), [rows, q, order])
  const inGrid = useMemo(() => gridRows(shown, rows !== undefined), [shown, rows])

  const go = useCallback(
    (next: { name: string | undefined; q: string; tab: Tab }, replace = false): void =>
      void navigate({
        to: '/accounts/{-$name}',
        params: { name: next.name },
        search: { ...(next.q ? { q: next.q } : {}), ...(next.tab === 'profile' ? {} : { tab: next.tab }) },
        replace,
      }),
    [navigate],
  )
  const open = useCallback(
    (next: string | undefined, replace = false): void => {
      setCursor(next)
      go({ name: next, q, tab }, replace)
    },
    [go, q, tab],
  )
  const openRow = useCallback((key: string): void => open(key), [open])
  useKeys({
    '/': () => input.current?.focus(),
    j: () => grid.current?.move(1),
    k: () => grid.current?.move(-1),
    Enter: () => grid.current?.open(),
    Escape: () => name !== undefined && open(undefined),
    'g g': () => grid.current?.toTop(),
  })

  const none = rows?.length === 0
  const add =
    role === 'admin' ? (
      <Button kind={none ? 'primary' : 'plain'} onClick={() => setAdding(true)}>
        <Plus size={14} />
        {words.add}
      </Button>
    ) : null
  const problem = error ? problemOf(error) : undefined
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-center gap-2 border-line border-b bg-panel px-3.5 py-[9px]">
        <h1 className="font-semibold">{words.title}</h1>
        <span className="num mr-1 text-faint" aria-live="polite">
          {rows ? words.counted(count(shown.length), count(rows.length)) : ''}
        </span>
        <input
          ref={input}
          type="search"
          aria-label={words.filter}
          placeholder={words.filterPlaceholder}
          value={q}
          onChange={(event) => go({ name, q: event.target.value, tab }, true)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur()
          }}
          className={`${inputClass} max-w-80 border-line!`}
        />
        <span className="ml-auto" />
        <OrderChoice order={order} onChange={setOrder} />
        <ColumnsMenu columns={columns} />
        {none ? null : add}
      </div>
      {problem ? (
        <div className="border-line border-b bg-panel p-3">
          <ProblemNote what={problem.what || words.failed} change={problem.change} onRetry={retry} />
        </div>
      ) : null}
      <Split
        name="accounts"
        first={DETAIL_WIDTH}
        label={words.title}
        main={
          <Grid
            handle={grid}
            label={words.list}
            columns={columns}
            rows={inGrid}
            version={shown.length}
            keyOf={nameOf}
            current={name ?? cursor}
            onCurrent={(key) => (name === undefined ? setCursor(key) : open(key, true))}
            onOpen={openRow}
            onRange={everythingIsHere}
            empty={
              none ? (
                <Empty icon={<Users size={26} strokeWidth={1.4} />} title={words.none} help={words.noneHelp}>
                  {add}
                </Empty>
              ) : (
                <Empty icon={<SearchX size={26} strokeWidth={1.4} />} title={words.noMatch} help={words.noMatchHelp}>
                  <Button onClick={() => go({ name, q: '', tab }, true)}>{words.showAll}</Button>
                </Empty>
              )
            }
          />
        }
        side={
          name === undefined ? undefined : (
            <AccountDetail key={name} name={name} tab={tab} q={q} onClose={() => open(undefined)} />
          )
        }
      />
      {adding ? (
        <AddAccount
          onClose={() => setAdding(false)}
          onAdded={(account) => {
            setAdding(false)
            go({ name: account, q: '', tab: 'credentials' })
          }}
        />
      ) : null}
    </div>
  )
}

/** All rows are in memory: nothing has to be fetched for those on screen. */
function everythingIsHere(): void {}

function OrderChoice({ order, onChange }: { order: Order; onChange: (order: Order) => void }) {
  return (
    <select
      aria-label={words.sort}
      value={order}
      onChange={(event) => onChange(orders.find((each) => each === event.target.value) ?? 'name')}
      className={`${inputClass} w-auto! shrink-0 border-line! bg-raised! pr-1`}
    >
      {orders.map((each) => (
        <option key={each} value={each}>
          {words.sortBy[each]}
        </option>
      ))}
    </select>
  )
}
