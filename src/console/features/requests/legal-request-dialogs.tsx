/** What is done with a legal demand: recorded, approved, refused, exported, told, closed. */

import { useState } from 'react'
import { toast } from 'sonner'
import type { LegalRequestView } from '../../../contract/legalRequests.ts'
import { problemOf, useApi } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { blankScope, ScopeFields, scopeOf } from '../../components/hold-scope.tsx'
import { fromLocalInput, toLocalInput } from '../../components/local-time.ts'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { saveFile } from '../../components/save-file.ts'
import { text } from '../../text.ts'
import { Cards } from '../../ui/choice.tsx'
import { Field, TextAreaField } from '../../ui/field.tsx'
import { useMutationAction } from './data.ts'

const words = text.legalRequests

export type LegalRequestDialog = 'approve' | 'refuse' | 'export' | 'notice' | 'close'

export interface LegalRequestDialogProps {
  legalRequest: LegalRequestView
  onClose: () => void
}

export function RecordLegalRequest({ onClose, onRecorded }: { onClose: () => void; onRecorded: (id: number) => void }) {
  const { client } = useApi()
  const [authority, setAuthority] = useState('')
  const [basis, setBasis] = useState('')
  const [written, setWritten] = useState(blankScope)
  const [received, setReceived] = useState(() => toLocalInput(Date.now()))
  const [gag, setGag] = useState('')
  const [note, setNote] = useState('')
  const [hold, setHold] = useState(true)
  const scope = scopeOf(written)
  const record = useMutationAction(
    (covers: NonNullable<typeof scope>) => {
      const receivedAt = fromLocalInput(received)
      const isNow = receivedAt === undefined || Date.now() - Date.parse(receivedAt) < 120_000
      const gagUntil = fromLocalInput(gag)
      return client.legalRequests.record({
        authority: authority.trim(),
        basis: basis.trim(),
        scope: covers,
        ...(isNow ? {} : { receivedAt }),
        ...(gagUntil ? { gagUntil } : {}),
        note: note.trim(),
        hold,
      })
    },
    ({ id }) => {
      toast.success(words.record.done(id))
      onRecorded(id)
    },
  )
  return (
    <FormDialog
      title={words.record.title}
      description={words.record.help}
      submit={words.record.go}
      wide
      ready={authority.trim() !== '' && basis.trim() !== '' && scope !== undefined && !record.isPending}
      problem={record.error ? problemOf(record.error) : undefined}
      onSubmit={() => scope && record.mutate(scope)}
      onClose={onClose}
    >
      <div className="grid grid-cols-2 gap-3">
        <Field
          label={words.record.authority}
          value={authority}
          maxLength={1000}
          autoFocus
          onChange={(event) => setAuthority(event.target.value)}
        />
        <Field
          label={words.record.basis}
          help={words.record.basisHelp}
          value={basis}
          maxLength={1000}
          onChange={(event) => setBasis(event.target.value)}
        />
      </div>
      <ScopeFields written={written} onChange={setWritten} />
      <div className="grid grid-cols-2 gap-3">
        <Field
          label={words.record.received}
          type="datetime-local"
          max={toLocalInput(Date.now())}
          value={received}
          onChange={(event) => setReceived(event.target.value)}
        />
        <Field
          label={`${words.record.gag} (${text.common.optional})`}
          help={words.record.gagHelp}
          type="datetime-local"
          value={gag}
          onChange={(event) => setGag(event.target.value)}
        />
      </div>
      <TextAreaField
        label={`${words.record.note} (${text.common.optional})`}
        rows={2}
        maxLength={4000}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      <label className="flex items-start gap-2">
        <input
          type="checkbox"
          checked={hold}
          onChange={(event) => setHold(event.target.checked)}
          className="mt-0.5 size-3.5 accent-accent"
        />
        <span>
          <span className="font-medium">{words.record.hold}</span>
          <span className="block text-faint text-sm">{words.record.holdHelp}</span>
        </span>
      </label>
    </FormDialog>
  )
}

export function Approve({ legalRequest: { id }, onClose }: LegalRequestDialogProps) {
  const { client } = useApi()
  const approve = useMutationAction(
    (reason: string) => client.legalRequests.approve({ id, reason }),
    () => {
      toast.success(words.approve.done)
      onClose()
    },
  )
  return (
    <ReasonDialog
      title={words.approve.title(id)}
      help={words.approve.help}
      reasonHelp={words.reasonHelp}
      confirm={words.approve.confirm}
      busy={approve.isPending}
      error={approve.error}
      onConfirm={(reason) => approve.mutate(reason)}
      onClose={onClose}
    />
  )
}

export function RefuseLegalRequest({ legalRequest: { id }, onClose }: LegalRequestDialogProps) {
  const { client } = useApi()
  const refuse = useMutationAction(
    (reason: string) => client.legalRequests.refuse({ id, reason }),
    () => {
      toast.success(words.refuse.done)
      onClose()
    },
  )
  return (
    <ReasonDialog
      title={words.refuse.title(id)}
      help={words.refuse.help}
      reasonHelp={words.reasonHelp}
      confirm={words.refuse.confirm}
      danger
      busy={refuse.isPending}
      error={refuse.error}
      onConfirm={(reason) => refuse.mutate(reason)}
      onClose={onClose}
    />
  )
}

export function CloseLegalRequest({ legalRequest: { id, hold }, onClose }: LegalRequestDialogProps) {
  const { client } = useApi()
  const close = useMutationAction(
    (reason: string) => client.legalRequests.close({ id, reason }),
    () => {
      toast.success(words.end.done)
      onClose()
    },
  )
  return (
    <ReasonDialog
      title={words.end.title(id)}
      help={hold === null ? words.end.helpNoHold : words.end.help}
      reasonHelp={words.reasonHelp}
      confirm={words.end.confirm}
      danger={hold !== null}
      busy={close.isPending}
      error={close.error}
      onConfirm={(reason) => close.mutate(reason)}
      onClose={onClose}
    />
  )
}

export function ExportLegalRequest({ legalRequest: { id }, onClose }: LegalRequestDialogProps) {
  const { client } = useApi()
  const build = useMutationAction(
    () => client.legalRequests.export({ id }),
    ({ name, content }) => {
      saveFile(name, new Blob([content], { type: 'application/x-ndjson' }))
      toast.success(words.export.done(name))
      onClose()
    },
  )
  return (
    <FormDialog
      title={words.export.title(id)}
      description={words.export.help}
      submit={words.export.confirm}
      ready={!build.isPending}
      problem={build.error ? problemOf(build.error) : undefined}
      onSubmit={() => build.mutate(undefined)}
      onClose={onClose}
    >
      {null}
    </FormDialog>
  )
}

export function Notice({ legalRequest: { id }, onClose }: LegalRequestDialogProps) {
  const { client } = useApi()
  const [choice, setChoice] = useState<'tell' | 'not'>('tell')
  const [reason, setReason] = useState('')
  const tell = choice === 'tell'
  const give = useMutationAction(
    () => client.legalRequests.notice({ id, tell, reason: reason.trim() }),
    () => {
      toast.success(tell ? words.notice.done : words.notice.doneNot)
      onClose()
    },
  )
  return (
    <FormDialog
      title={words.notice.title(id)}
      description={words.notice.help}
      submit={tell ? words.notice.confirmTell : words.notice.confirmNot}
      ready={(tell || reason.trim() !== '') && !give.isPending}
      problem={give.error ? problemOf(give.error) : undefined}
      onSubmit={() => give.mutate(undefined)}
      onClose={onClose}
    >
      <Cards
        label={words.notice.help}
        value={choice}
        options={[
          { value: 'tell', label: words.notice.tell, help: words.notice.tellHelp },
          { value: 'not', label: words.notice.not, help: words.notice.notHelp },
        ]}
        onChange={setChoice}
      />
      <Field
        label={tell ? `${words.notice.note} (${text.common.optional})` : words.notice.reason}
        value={reason}
        maxLength={1000}
        onChange={(event) => setReason(event.target.value)}
      />
    </FormDialog>
  )
}
