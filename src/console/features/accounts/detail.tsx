/** One account in parts, each with an address of its own. */

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { AccountView } from '../../../contract/accounts.ts'
import { problemOf, refusalCode, useApi, useUser } from '../../api.ts'
import { text } from '../../text.ts'
import { IconButton } from '../../ui/button.tsx'
import { ScrollRegion } from '../../ui/scroll.tsx'
import { Empty, ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { Tabs, tabClass } from '../../ui/tabs.tsx'
import { AccessReport } from './access-report.tsx'
import { Complaints } from './complaints.tsx'
import { Credentials } from './credentials.tsx'
import { Profile } from './profile.tsx'
import { Samples } from './samples.tsx'
import { type Tab, tabsOf } from './search.ts'
import { Standing } from './standing.tsx'
import { AccountStatus, TrustMark } from './status.tsx'
import { Trust } from './trust.tsx'

const words = text.accounts

const bodies: Record<Tab, (props: { account: AccountView }) => ReactNode> = {
  profile: Profile,
  credentials: Credentials,
  trust: Trust,
  samples: Samples,
  complaints: Complaints,
  report: AccessReport,
  status: Standing,
}

export interface AccountDetailProps {
  name: string
  tab: Tab
  /** filter of the list, kept in the addresses of the parts */
  q: string
  onClose: () => void
}

export function AccountDetail({ name, tab, q, onClose }: AccountDetailProps) {
  const { queries } = useApi()
  const { role } = useUser()
  const account = useQuery(queries.accounts.get.queryOptions({ input: { name } }))
  const mine = tabsOf(role)
  const current = mine.find((each) => each === tab) ?? 'profile'
  return (
    <aside aria-label={name} className="flex min-h-0 flex-1 flex-col bg-panel">
      <div className="flex min-h-[46px] items-center gap-3 pt-1.5 pr-2.5 pl-[18px]">
        <h2 className="min-w-0 truncate font-semibold text-lg tracking-[-0.01em] select-text">{name}</h2>
        {account.data ? <AccountStatus status={account.data.status} /> : null}
        {account.data?.trusted ? <TrustMark trusted reviewDue={false} /> : null}
        <IconButton label={text.common.close} shortcut="Esc" onClick={onClose} className="ml-auto">
          <X size={15} />
        </IconButton>
      </div>
      <div className="flex border-line border-b px-[18px] pb-2.5">
        <Tabs label={words.tabsOf(name)}>
          {mine.map((each) => (
            <Link
              key={each}
              to="/accounts/{-$name}"
              params={{ name }}
              search={{ ...(q ? { q } : {}), ...(each === 'profile' ? {} : { tab: each }) }}
              activeOptions={{ exact: true }}
              aria-current={each === current ? 'page' : undefined}
              className={tabClass(each === current)}
            >
              {words.tabs[each]}
            </Link>
          ))}
        </Tabs>
      </div>
      {account.data ? (
        <Part key={current} part={current} account={account.data} />
      ) : (
        <div className="p-[18px]">
          {account.isPending ? (
            <SkeletonLines lines={7} />
          ) : refusalCode(account.error) === 'NOT_FOUND' ? (
            <Empty title={words.gone} />
          ) : (
            <ProblemNote {...problemOf(account.error)} onRetry={() => void account.refetch()} />
          )}
        </div>
      )}
    </aside>
  )
}

function Part({ part, account }: { part: Tab; account: AccountView }) {
  const Body = bodies[part]
  // a list scrolls by itself
  if (part === 'samples') return <Body account={account} />
  return (
    <ScrollRegion label={words.tabs[part]} className="min-h-0 flex-1 overflow-y-auto px-[18px] pt-4 pb-6">
      <Body account={account} />
    </ScrollRegion>
  )
}
