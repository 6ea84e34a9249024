/** The credentials of an account: how it submits mail. */

import { Ellipsis, KeyRound, Network } from 'lucide-react'
import { useState } from 'react'
import type { AccountView, CredentialView } from '../../../contract/accounts.ts'
import { useApi, useUser } from '../../api.ts'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { Copyable } from '../../ui/copy.tsx'
import { Menu, MenuChoice, MenuItem, MenuLine } from '../../ui/menu.tsx'
import { useChange } from './change.ts'
import { AddCredential } from './forms.tsx'

const words = text.accounts

export function Credentials({ account }: { account: AccountView }) {
  const mayChange = useUser().role === 'admin'
  const [adding, setAdding] = useState(false)
  return (
    <>
      <div className="mb-2 flex min-h-6 items-center justify-between">
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
