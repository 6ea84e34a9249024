/** Fewer days for an account than the policy's. What is kept already can only be shortened. */

import { useState } from 'react'
import { toast } from 'sonner'
import type { AccountView } from '../../../contract/accounts.ts'
import { problemOf, useApi } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { Cards } from '../../ui/choice.tsx'
import { Field, TextAreaField } from '../../ui/field.tsx'
import { Note } from '../../ui/note.tsx'
import { useMutationAction } from './change.ts'

const words = text.accounts.keep

export interface RetentionFormProps {
  account: AccountView
  /** days of the policy */
  policy: number
  onClose: () => void
}

export function RetentionForm({ account, policy, onClose }: RetentionFormProps) {
  const { client } = useApi()
  const [choice, setChoice] = useState<'policy' | 'fewer'>(account.keepDays === null ? 'policy' : 'fewer')
  const [written, setWritten] = useState(String(account.keepDays ?? Math.min(30, policy)))
  const [reason, setReason] = useState('')
  const days = /^\d{1,3}$/.test(written) ? Number(written) : 0
  const fits = choice === 'policy' || (days >= 1 && days <= policy)
  const next = choice === 'policy' ? null : days
  const shortens = next !== null && next < (account.keepDays ?? policy)
  const set = useMutationAction(
    () => client.accounts.setKeepDays({ name: account.name, days: next, reason }),
    () => {
      toast.success(words.done(account.name))
      onClose()
    },
  )
  return (
    <FormDialog
      title={words.formTitle(account.name)}
      submit={shortens ? words.goShorten : words.go}
      danger={shortens}
      ready={fits && next !== account.keepDays && reason.trim() !== '' && !set.isPending}
      problem={set.error ? problemOf(set.error) : undefined}
      onSubmit={() => set.mutate()}
      onClose={onClose}
    >
      <Cards
        label={words.choice}
        value={choice}
        onChange={setChoice}
        options={[
          { value: 'policy', label: words.asPolicy, help: words.asPolicyHelp(count(policy)) },
          { value: 'fewer', label: words.fewer, help: words.fewerHelp },
        ]}
      />
      {choice === 'fewer' ? (
        <Field
          label={words.days}
          inputMode="numeric"
          className="w-40"
          value={written}
          problem={fits ? undefined : words.badDays(count(policy))}
          onChange={(event) => setWritten(event.target.value.trim())}
        />
      ) : null}
      {shortens && fits ? <Note tone="warning">{words.warning(count(days))}</Note> : null}
      <TextAreaField
        label={words.reason}
        help={words.reasonHelp}
        rows={2}
        maxLength={1000}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </FormDialog>
  )
}
