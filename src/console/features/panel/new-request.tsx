/** A new request: what is asked for, about whose data, in the person's own words. */

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import { type RequestKind, requestKinds } from '../../../model/request.ts'
import { problemOf, useApi } from '../../api.ts'
import { count } from '../../format.ts'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { text } from '../../text.ts'
import { Cards } from '../../ui/choice.tsx'
import { Field, TextAreaField } from '../../ui/field.tsx'
import { Note } from '../../ui/note.tsx'

const words = text.panel.requests
const form = words.form

interface Draft {
  kind: RequestKind
  whose: 'own' | 'third'
  subject: string
  parent: string
  correction: string
  text: string
  suppress: boolean
}

/** Kinds after which an account may be kept from ever writing to the person again. */
const ending: readonly RequestKind[] = ['deletion', 'objection', 'restriction']

export interface NewRequestProps {
  kind: RequestKind
  onClose: () => void
  onOpened: (id: number) => void
}

export function NewRequest({ kind, onClose, onOpened }: NewRequestProps) {
  const { client, queries } = useApi()
  const cache = useQueryClient()
  const [draft, setDraft] = useState<Draft>({
    kind,
    whose: 'own',
    subject: '',
    parent: '',
    correction: '',
    text: '',
    suppress: true,
  })
  const change = (part: Partial<Draft>): void => setDraft((old) => ({ ...old, ...part }))
  const third = draft.whose === 'third'
  const open = useMutation({
    mutationFn: () =>
      client.own.openRequest({
        kind: draft.kind,
        text: draft.text,
        correction: draft.kind === 'correction' ? draft.correction : '',
        ...(third ? { subject: draft.subject, suppress: ending.includes(draft.kind) && draft.suppress } : {}),
        ...(third && draft.parent.trim() !== '' ? { parent: Number(draft.parent) } : {}),
      }),
    onSuccess: async ({ id }) => {
      await cache.invalidateQueries({ queryKey: queries.own.requests.key() })
      toast.success(form.opened(count(id)))
      onOpened(id)
    },
  })
  const fits = /^\d{0,15}$/.test(draft.parent.trim())
  const ready =
    (!third || draft.subject.trim().length >= 3) &&
    fits &&
    (draft.kind !== 'correction' || draft.correction.trim() !== '')
  return (
    <FormDialog
      wide
      title={form.title}
      description={form.help}
      submit={form.go}
      ready={ready && !open.isPending}
      problem={open.error ? problemOf(open.error) : undefined}
      onSubmit={() => open.mutate()}
      onClose={onClose}
    >
      <div className="grid gap-1">
        <div className="font-medium text-sm">{form.what}</div>
        <Cards
          label={form.what}
          value={draft.kind}
          onChange={(next) => change({ kind: next })}
          options={requestKinds.map((value) => ({ value, label: words.kind[value], help: words.kindHelp[value] }))}
        />
      </div>
      <div className="grid gap-1">
        <div className="font-medium text-sm">{form.whom}</div>
        <Cards
          label={form.whom}
          value={draft.whose}
          onChange={(whose) => change({ whose })}
          options={[
            { value: 'own', label: form.own, help: form.ownHelp },
            { value: 'third', label: form.third, help: form.thirdHelp },
          ]}
        />
      </div>
      {third ? <ThirdParty draft={draft} fits={fits} onChange={change} /> : null}
      {draft.kind === 'correction' ? (
        <TextAreaField
          label={form.correction}
          help={form.correctionHelp}
          rows={2}
          maxLength={2000}
          value={draft.correction}
          onChange={(event) => change({ correction: event.target.value })}
        />
      ) : null}
      <TextAreaField
        label={`${form.text} (${text.common.optional})`}
        maxLength={20_000}
        value={draft.text}
        onChange={(event) => change({ text: event.target.value })}
      />
      {draft.kind === 'deletion' && !third ? <Note tone="warning">{form.deletionOwn}</Note> : null}
    </FormDialog>
  )
}

interface ThirdPartyProps {
  draft: Draft
  fits: boolean
  onChange: (part: Partial<Draft>) => void
}

function ThirdParty({ draft, fits, onChange }: ThirdPartyProps) {
  return (
    <>
      <div className="grid gap-3 md:grid-cols-[minmax(0,1fr)_150px]">
        <Field
          label={form.address}
          help={form.addressHelp}
          mono
          maxLength={320}
          value={draft.subject}
          onChange={(event) => onChange({ subject: event.target.value })}
        />
        <Field
          label={`${form.parent} (${text.common.optional})`}
          help={form.parentHelp}
          inputMode="numeric"
          aria-invalid={fits ? undefined : true}
          value={draft.parent}
          onChange={(event) => onChange({ parent: event.target.value })}
        />
      </div>
      {ending.includes(draft.kind) ? (
        <label className="flex items-start gap-2">
          <input
            type="checkbox"
            className="mt-0.5 size-3.5 accent-accent"
            checked={draft.suppress}
            onChange={(event) => onChange({ suppress: event.target.checked })}
          />
          <span>
            {form.suppress}
            <span className="block text-faint text-sm">{form.suppressHelp}</span>
          </span>
        </label>
      ) : null}
    </>
  )
}
