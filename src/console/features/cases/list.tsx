/** The cases of a view, with what waits for somebody above them. */

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Plus, ShieldCheck } from 'lucide-react'
import { useCallback, useMemo, useRef, useState } from 'react'
import type { CaseView } from '../../../contract/cases.ts'
import { problemOf, useApi, useUser } from '../../api.ts'
import { AccountSearch } from '../../components/account-search.tsx'
import { useMore } from '../../components/desk.ts'
import { text } from '../../text.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { useColumns } from '../../ui/grid/columns.ts'
import { Grid, type GridHandle } from '../../ui/grid/grid.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Empty, ProblemNote } from '../../ui/state.tsx'
import { Tabs, tabClass } from '../../ui/tabs.tsx'
import { caseColumns } from './columns.tsx'
import { useCases } from './data.ts'
import { Suggested } from './suggested.tsx'
import { Unmatched } from './unmatched.tsx'
import { type View, views } from './view.ts'
import { Yours } from './waiting.tsx'

const words = text.review

function keyOf({ id }: CaseView): string {
  return String(id)
}

interface CaseListProps {
  id: string | undefined
  view: View
  account: string | undefined
  onShow: (id: string | undefined, replace?: boolean) => void
  onAccount: (account: string) => void
  onCreate: ((first: { account?: string }) => void) | undefined
}

export function CaseList({ id, view, account, onShow, onAccount, onCreate }: CaseListProps) {
  const { queries } = useApi()
  const { email } = useUser()
  const grid = useRef<GridHandle>(null)
  const [cursor, setCursor] = useState<string>()
  const accounts = useQuery(queries.accounts.list.queryOptions({ staleTime: 60_000 }))
  const isKnown = account === undefined || (accounts.data?.some(({ name }) => name === account) ?? false)
  const { found, rows } = useCases(view, account, isKnown)
  const columns = useColumns(
    'cases',
    useMemo(() => caseColumns(email), [email]),
  )
  const onRange = useMore(found, rows.count)
  const open = useCallback((key: string): void => onShow(key), [onShow])
  const search = account ? { account } : {}
  useKeys({
    j: () => grid.current?.move(1),
    k: () => grid.current?.move(-1),
    Enter: () => grid.current?.open(),
    Escape: () => id !== undefined && onShow(undefined),
    'g g': () => grid.current?.toTop(),
    c: () => onCreate?.({}),
  })
  return (
    <div className="flex min-h-0 flex-1 flex-col bg-panel">
      <div className="flex flex-wrap items-center gap-2 border-line border-b px-3.5 py-[9px]">
        <Tabs label={words.viewsLabel}>
          {views.map((each) => (
            <Link
              key={each}
              to="/review/{-$id}"
              params={{}}
              search={{ ...search, ...(each === 'active' ? {} : { view: each }) }}
              activeOptions={{ exact: true }}
              aria-current={each === view ? 'page' : undefined}
              className={tabClass(each === view)}
            >
              {words.views[each]}
            </Link>
          ))}
        </Tabs>
        <AccountSearch
          label={words.filter}
          placeholder={words.filterPlaceholder}
          names={accounts.data?.map(({ name }) => name)}
          value={account}
          onChoose={onAccount}
          className="order-last min-w-40"
        />
        {onCreate && id === undefined ? (
          <Button onClick={() => onCreate({})} className="order-last">
            <Plus size={14} />
            {words.create.open}
          </Button>
        ) : onCreate ? (
          <IconButton label={words.create.open} shortcut="c" onClick={() => onCreate({})} className="ml-auto">
            <Plus size={15} />
          </IconButton>
        ) : null}
      </div>
      <Yours />
      {onCreate ? <Suggested onOpen={(suggestion) => onCreate({ account: suggestion.account })} /> : null}
      <Unmatched />
      {found.isError ? (
        <div className="border-line border-b p-3">
          <ProblemNote {...problemOf(found.error)} onRetry={() => void found.refetch()} />
        </div>
      ) : null}
      {isKnown || !accounts.data ? (
        <Grid
          key={`${view} ${account ?? ''}`}
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
            <Empty
              icon={<ShieldCheck size={26} strokeWidth={1.4} />}
              title={words.none[view]}
              {...(view === 'active' ? { help: words.noneHelp } : {})}
            />
          }
        />
      ) : (
        <Empty title={words.noSuchAccount(account ?? '')}>
          <Button onClick={() => onAccount('')}>{words.showActive}</Button>
        </Empty>
      )}
    </div>
  )
}
