/** Who an account is: contact, sender domains, and how long its records are kept. */

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Globe, X } from 'lucide-react'
import { useState } from 'react'
import { toast } from 'sonner'
import type { AccountView } from '../../../contract/accounts.ts'
import { KEEP_DAYS } from '../../../model/retention.ts'
import { useApi, useUser } from '../../api.ts'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Copyable } from '../../ui/copy.tsx'
import { Time } from '../../ui/time.tsx'
import { useChange } from './change.ts'
import { AddDomain } from './forms.tsx'
import { RetentionForm } from './keep-form.tsx'

const words = text.accounts

export function Profile({ account }: { account: AccountView }) {
  const { role } = useUser()
  return (
    <>
      <dl className="grid grid-cols-[84px_minmax(0,1fr)] items-center gap-x-2.5 gap-y-1 [&_dt]:text-faint">
        <dt>{words.contact}</dt>
        <dd>{account.contact ? <Copyable value={account.contact} what={words.contact} /> : text.common.dash}</dd>
        <dt>{words.created}</dt>
        <dd>
          <Time at={account.createdAt} />
        </dd>
        <dt>{words.keep.title}</dt>
        <dd>
          <HoldRetention account={account} />
        </dd>
      </dl>
      {role === 'admin' || role === 'operator' ? (
        <Link
          to="/messages/{-$id}"
          params={{}}
          search={{ q: `account:${account.name}` }}
          className="mt-2 inline-block text-accent hover:underline"
        >
          {words.show}
        </Link>
      ) : null}
      <Domains account={account} />
    </>
  )
}

/** How many days, by the policy or fewer, and for an admin the way to fewer. */
function HoldRetention({ account }: { account: AccountView }) {
  const { queries } = useApi()
  const mayChange = useUser().role === 'admin'
  const [changing, setChanging] = useState(false)
  const retention = useQuery(queries.retention.overview.queryOptions({ staleTime: 60_000 }))
  const policy = retention.data?.policy.days ?? KEEP_DAYS
  return (
    <div className="flex items-center gap-2">
      <span className="num">
        {account.keepDays === null ? words.keep.policy(count(policy)) : words.keep.shorter(count(account.keepDays))}
      </span>
      {mayChange ? (
        <Button small kind="ghost" onClick={() => setChanging(true)}>
          {words.keep.change}
        </Button>
      ) : null}
      {changing ? <RetentionForm account={account} policy={policy} onClose={() => setChanging(false)} /> : null}
    </div>
  )
}

function Domains({ account }: { account: AccountView }) {
  const { client } = useApi()
  const mayChange = useUser().role === 'admin'
  const [adding, setAdding] = useState(false)
  const set = useChange((domains: string[]) => client.accounts.setDomains({ name: account.name, domains }))
  const remove = (domain: string): void =>
    set.mutate(
      account.domains.filter((other) => other !== domain),
      {
        onSuccess: () =>
          toast.success(words.domainGone(domain), {
            action: { label: text.common.undo, onClick: () => set.mutate(account.domains) },
          }),
      },
    )
  return (
    <>
      <div className="mt-6 mb-2 flex items-center justify-between">
        <h3 className="section-title">{words.domains}</h3>
        {mayChange ? (
          <Button small onClick={() => setAdding(true)}>
            {words.addDomain}
          </Button>
        ) : null}
      </div>
      {account.domains.length === 0 ? <p className="text-dim">{words.noDomains}</p> : null}
      <ul className="overflow-hidden rounded-md border border-line empty:hidden">
        {account.domains.map((domain) => (
          <li key={domain} className="flex items-center gap-2 border-line-soft border-t px-2.5 py-1 first:border-t-0">
            <Globe size={13} className="text-faint" aria-hidden />
            <Copyable value={domain} what={words.domain} className="flex-1" />
            {mayChange ? (
              <IconButton label={words.removeDomain(domain)} onClick={() => remove(domain)}>
                <X size={13} />
              </IconButton>
            ) : null}
          </li>
        ))}
      </ul>
      {adding ? (
        <AddDomain
          onClose={() => setAdding(false)}
          onAdd={(domain) =>
            set.mutate([...account.domains.filter((other) => other !== domain), domain], {
              onSuccess: () => setAdding(false),
            })
          }
        />
      ) : null}
    </>
  )
}
