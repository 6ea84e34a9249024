/** Accounts: the customers of the relay, and one of them in detail. */

import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Plus, Users } from 'lucide-react'
import { useState } from 'react'
import type { AccountView } from '../../../contract/accounts.ts'
import { problemOf, useApi, usePerson } from '../../api.ts'
import { count, shortTime, utcTime } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { useKeys } from '../../ui/keys.ts'
import { ScrollRegion } from '../../ui/scroll.tsx'
import { Split } from '../../ui/split.tsx'
import { Empty, ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { AccountDetail } from './detail.tsx'
import { AddAccount } from './forms.tsx'

const words = text.accounts

export function AccountsScreen() {
  const { queries } = useApi()
  const { role } = usePerson()
  const { name } = useParams({ from: '/accounts/{-$name}' })
  const navigate = useNavigate()
  const [adding, setAdding] = useState(false)
  const accounts = useQuery(queries.accounts.list.queryOptions())
  const open = (next: string | undefined): void => void navigate({ to: '/accounts/{-$name}', params: { name: next } })
  const step = (delta: number): void => {
    const list = accounts.data ?? []
    const at = list.findIndex((account) => account.name === name)
    const next = list[Math.max(0, Math.min(at + delta, list.length - 1))]
    if (next) open(next.name)
  }
  useKeys({ Escape: () => name !== undefined && open(undefined), j: () => step(1), k: () => step(-1) })

  const add =
    role === 'admin' ? (
      <Button kind={accounts.data?.length === 0 ? 'primary' : 'plain'} onClick={() => setAdding(true)}>
        <Plus size={14} />
        {words.add}
      </Button>
    ) : null
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-center gap-2 border-line border-b bg-panel px-4 py-[9px]">
        <h1 className="font-semibold">{words.title}</h1>
        <span className="num text-faint">{accounts.data ? count(accounts.data.length) : ''}</span>
        <span className="ml-auto" />
        {accounts.data?.length === 0 ? null : add}
      </div>
      <Split
        name="accounts"
        label={words.title}
        main={
          accounts.isError ? (
            <div className="p-4">
              <ProblemNote {...problemOf(accounts.error)} onRetry={() => void accounts.refetch()} />
            </div>
          ) : accounts.data === undefined ? (
            <div className="flex-1 bg-panel p-4">
              <SkeletonLines lines={6} />
            </div>
          ) : accounts.data.length === 0 ? (
            <div className="flex-1 bg-panel">
              <Empty icon={<Users size={26} strokeWidth={1.4} />} title={words.none} help={words.noneHelp}>
                {add}
              </Empty>
            </div>
          ) : (
            <AccountTable accounts={accounts.data} current={name} />
          )
        }
        side={name === undefined ? undefined : <AccountDetail key={name} name={name} onClose={() => open(undefined)} />}
      />
      {adding ? (
        <AddAccount
          onClose={() => setAdding(false)}
          onAdded={(account) => {
            setAdding(false)
            open(account)
          }}
        />
      ) : null}
    </div>
  )
}

function AccountTable({ accounts, current }: { accounts: readonly AccountView[]; current: string | undefined }) {
  return (
    <ScrollRegion label={words.list} className="@container min-h-0 flex-1 overflow-auto bg-panel">
      <table className="w-full table-fixed border-separate border-spacing-0 [&_td]:h-8 [&_td]:truncate [&_td]:border-line-soft [&_td]:border-b [&_td]:px-2.5 [&_th]:h-[30px] [&_th]:border-line [&_th]:border-b [&_th]:px-2.5 [&_th]:text-left [&_th]:font-medium [&_th]:text-faint [&_th]:text-sm">
        <thead className="sticky top-0 z-10 bg-panel">
          <tr>
            <th scope="col" className="w-[22%]">
              {words.name}
            </th>
            <th scope="col" className="w-[108px]">
              {text.messages.column.status}
            </th>
            <th scope="col">{words.domains}</th>
            <th scope="col" className="hidden @3xl:table-cell">
              {words.contact}
            </th>
            <th scope="col" className="w-[96px] text-right!">
              {words.credentials}
            </th>
            <th scope="col" className="hidden w-[130px] @3xl:table-cell">
              {words.created}
            </th>
          </tr>
        </thead>
        <tbody>
          {accounts.map((account) => (
            <tr
              key={account.name}
              aria-current={account.name === current || undefined}
              className={classes('relative', account.name === current ? 'bg-row-on' : 'hover:bg-row-hover')}
            >
              <td>
                <Link
                  to="/accounts/{-$name}"
                  params={{ name: account.name }}
                  className="font-medium before:absolute before:inset-0 before:content-['']"
                >
                  {account.name}
                </Link>
              </td>
              <td>
                <AccountStatus status={account.status} />
              </td>
              <td className="mono text-dim">{account.domains.join(', ') || text.common.dash}</td>
              <td className="mono hidden text-dim @3xl:table-cell">{account.contact}</td>
              <td className="num text-right text-dim">{count(account.credentials.length)}</td>
              <td className="num hidden text-dim @3xl:table-cell" title={utcTime(account.createdAt)}>
                {shortTime(account.createdAt, Date.now())}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  )
}

const statusColours: Record<AccountView['status'], string> = {
  active: 'bg-ok',
  suspended: 'bg-amber',
  closed: 'bg-faint',
}

export function AccountStatus({ status }: { status: AccountView['status'] }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <span aria-hidden className={classes('size-[7px] rounded-full', statusColours[status])} />
      {words.status[status]}
    </span>
  )
}
