/** Dialogs that add: an account, a sender domain, a credential whose password is shown once. */

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { RefreshCw } from 'lucide-react'
import { useState } from 'react'
import type { CredentialView } from '../../../contract/accounts.ts'
import { isAccountName } from '../../../model/account.ts'
import { problemOf, useApi } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { generatePassword } from '../../components/password.ts'
import { text } from '../../text.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Cards } from '../../ui/choice.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, TextAreaField } from '../../ui/field.tsx'

const words = text.accounts

function domainsOf(written: string): string[] {
  return written
    .split(/[\s,]+/)
    .map((domain) => domain.trim().toLowerCase())
    .filter(Boolean)
}

export interface AddAccountProps {
  onClose: () => void
  onAdded: (name: string) => void
}

export function AddAccount({ onClose, onAdded }: AddAccountProps) {
  const { client, queries } = useApi()
  const cache = useQueryClient()
  const [name, setName] = useState('')
  const [contact, setContact] = useState('')
  const [domains, setDomains] = useState('')
  const add = useMutation({
    mutationFn: () => client.accounts.add({ name, contact: contact.trim(), domains: domainsOf(domains) }),
    onSuccess: async (account) => {
      await cache.invalidateQueries({ queryKey: queries.accounts.key() })
      onAdded(account.name)
    },
  })
  const bad = name !== '' && !isAccountName(name)
  return (
    <FormDialog
      title={words.add}
      submit={text.common.add}
      ready={name !== '' && !bad && !add.isPending}
      problem={add.error ? problemOf(add.error) : undefined}
      onSubmit={() => add.mutate()}
      onClose={onClose}
    >
      <Field
        label={words.name}
        mono
        value={name}
        problem={bad ? words.badName : undefined}
        onChange={(event) => setName(event.target.value.trim().toLowerCase())}
      />
      <Field label={words.contact} type="email" value={contact} onChange={(event) => setContact(event.target.value)} />
      <TextAreaField
        label={`${words.domains} (${words.domainsHelp})`}
        className="[&_textarea]:font-mono"
        value={domains}
        onChange={(event) => setDomains(event.target.value)}
      />
    </FormDialog>
  )
}

export function AddDomain({ onClose, onAdd }: { onClose: () => void; onAdd: (domain: string) => void }) {
  const [domain, setDomain] = useState('')
  return (
    <FormDialog
      title={words.addDomain}
      submit={text.common.add}
      ready={domain !== ''}
      onSubmit={() => onAdd(domain)}
      onClose={onClose}
    >
      <Field
        label={words.domain}
        mono
        placeholder="acme.example"
        value={domain}
        onChange={(event) => setDomain(event.target.value.trim().toLowerCase())}
      />
    </FormDialog>
  )
}

type Kind = CredentialView['kind']

export function AddCredential({ account, onClose }: { account: string; onClose: () => void }) {
  const { client, queries } = useApi()
  const cache = useQueryClient()
  const [kind, setKind] = useState<Kind>('password')
  const [username, setUsername] = useState('')
  const [range, setRange] = useState('')
  const [password, setPassword] = useState(generatePassword)
  const add = useMutation({
    mutationFn: () =>
      client.accounts.addCredential(
        kind === 'password'
          ? { account, kind, username: username || undefined, password }
          : { account, kind, range: range.trim() },
      ),
    onSuccess: async (credential) => {
      await cache.invalidateQueries({ queryKey: queries.accounts.key() })
      // an address has nothing to show: the list behind has it already
      if (credential.kind === 'address') onClose()
    },
  })
  if (add.data?.kind === 'password') return <ShownOnce username={add.data.name} password={password} onClose={onClose} />
  return (
    <FormDialog
      title={words.addCredential}
      submit={text.common.add}
      ready={!add.isPending && (kind === 'password' || range.trim() !== '')}
      problem={add.error ? problemOf(add.error) : undefined}
      onSubmit={() => add.mutate()}
      onClose={onClose}
    >
      <Cards
        label={words.kind}
        value={kind}
        onChange={setKind}
        options={[
          { value: 'password', label: words.password, help: words.passwordHelp },
          { value: 'address', label: words.address, help: words.addressHelp },
        ]}
      />
      {kind === 'password' ? (
        <>
          <Field
            label={`${words.username} (${text.common.optional})`}
            mono
            placeholder={account}
            value={username}
            onChange={(event) => setUsername(event.target.value.trim())}
          />
          <Field
            label={text.welcome.credential.password}
            mono
            readOnly
            value={password}
            end={
              <>
                <CopyButton
                  value={password}
                  label={text.common.copyOf(words.password)}
                  className="size-[26px] justify-center"
                />
                <IconButton label={text.welcome.credential.again} onClick={() => setPassword(generatePassword())}>
                  <RefreshCw size={14} />
                </IconButton>
              </>
            }
          />
        </>
      ) : (
        <Field
          label={words.range}
          mono
          placeholder="192.0.2.0/24"
          value={range}
          onChange={(event) => setRange(event.target.value)}
        />
      )}
    </FormDialog>
  )
}

function ShownOnce({ username, password, onClose }: { username: string; password: string; onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.shownOnce}
      description={words.shownOnceHelp}
      footer={
        <Button kind="primary" onClick={onClose}>
          {text.common.close}
        </Button>
      }
    >
      <dl className="mono mx-5 mt-2 mb-3 grid grid-cols-[auto_1fr_auto] items-center gap-x-4 gap-y-1 rounded-md bg-sunken px-3 py-2">
        <dt className="font-sans text-faint">{words.username}</dt>
        <dd className="truncate select-text">{username}</dd>
        <dd>
          <CopyButton value={username} label={text.common.copyOf(words.username)} />
        </dd>
        <dt className="font-sans text-faint">{words.password}</dt>
        <dd className="truncate select-text">{password}</dd>
        <dd>
          <CopyButton value={password} label={text.common.copyOf(words.password)} />
        </dd>
      </dl>
    </Dialog>
  )
}
