/** A new request: what is asked for, about whose data, in the person's own words. */

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import { type RequestKind, requestKinds } from '../../../model/request.ts'
import { problemOf, useApi } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { Cards } from '../../ui/choice.tsx'
import { Field, TextAreaField } from '../../ui/field.tsx'
import { useNarrow } from '../../ui/narrow.ts'
import { Note } from '../../ui/note.tsx'

const words = text.panel.requests
const form = words.form

interface Draft {
  kind: RequestKind
  whose: 'own' | 'third'
  subject: string
  parent: string
  /** own data: what is right instead */
  contact: string
  domains: string
  /** a person’s: in words */
  correction: string
  text: string
  suppress: boolean
}

/** Kinds after which an account may be kept from ever writing to the person again. */
const ending: readonly RequestKind[] = ['deletion', 'objection', 'restriction']

/** As the desk reads it: a field a line. */
function correctionOf({ whose, contact, domains, correction }: Draft): string {
  if (whose === 'third') return correction.trim()
  const lines = [contact.trim() && `contact: ${contact.trim()}`, domains.trim() && `domains: ${domains.trim()}`]
  return lines.filter(Boolean).join('\n')
}

export interface NewRequestProps {
  kind: RequestKind
  onClose: () => void
  onOpened: (id: number) => void
}

export function NewRequest({ kind, onClose, onOpened }: NewRequestProps) {
  const { client, queries } = useApi()
  const cache = useQueryClient()
  const narrow = useNarrow()
  const [draft, setDraft] = useState<Draft>({
    kind,
    whose: 'own',
    subject: '',
    parent: '',
    contact: '',
    domains: '',
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
        correction: draft.kind === 'correction' ? correctionOf(draft) : '',
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
    (!third || draft.subject.trim().length >= 3) && fits && (draft.kind !== 'correction' || correctionOf(draft) !== '')
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
          {...(narrow ? {} : { columns: 3 as const })}
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
      {draft.kind === 'correction' ? <Correction draft={draft} onChange={change} /> : null}
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

interface PartProps {
  draft: Draft
  onChange: (part: Partial<Draft>) => void
}

function Correction({ draft, onChange }: PartProps) {
  if (draft.whose === 'third')
    return (
      <TextAreaField
        label={form.correction}
        rows={2}
        maxLength={1500}
        value={draft.correction}
        onChange={(event) => onChange({ correction: event.target.value })}
      />
    )
  return (
    <div className="grid gap-3 md:grid-cols-2">
      <Field
        label={form.contact}
        help={form.unchanged}
        type="email"
        mono
        maxLength={320}
        value={draft.contact}
        onChange={(event) => onChange({ contact: event.target.value })}
      />
      <Field
        label={form.domains}
        help={form.domainsHelp}
        mono
        maxLength={1500}
        value={draft.domains}
        onChange={(event) => onChange({ domains: event.target.value })}
      />
    </div>
  )
}

interface ThirdPartyProps extends PartProps {
  fits: boolean
}

function ThirdParty({ draft, fits, onChange }: ThirdPartyProps) {
  return (
    <>
      <div className="grid gap-3 md:grid-cols-[minmax(0,1fr)_200px]">
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
