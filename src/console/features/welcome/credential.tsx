/** Step 3: an account with its sender domain, and a password for it. */

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { isAccountName } from '../../../model/account.ts'
import { problemOf, useApi, useUser } from '../../api.ts'
import { generatePassword } from '../../components/password.ts'
import { text } from '../../text.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { Field } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/state.tsx'

const words = text.welcome.credential

/** A credential whose password is still known, because it has just been made here. */
export interface NewCredential {
  account: string
  domain: string
  username: string
  password: string
}

interface Values {
  account: string
  domain: string
}

export function CredentialForm({ onDone }: { onDone: (credential: NewCredential) => void }) {
  const { client, queries } = useApi()
  const person = useUser()
  const cache = useQueryClient()
  const [password, setPassword] = useState(generatePassword)
  const { register, handleSubmit, formState } = useForm<Values>()
  const create = useMutation({
    mutationFn: async ({ account, domain }: Values): Promise<NewCredential> => {
      await client.accounts.add({ name: account, contact: person.email, domains: [domain] })
      const credential = await client.accounts.addCredential({ kind: 'password', account, password })
      return { account, domain, username: credential.name, password }
    },
    onSuccess: (credential) => {
      void cache.invalidateQueries({ queryKey: queries.accounts.key() })
      onDone(credential)
    },
  })
  const { errors } = formState
  const clean = { setValueAs: (value: string) => value.trim().toLowerCase() }
  return (
    <form
      noValidate
      className="grid gap-3"
      onSubmit={(event) => void handleSubmit((values) => create.mutate(values))(event)}
    >
      <div className="grid grid-cols-2 gap-3">
        <Field
          label={words.account}
          mono
          placeholder="acme"
          help={words.accountHelp}
          problem={errors.account?.message}
          {...register('account', {
            ...clean,
            required: text.common.required,
            validate: (name) => isAccountName(name.trim().toLowerCase()) || text.accounts.badName,
          })}
        />
        <Field
          label={words.domain}
          mono
          placeholder="acme.example"
          problem={errors.domain?.message}
          {...register('domain', { ...clean, required: text.common.required })}
        />
      </div>
      <Field
        label={words.password}
        mono
        readOnly
        value={password}
        end={
          <>
            <CopyButton
              value={password}
              label={text.common.copyOf(text.login.password)}
              className="size-[26px] justify-center"
            />
            <IconButton label={words.again} onClick={() => setPassword(generatePassword())}>
              <RefreshCw size={14} />
            </IconButton>
          </>
        }
      />
      {create.error ? <ProblemNote {...problemOf(create.error)} /> : null}
      <div className="flex justify-end">
        <Button type="submit" kind="primary" disabled={create.isPending}>
          {words.go}
        </Button>
      </div>
    </form>
  )
}
