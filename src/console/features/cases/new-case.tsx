/** Opening a case: on which account, for which reason of the terms, on what evidence. */

import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { toast } from 'sonner'
import type { SignalView } from '../../../contract/signals.ts'
import { problemOf, useApi } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { text } from '../../text.ts'
import { Field, SelectField, TextAreaField } from '../../ui/field.tsx'
import { useFreeOf, useMutationAction } from './data.ts'
import { SignalChoice } from './signal-choice.tsx'

const words = text.review.create

export interface NewCaseProps {
  /** account and signals it starts with */
  account?: string | undefined
  onClose: () => void
  onOpened: (id: number) => void
}

function notedBy(signals: readonly SignalView[]): string {
  return signals
    .slice(0, 3)
    .map(({ summary }) => summary)
    .join('; ')
    .slice(0, 1000)
}

export function NewCase({ account: first, onClose, onOpened }: NewCaseProps) {
  const { client, queries } = useApi()
  const list = useId()
  const [account, setAccount] = useState(first ?? '')
  const [reason, setReason] = useState('')
  const [note, setNote] = useState<string>()
  const [left, setLeft] = useState<ReadonlySet<number>>(new Set())
  const accounts = useQuery(queries.accounts.list.queryOptions())
  const reasons = useQuery(queries.cases.reasons.queryOptions({ staleTime: 60_000 }))
  const known = accounts.data?.some(({ name }) => name === account) ?? false
  const signals = useFreeOf(known ? account : undefined)
  const free = (known ? signals.data?.signals : undefined) ?? []
  const code = reason || (reasons.data?.[0]?.code ?? '')
  // what the signals say is a beginning; a person may write it anew
  const written = note ?? notedBy(free)
  const chosen = free.filter(({ id }) => !left.has(id)).slice(0, 500)
  const open = useMutationAction(
    () => client.cases.open({ account, reason: code, note: written.trim(), signals: chosen.map(({ id }) => id) }),
    ({ id }) => {
      toast.success(words.done(id))
      onOpened(id)
    },
  )
  return (
    <FormDialog
      title={words.title}
      description={words.help}
      submit={words.go}
      wide
      ready={known && code !== '' && written.trim() !== '' && !open.isPending}
      problem={open.error ? problemOf(open.error) : undefined}
      onSubmit={() => open.mutate(undefined)}
      onClose={onClose}
    >
      <div className="grid grid-cols-2 gap-3">
        <Field
          label={words.account}
          list={list}
          value={account}
          autoComplete="off"
          problem={account !== '' && accounts.data && !known ? text.review.noSuchAccount(account) : undefined}
          onChange={(event) => setAccount(event.target.value.trim())}
        />
        <SelectField
          label={words.reason}
          value={code}
          options={(reasons.data ?? []).map((each) => ({ value: each.code, label: `${each.code}: ${each.text}` }))}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
      <datalist id={list}>
        {accounts.data?.map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <TextAreaField
        label={words.note}
        help={words.noteHelp}
        rows={3}
        value={written}
        maxLength={1000}
        onChange={(event) => setNote(event.target.value)}
      />
      {known && signals.data ? (
        free.length > 0 ? (
          <SignalChoice label={words.signals} signals={free} left={left} onChange={setLeft} />
        ) : (
          <p className="text-faint text-sm">{words.noSignals}</p>
        )
      ) : null}
    </FormDialog>
  )
}
