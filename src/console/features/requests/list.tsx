/** The desk's list: requests by days left, and what it is narrowed to. */

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Inbox } from 'lucide-react'
import { useCallback, useMemo, useRef, useState } from 'react'
import type { RequestView } from '../../../contract/requests.ts'
import { requestKinds, requestTracks } from '../../../model/request.ts'
import { problemOf, useApi, useUser } from '../../api.ts'
import { AccountSearch } from '../../components/account-search.tsx'
import { useMore } from '../../components/desk.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { inputClass } from '../../ui/field.tsx'
import { useColumns } from '../../ui/grid/columns.ts'
import { Grid, type GridHandle } from '../../ui/grid/grid.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Empty, ProblemNote } from '../../ui/state.tsx'
import { Tabs, tabClass } from '../../ui/tabs.tsx'
import { useAccountNames } from './account-field.tsx'
import { requestColumns } from './columns.tsx'
import { useRequests } from './data.ts'
import { type RequestSearch, views } from './view.ts'

const words = text.requests

function keyOf({ id }: RequestView): string {
  return String(id)
}

export interface RequestListProps {
  id: string | undefined
  search: RequestSearch
  onShow: (id: string | undefined, replace?: boolean) => void
  onNarrow: (search: RequestSearch) => void
  onCreate: (() => void) | undefined
}

export function RequestList({ id, search, onShow, onNarrow, onCreate }: RequestListProps) {
  const { email } = useUser()
  const { queries } = useApi()
  const hostname = useQuery(queries.status.get.queryOptions()).data?.hostname ?? ''
  const grid = useRef<GridHandle>(null)
  const [cursor, setCursor] = useState<string>()
  const names = useAccountNames()
  const { view = 'open', kind, track, account } = search
  const isKnown = account === undefined || (names?.includes(account) ?? false)
  const { found, rows } = useRequests(search, isKnown)
  const columns = useColumns(
    'requests',
    useMemo(() => requestColumns(email), [email]),
  )
  const onRange = useMore(found, rows.count)
  const open = useCallback((key: string): void => onShow(key), [onShow])
  useKeys({
    j: () => grid.current?.move(1),
    k: () => grid.current?.move(-1),
    Enter: () => grid.current?.open(),
    Escape: () => id !== undefined && onShow(undefined),
    'g g': () => grid.current?.toTop(),
    c: () => onCreate?.(),
  })
  const isNarrowed = Boolean(kind || track || account)
  return (
    <div className="flex min-h-0 flex-1 flex-col bg-panel">
      <Filters search={search} names={names} onNarrow={onNarrow} />
      {found.isError ? (
        <div className="border-line border-b p-3">
          <ProblemNote {...problemOf(found.error)} onRetry={() => void found.refetch()} />
        </div>
      ) : null}
      {isKnown || !names ? (
        <Grid
          key={`${view} ${kind ?? ''} ${track ?? ''} ${account ?? ''}`}
          handle={grid}
          label={words.list}
          columns={columns}
          rows={rows}
          version={rows.count}
          keyOf={keyOf}
          current={id ?? cursor}
          onCurrent={(key) => (id === undefined ? setCursor(key) : onShow(key, true))}
          onOpen={open}
          onRange={onRange}
          empty={
            isNarrowed ? (
              <Empty title={words.noneFiltered}>
                <Button onClick={() => onNarrow(view === 'open' ? {} : { view })}>{words.showAll}</Button>
              </Empty>
            ) : (
              <Empty
                icon={<Inbox size={26} strokeWidth={1.4} />}
                title={words.none[view]}
                {...(view === 'closed' ? {} : { help: words.noneHelp(hostname) })}
              >
                {onCreate ? <Button onClick={onCreate}>{words.create.open}</Button> : null}
              </Empty>
            )
          }
        />
      ) : (
        <Empty title={words.noSuchAccount(account ?? '')}>
          <Button onClick={() => onNarrow({})}>{words.showAll}</Button>
        </Empty>
      )}
    </div>
  )
}

interface FiltersProps {
  search: RequestSearch
  names: readonly string[] | undefined
  onNarrow: (search: RequestSearch) => void
}

function Filters({ search, names, onNarrow }: FiltersProps) {
  const { view = 'open', kind, track, account } = search
  const narrow = (part: { [name in 'kind' | 'track' | 'account']?: string | undefined }): void => {
    const next = { kind, track, account, ...part }
    onNarrow({
      ...(view === 'open' ? {} : { view }),
      ...(next.kind ? { kind: next.kind as NonNullable<typeof kind> } : {}),
      ...(next.track ? { track: next.track as NonNullable<typeof track> } : {}),
      ...(next.account ? { account: next.account } : {}),
    })
  }
  const selectClass = `${inputClass} w-auto! min-w-24 max-w-44 flex-1 border-line! pr-1`
  return (
    <div className="flex flex-wrap items-center gap-2 border-line border-b px-3.5 py-[9px]">
      <Tabs label={words.viewsLabel}>
        {views.map((each) => (
          <Link
            key={each}
            to="/requests/{-$id}"
            params={{ id: undefined }}
            search={{ ...search, view: each === 'open' ? undefined : each } as RequestSearch}
            activeOptions={{ exact: true }}
            aria-current={each === view ? 'page' : undefined}
            className={tabClass(each === view)}
          >
            {words.views[each]}
          </Link>
        ))}
      </Tabs>
      <select
        aria-label={words.kindFilter}
        value={kind ?? ''}
        onChange={(event) => narrow({ kind: event.target.value })}
        className={selectClass}
      >
        <option value="">{words.anyKind}</option>
        {requestKinds.map((each) => (
          <option key={each} value={each}>
            {words.kind[each]}
          </option>
        ))}
      </select>
      <select
        aria-label={words.trackFilter}
        value={track ?? ''}
        onChange={(event) => narrow({ track: event.target.value })}
        className={selectClass}
      >
        <option value="">{words.anyTrack}</option>
        {requestTracks.map((each) => (
          <option key={each} value={each}>
            {words.track[each]}
          </option>
        ))}
      </select>
      <AccountSearch
        label={words.accountFilter}
        placeholder={words.accountPlaceholder}
        names={names}
        value={account}
        onChoose={(next) => narrow({ account: next })}
        className="min-w-28 max-w-72"
      />
    </div>
  )
}
