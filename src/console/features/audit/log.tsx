/** The audit log: a filter, the rows, newest first, and the one that is open beside them. */

import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ScrollText, SearchX, X } from 'lucide-react'
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { AuditRowView } from '../../../contract/audit.ts'
import { problemOf, useApi, useUser } from '../../api.ts'
import { BadFilter } from '../../components/bad-filter.tsx'
import { ColumnsMenu } from '../../components/columns-menu.tsx'
import { FilterBar } from '../../components/filter-bar.tsx'
import { FreshPill } from '../../components/fresh-pill.tsx'
import { useRetryOnReconnect } from '../../components/retry.ts'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { useColumns } from '../../ui/grid/columns.ts'
import { Grid, type GridHandle } from '../../ui/grid/grid.tsx'
import { SelectAll } from '../../ui/grid/select-all.tsx'
import { usePaged } from '../../ui/grid/use-paged.ts'
import { useSelection } from '../../ui/grid/use-selection.ts'
import { useKeys } from '../../ui/keys.ts'
import { Split } from '../../ui/split.tsx'
import { Empty, ProblemNote } from '../../ui/state.tsx'
import { auditColumns } from './columns.tsx'
import { EraseRows } from './erase.tsx'
import { auditVocabulary, parseAuditFilter } from './filter.ts'
import { RowDetail } from './row-detail.tsx'

const words = text.audit

function keyOf(row: AuditRowView): string {
  return String(row.sequence)
}

/** E-mail addresses of the people, for completion. */
function useUsers(): string[] {
  const { queries } = useApi()
  const users = useQuery(queries.users.list.queryOptions({ staleTime: 60_000 }))
  return useMemo(() => users.data?.map((person) => person.email) ?? [], [users.data])
}

/** The number of rows in the whole log, kept true by the relay's state. */
function useEntries(): number | undefined {
  const { queries } = useApi()
  return useQuery(queries.status.get.queryOptions()).data?.audit.entries
}

export interface AuditLogProps {
  /** the parts of the screen */
  tabs: ReactNode
  /** number of the row that is open, as written in the address */
  row: string | undefined
  /** the filter */
  written: string
  onVerify: () => void
}

export function AuditLog({ tabs, row, written, onVerify }: AuditLogProps) {
  const { client } = useApi()
  const { role } = useUser()
  const navigate = useNavigate()
  const vocabulary = auditVocabulary(useUsers())
  const columns = useColumns('audit', auditColumns)
  const [cursor, setCursor] = useState<string>()
  const [atTop, setAtTop] = useState(true)
  const [erasing, setErasing] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const grid = useRef<GridHandle>(null)
  // "7d" counts from the moment the filter is written, so that paging does not move under the reader
  const parsed = useMemo(() => parseAuditFilter(written, Date.now()), [written])
  const rows = usePaged<AuditRowView>(
    written,
    async (from, limit, signal) => {
      if (!parsed.ok) return { items: [], next: null }
      const page = await client.audit.list({ ...parsed.filter, limit, cursor: from }, { signal })
      return { items: page.rows, next: page.next }
    },
    keyOf,
  )
  useRetryOnReconnect(rows)
  const selection = useSelection(rows, keyOf)
  const erasable = role === 'admin'
  const still = atTop && selection.size === 0
  const fresh = useFresh(still, rows.reset.bind(rows))
  const onRange = useCallback((first: number, last: number) => rows.want(first, last), [rows])

  const open = useCallback(
    (next: string | undefined, replace = false): void => {
      setCursor(next)
      void navigate({ to: '/audit/{-$row}', params: { row: next }, search: written ? { q: written } : {}, replace })
    },
    [navigate, written],
  )
  const openRow = useCallback((key: string): void => open(key), [open])
  const setFilter = (q: string): void =>
    void navigate({ to: '/audit/{-$row}', params: { row }, search: q ? { q } : {}, replace: true })
  const toTop = (): void => {
    fresh.show()
    grid.current?.toTop()
  }
  useKeys({
    '/': () => input.current?.focus(),
    j: () => grid.current?.move(1),
    k: () => grid.current?.move(-1),
    x: () => grid.current?.toggle(),
    Enter: () => grid.current?.open(),
    Escape: () => (selection.size > 0 ? selection.clear() : row !== undefined && open(undefined)),
    'g g': toTop,
  })

  const problem = rows.error === undefined ? undefined : problemOf(rows.error)
  return (
    <>
      <div className="flex items-start gap-2 border-line border-b bg-panel px-3.5 py-[9px]">
        {tabs}
        <FilterBar
          written={written}
          onChange={setFilter}
          vocabulary={vocabulary}
          placeholder={words.placeholder}
          badToken={parsed.ok ? undefined : parsed.token}
          input={input}
        />
        {selection.size > 0 ? (
          <>
            <IconButton label={words.clearSelection} shortcut="Esc" onClick={selection.clear} className="mt-0.5">
              <X size={14} />
            </IconButton>
            <span className="num flex h-[30px] shrink-0 items-center text-dim text-sm">
              {words.selected(count(selection.size))}
            </span>
            <Button onClick={() => setErasing(true)}>{words.erase.open}</Button>
          </>
        ) : (
          <>
            <span className="num hidden h-[30px] shrink-0 items-center px-1 text-faint text-sm lg:flex">
              {rows.started && rows.count > 0 ? words.counted(count(rows.count), rows.ended) : null}
            </span>
            <Button onClick={onVerify}>{words.proof.verify.short}</Button>
          </>
        )}
        <ColumnsMenu columns={columns} />
      </div>
      {parsed.ok ? null : <BadFilter token={parsed.token} problem={parsed.problem} />}
      {problem ? (
        <div className="border-line border-b bg-panel p-3">
          <ProblemNote what={problem.what || words.failedList} change={problem.change} onRetry={() => rows.retry()} />
        </div>
      ) : null}
      <Split
        name="audit"
        label={words.title}
        main={
          <div className="relative flex min-h-0 flex-1 flex-col">
            <Grid
              key={rows.number}
              handle={grid}
              label={words.list}
              columns={columns}
              rows={rows}
              version={rows.version}
              keyOf={keyOf}
              current={row ?? cursor}
              onCurrent={(key) => (row === undefined ? setCursor(key) : open(key, true))}
              onOpen={openRow}
              onRange={onRange}
              onScrolled={setAtTop}
              {...(erasable
                ? {
                    selection: {
                      has: selection.has,
                      toggle: selection.toggle,
                      label: (key: string) => words.select(key),
                      headCell: <SelectAll selection={selection} loaded={rows.count} />,
                    },
                  }
                : {})}
              empty={<NoRows filtered={written !== ''} refused={!parsed.ok} onShowAll={() => setFilter('')} />}
            />
            <FreshPill waiting={fresh.waiting} missed={false} help={words.freshHelp} onShow={toTop} />
          </div>
        }
        side={row === undefined ? undefined : <RowDetail key={row} row={row} onOpen={open} />}
      />
      {erasing ? (
        <EraseRows
          keys={selection.keys}
          rows={rows}
          onClose={() => setErasing(false)}
          onDone={() => {
            setErasing(false)
            selection.clear()
            rows.reset()
          }}
        />
      ) : null}
    </>
  )
}

/**
 * Follows the growth of the log: a list at its top is read again, one that is being read or worked on only counts.
 * @param still whether the list may change under the reader
 */
function useFresh(still: boolean, reset: () => void): { waiting: number; show: () => void } {
  const entries = useEntries()
  const [shown, setShown] = useState(entries)
  const latest = useRef(reset)
  latest.current = reset
  useEffect(() => {
    if (entries === undefined || entries === shown) return
    if (shown === undefined) return setShown(entries)
    if (!still) return
    setShown(entries)
    latest.current()
  }, [entries, shown, still])
  return {
    waiting: still ? 0 : Math.max(0, (entries ?? 0) - (shown ?? entries ?? 0)),
    show: () => {
      setShown(entries)
      latest.current()
    },
  }
}

function NoRows({ filtered, refused, onShowAll }: { filtered: boolean; refused: boolean; onShowAll: () => void }) {
  if (refused) return null
  if (!filtered) {
    return <Empty icon={<ScrollText size={26} strokeWidth={1.4} />} title={words.none} help={words.noneHelp} />
  }
  return (
    <Empty icon={<SearchX size={26} strokeWidth={1.4} />} title={words.noMatch} help={words.noMatchHelp}>
      <Button onClick={onShowAll}>{words.showAll}</Button>
    </Empty>
  )
}
