/** Messages: the 70-day header log. A filter, the list, and the message that is open beside it. */

import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Inbox, RotateCw, SearchX } from 'lucide-react'
import { useCallback, useMemo, useRef, useState } from 'react'
import type { MessageSummary } from '../../../contract/shapes.ts'
import { parseFilter } from '../../../model/filter.ts'
import { problemOf, useApi, useUser } from '../../api.ts'
import { BadFilter } from '../../components/bad-filter.tsx'
import { ColumnsMenu } from '../../components/columns-menu.tsx'
import { FilterBar } from '../../components/filter-bar.tsx'
import { FreshPill } from '../../components/fresh-pill.tsx'
import { useRetryOnReconnect } from '../../components/retry.ts'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { useColumns } from '../../ui/grid/columns.ts'
import { Grid, type GridHandle } from '../../ui/grid/grid.tsx'
import { usePaged } from '../../ui/grid/use-paged.ts'
import { Hint } from '../../ui/hint.tsx'
import { useKeys } from '../../ui/keys.ts'
import { useNarrow } from '../../ui/narrow.ts'
import { Note } from '../../ui/note.tsx'
import { Split } from '../../ui/split.tsx'
import { Empty, ProblemNote } from '../../ui/state.tsx'
import { useStored } from '../../ui/stored.ts'
import { messageColumns, narrowColumns, ownColumns } from './columns.tsx'
import { MessageDetail } from './detail.tsx'
import { ExportMenu } from './export.tsx'
import { messageVocabulary } from './filter-words.ts'
import { useLive } from './live.ts'
import { SavedMenu } from './saved.tsx'
import { useMessageSource, withoutAccount } from './source.ts'

/** two lines of words */
const NARROW_ROW = 56

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean'
}

function idOf(row: MessageSummary): string {
  return row.id
}

/** Names of accounts for completion, for those who may see them. */
function useAccountNames(): string[] {
  const { queries } = useApi()
  const { role } = useUser()
  const accounts = useQuery(
    queries.accounts.list.queryOptions({ enabled: role === 'admin' || role === 'operator', staleTime: 60_000 }),
  )
  return useMemo(() => accounts.data?.map((account) => account.name) ?? [], [accounts.data])
}

export function MessagesScreen() {
  const source = useMessageSource()
  const { own } = source
  const narrow = useNarrow()
  const { q = '' } = useSearch({ from: '/messages/{-$id}' })
  const { id } = useParams({ from: '/messages/{-$id}' })
  const navigate = useNavigate()
  const accounts = useAccountNames()
  const vocabulary = useMemo(() => messageVocabulary(own ? undefined : accounts), [own, accounts])
  const wide = useColumns(own ? 'own-messages' : 'messages', own ? ownColumns : messageColumns)
  const stacked = useColumns('narrow-messages', narrowColumns)
  const columns = narrow ? stacked : wide
  const [live, setLive] = useStored('live', true, isBoolean)
  const [atTop, setAtTop] = useState(true)
  const [cursor, setCursor] = useState<string>()
  const input = useRef<HTMLInputElement>(null)
  const grid = useRef<GridHandle>(null)

  // "7d" counts from the moment the filter is written, so that paging does not move under the reader
  const parsed = useMemo(() => {
    const read = parseFilter(q, Date.now())
    return own ? withoutAccount(read) : read
  }, [q, own])
  const filter = useMemo(() => (parsed.ok ? parsed.filter : {}), [parsed])
  const [unreadable, setUnreadable] = useState<readonly string[]>([])
  const rows = usePaged<MessageSummary>(
    q,
    async (from, limit, signal) => {
      if (!parsed.ok) return { items: [], next: null }
      const page = await source.list(filter, limit, from, signal)
      setUnreadable((known) => (from === undefined ? page.unreadable : [...new Set([...known, ...page.unreadable])]))
      return page
    },
    idOf,
  )
  useRetryOnReconnect(rows)
  const tail = useLive({ written: q, filter, rows, followed: !own, watched: live && atTop && parsed.ok })
  const onRange = useCallback((first: number, last: number) => rows.want(first, last), [rows])

  const setFilter = (next: string): void =>
    void navigate({ to: '/messages/{-$id}', params: { id }, search: next ? { q: next } : {}, replace: true })
  const open = useCallback(
    (next: string | undefined, replace = false): void => {
      setCursor(next)
      void navigate({ to: '/messages/{-$id}', params: { id: next }, search: q ? { q } : {}, replace })
    },
    [navigate, q],
  )
  const openRow = useCallback((key: string): void => open(key), [open])
  const toTop = (): void => {
    tail.show()
    grid.current?.toTop()
  }

  useKeys({
    '/': () => input.current?.focus(),
    j: () => grid.current?.move(1),
    k: () => grid.current?.move(-1),
    Enter: () => grid.current?.open(),
    Escape: () => id !== undefined && open(undefined),
    l: () => (own ? rows.reset() : setLive(!live)),
    'g g': toTop,
  })

  const problem = rows.error === undefined ? undefined : problemOf(rows.error)
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <h1 className="sr-only">{text.messages.title}</h1>
      <div
        className={classes(
          'flex items-start gap-2 border-line border-b bg-panel px-3.5 py-[9px]',
          narrow && id !== undefined && 'hidden',
        )}
      >
        <FilterBar
          written={q}
          onChange={setFilter}
          vocabulary={vocabulary}
          placeholder={text.messages.placeholder}
          badToken={parsed.ok ? undefined : parsed.token}
          input={input}
        />
        <span className="num hidden h-[30px] shrink-0 items-center px-1 text-faint text-sm lg:flex">
          {rows.started && rows.count > 0 ? text.messages.counted(count(rows.count), rows.ended) : null}
        </span>
        {own ? <RefreshButton onClick={() => rows.reset()} /> : <LiveButton live={live} onChange={setLive} />}
        {narrow ? null : <SavedMenu written={q} onChoose={setFilter} />}
        {source.beginExport && parsed.ok && !(narrow && !own) ? <ExportMenu source={source} filter={filter} /> : null}
        {narrow ? null : <ColumnsMenu columns={columns} />}
      </div>
      {parsed.ok ? null : <BadFilter token={parsed.token} problem={parsed.problem} />}
      {problem ? (
        <div className="border-line border-b bg-panel p-3">
          <ProblemNote
            what={problem.what || text.messages.failedList}
            change={problem.change}
            onRetry={() => rows.retry()}
          />
        </div>
      ) : null}
      {unreadable.length > 0 ? (
        <div role="status" className="border-line border-b bg-panel p-3">
          <Note tone="warning">{text.messages.unreadable(unreadable.join(', '), !own)}</Note>
        </div>
      ) : null}
      <Split
        name="messages"
        label={text.messages.title}
        main={
          <div className="relative flex min-h-0 flex-1 flex-col">
            <Grid
              key={rows.number}
              handle={grid}
              label={text.messages.list}
              columns={columns}
              rows={rows}
              {...(narrow ? { rowHeight: NARROW_ROW } : {})}
              version={rows.version}
              keyOf={idOf}
              current={id ?? cursor}
              onCurrent={(key) => (id === undefined ? setCursor(key) : open(key, true))}
              onOpen={openRow}
              onRange={onRange}
              onScrolled={setAtTop}
              rowClass={(row) => (tail.isFresh(row.id) ? 'animate-[arrive_1.6s_ease-out]' : undefined)}
              empty={
                <NoMessages
                  filtered={q !== ''}
                  refused={!parsed.ok}
                  partial={unreadable.length > 0}
                  onShowAll={() => setFilter('')}
                />
              }
            />
            <FreshPill waiting={tail.waiting} missed={tail.missed} help={text.messages.freshHelp} onShow={toTop} />
            {rows.busy && rows.started && rows.count === 0 ? (
              <div role="status" className="absolute inset-x-0 top-10 text-center text-dim text-sm">
                {text.messages.searching}
              </div>
            ) : null}
          </div>
        }
        side={id === undefined ? undefined : <MessageDetail key={id} id={id} onClose={() => open(undefined)} />}
      />
    </div>
  )
}

function LiveButton({ live, onChange }: { live: boolean; onChange: (live: boolean) => void }) {
  return (
    <Hint text={live ? text.messages.liveOn : text.messages.liveOff} shortcut="l">
      <Button aria-pressed={live} onClick={() => onChange(!live)}>
        <span
          aria-hidden
          className={classes('size-[7px] rounded-full', live ? 'bg-ok shadow-[0_0_0_3px_var(--ok-s)]' : 'bg-faint')}
        />
        {text.messages.live}
      </Button>
    </Hint>
  )
}

/** For a log that does not follow by itself. */
function RefreshButton({ onClick }: { onClick: () => void }) {
  return (
    <IconButton
      label={text.panel.messages.refresh}
      shortcut="l"
      onClick={onClick}
      className="size-[30px] border border-line bg-raised"
    >
      <RotateCw size={14} />
    </IconButton>
  )
}

interface NoMessagesProps {
  filtered: boolean
  refused: boolean
  /** some of what there is cannot be read */
  partial: boolean
  onShowAll: () => void
}

function NoMessages({ filtered, refused, partial, onShowAll }: NoMessagesProps) {
  const { role } = useUser()
  const navigate = useNavigate()
  if (refused) return null
  if (filtered) {
    return (
      <Empty
        icon={<SearchX size={26} strokeWidth={1.4} />}
        title={text.messages.noMatch}
        help={text.messages.noMatchHelp}
      >
        <Button onClick={onShowAll}>{text.messages.showAll}</Button>
      </Empty>
    )
  }
  if (partial) return <Empty icon={<Inbox size={26} strokeWidth={1.4} />} title={text.messages.noneReadable} />
  return (
    <Empty icon={<Inbox size={26} strokeWidth={1.4} />} title={text.messages.none} help={text.messages.noneHelp}>
      {role === 'admin' ? (
        <Button onClick={() => void navigate({ to: '/welcome' })}>{text.messages.sendFirst}</Button>
      ) : null}
    </Empty>
  )
}
