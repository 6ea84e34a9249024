/** One account: its sender domains and its credentials. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Ellipsis, Globe, KeyRound, Network, X } from 'lucide-react'
import { useState } from 'react'
import { toast } from 'sonner'
import type { AccountView, CredentialView } from '../../../contract/accounts.ts'
import { problemOf, refusalCode, useApi, usePerson } from '../../api.ts'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { Copyable } from '../../ui/copy.tsx'
import { Menu, MenuChoice, MenuItem, MenuLine } from '../../ui/menu.tsx'
import { ScrollRegion } from '../../ui/scroll.tsx'
import { Empty, ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'
import { AddCredential, AddDomain } from './forms.tsx'

const words = text.accounts

/** Reads accounts again after a change, and says why a change did not happen. */
function useChange<I>(change: (input: I) => Promise<unknown>, done?: (input: I) => void) {
  const { queries } = useApi()
  const cache = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: async (_, input) => {
      await cache.invalidateQueries({ queryKey: queries.accounts.key() })
      done?.(input)
    },
    onError: (error) => {
      const { what, change: advice } = problemOf(error)
      toast.error(what, { description: advice })
    },
  })
}

export function AccountDetail({ name, onClose }: { name: string; onClose: () => void }) {
  const { queries } = useApi()
  const account = useQuery(queries.accounts.get.queryOptions({ input: { name } }))
  return (
    <aside aria-label={name} className="relative flex min-h-0 flex-1 flex-col bg-panel">
      <div className="absolute top-2.5 right-2.5 z-10">
        <IconButton label={text.common.close} shortcut="Esc" onClick={onClose} className="bg-panel">
          <X size={15} />
        </IconButton>
      </div>
      <ScrollRegion label={name} className="min-h-0 flex-1 overflow-y-auto px-[18px] pt-4 pb-6">
        {account.data ? (
          <Loaded account={account.data} />
        ) : account.isPending ? (
          <SkeletonLines lines={7} />
        ) : refusalCode(account.error) === 'NOT_FOUND' ? (
          <Empty title={words.gone} />
        ) : (
          <ProblemNote {...problemOf(account.error)} onRetry={() => void account.refetch()} className="mt-8" />
        )}
      </ScrollRegion>
    </aside>
  )
}

function Loaded({ account }: { account: AccountView }) {
  return (
    <>
      <h2 className="pr-8 font-semibold text-lg tracking-[-0.01em]">{account.name}</h2>
      <dl className="mt-3 grid grid-cols-[84px_minmax(0,1fr)] gap-x-2.5 gap-y-1 [&_dt]:text-faint">
        <dt>{text.messages.column.status}</dt>
        <dd>{words.status[account.status]}</dd>
        <dt>{words.contact}</dt>
        <dd>{account.contact ? <Copyable value={account.contact} what={words.contact} /> : text.common.dash}</dd>
        <dt>{words.created}</dt>
        <dd>
          <Time at={account.createdAt} />
        </dd>
      </dl>
      <Link
        to="/messages/{-$id}"
        params={{}}
        search={{ q: `account:${account.name}` }}
        className="mt-2 inline-block text-accent hover:underline"
      >
        {words.show}
      </Link>
      <Domains account={account} />
      <Credentials account={account} />
    </>
  )
}

function Domains({ account }: { account: AccountView }) {
  const { client } = useApi()
  const mayChange = usePerson().role === 'admin'
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

function Credentials({ account }: { account: AccountView }) {
  const mayChange = usePerson().role === 'admin'
  const [adding, setAdding] = useState(false)
  return (
    <>
      <div className="mt-6 mb-2 flex items-center justify-between">
        <h3 className="section-title">{words.credentials}</h3>
        {mayChange ? (
          <Button small onClick={() => setAdding(true)}>
            {words.addCredential}
          </Button>
        ) : null}
      </div>
      {account.credentials.length === 0 ? <p className="text-dim">{words.noCredentials}</p> : null}
      <ul className="overflow-hidden rounded-md border border-line empty:hidden">
        {account.credentials.map((credential) => (
          <CredentialLine key={credential.id} credential={credential} mayChange={mayChange} />
        ))}
      </ul>
      {adding ? <AddCredential account={account.name} onClose={() => setAdding(false)} /> : null}
    </>
  )
}

const credentialColours: Record<CredentialView['status'], string> = {
  allowed: 'bg-ok',
  held: 'bg-held',
  blocked: 'bg-bad',
}
const credentialStatuses = ['allowed', 'held', 'blocked'] as const

function CredentialLine({ credential, mayChange }: { credential: CredentialView; mayChange: boolean }) {
  const { client } = useApi()
  const [removing, setRemoving] = useState(false)
  const status = useChange((next: CredentialView['status']) =>
    client.accounts.setCredentialStatus({ id: credential.id, status: next }),
  )
  const remove = useChange(
    () => client.accounts.removeCredential({ id: credential.id }),
    () => setRemoving(false),
  )
  const Icon = credential.kind === 'password' ? KeyRound : Network
  return (
    <li className="flex min-h-[34px] items-center gap-2 border-line-soft border-t px-2.5 first:border-t-0">
      <Icon size={13} className="text-faint" aria-hidden />
      <Copyable value={credential.name} what={words.username} className="flex-1" />
      {credential.hourlyLimit === null ? null : (
        <span className="num text-faint text-sm">{words.hourly(count(credential.hourlyLimit))}</span>
      )}
      <span className="inline-flex items-center gap-1.5 text-sm" title={words.credentialHelp[credential.status]}>
        <span aria-hidden className={classes('size-[7px] rounded-full', credentialColours[credential.status])} />
        {words.credentialStatus[credential.status]}
      </span>
      {mayChange ? (
        <Menu
          align="end"
          trigger={
            <button
              type="button"
              aria-label={`${text.common.more}: ${credential.name}`}
              className="grid size-[26px] place-items-center rounded-md text-dim hover:bg-row-hover"
            >
              <Ellipsis size={14} />
            </button>
          }
        >
          <MenuChoice
            label={text.messages.column.status}
            value={credential.status}
            onChange={(next) => status.mutate(next)}
            options={credentialStatuses.map((value) => ({
              value,
              label: `${words.credentialStatus[value]}: ${words.credentialHelp[value]}`,
            }))}
          />
          <MenuLine />
          <MenuItem danger onClick={() => setRemoving(true)}>
            {words.removeCredential}…
          </MenuItem>
        </Menu>
      ) : null}
      <ConfirmDialog
        open={removing}
        title={words.removeAsk(credential.name)}
        help={words.removeHelp}
        confirm={text.common.remove}
        busy={remove.isPending}
        onConfirm={() => remove.mutate(undefined)}
        onClose={() => setRemoving(false)}
      />
    </li>
  )
}
