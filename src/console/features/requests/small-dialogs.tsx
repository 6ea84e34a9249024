/** Dialogs of a field or two: code, evidence, note, decision, carrying out, extension, closing. Enter sends them. */

import { useState } from 'react'
import { toast } from 'sonner'
import {
  closingOutcomes,
  dueAt,
  handedOver,
  type RequestKind,
  type RequestOutcome,
  type RequestTrack,
  requestKinds,
  requestTracks,
} from '../../../model/request.ts'
import { problemOf, useApi } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { longDay } from '../../format.ts'
import { text } from '../../text.ts'
import { Field, SelectField, TextAreaField } from '../../ui/field.tsx'
import { AccountField, useAccountNames } from './account-field.tsx'
import { useMutationAction } from './data.ts'
import type { RequestDialogProps } from './letter-editor.tsx'
import { Effects } from './preview.tsx'

const words = text.requests

export function SendCode({ request, onClose }: RequestDialogProps) {
  const { client } = useApi()
  const send = useMutationAction(
    () => client.requests.sendCode({ id: request.id }),
    () => {
      toast.success(words.identity.codeSent)
      onClose()
    },
  )
  return (
    <FormDialog
      title={words.identity.codeTitle}
      description={words.identity.codeHelp(request.subject)}
      submit={words.identity.codeGo}
      ready={!send.isPending}
      problem={send.error ? problemOf(send.error) : undefined}
      onSubmit={() => send.mutate(undefined)}
      onClose={onClose}
    >
      {null}
    </FormDialog>
  )
}

export function EnterCode({ request, onClose }: RequestDialogProps) {
  const { client } = useApi()
  const [code, setCode] = useState('')
  const confirm = useMutationAction(
    () => client.requests.confirmCode({ id: request.id, code: code.trim() }),
    () => {
      toast.success(words.identity.confirmed)
      onClose()
    },
  )
  return (
    <FormDialog
      title={words.identity.enterTitle}
      description={words.identity.enterHelp}
      submit={words.identity.enterGo}
      ready={code.trim().length >= 4 && !confirm.isPending}
      problem={confirm.error ? problemOf(confirm.error) : undefined}
      onSubmit={() => confirm.mutate(undefined)}
      onClose={onClose}
    >
      <Field
        label={words.identity.codeField}
        mono
        value={code}
        maxLength={40}
        inputMode="numeric"
        autoComplete="one-time-code"
        autoFocus
        onChange={(event) => setCode(event.target.value)}
      />
    </FormDialog>
  )
}

export function Evidence({ request, onClose }: RequestDialogProps) {
  const { client } = useApi()
  const [evidence, setEvidence] = useState('')
  const confirm = useMutationAction(
    () => client.requests.confirmEvidence({ id: request.id, evidence: evidence.trim() }),
    () => {
      toast.success(words.identity.confirmed)
      onClose()
    },
  )
  return (
    <FormDialog
      title={words.identity.evidenceTitle}
      description={words.identity.evidenceHelp}
      submit={words.identity.evidenceGo}
      ready={evidence.trim() !== '' && !confirm.isPending}
      problem={confirm.error ? problemOf(confirm.error) : undefined}
      onSubmit={() => confirm.mutate(undefined)}
      onClose={onClose}
    >
      <Field
        label={words.identity.evidenceField}
        placeholder={words.identity.evidencePlaceholder}
        value={evidence}
        maxLength={1000}
        autoFocus
        onChange={(event) => setEvidence(event.target.value)}
      />
    </FormDialog>
  )
}

export function AddNote({ request, onClose }: RequestDialogProps) {
  const { client } = useApi()
  const [written, setWritten] = useState('')
  const add = useMutationAction(() => client.requests.note({ id: request.id, text: written.trim() }), onClose)
  return (
    <FormDialog
      title={words.notes.title(request.id)}
      submit={words.notes.go}
      ready={written.trim() !== '' && !add.isPending}
      problem={add.error ? problemOf(add.error) : undefined}
      onSubmit={() => add.mutate(undefined)}
      onClose={onClose}
    >
      <TextAreaField
        label={words.notes.text}
        value={written}
        maxLength={4000}
        autoFocus
        onChange={(event) => setWritten(event.target.value)}
      />
    </FormDialog>
  )
}

export function Decide({ request, onClose }: RequestDialogProps) {
  const { client } = useApi()
  const [note, setNote] = useState('')
  const decide = useMutationAction(
    () => client.requests.decide({ id: request.id, note: note.trim() }),
    () => {
      toast.success(words.decide.done)
      onClose()
    },
  )
  return (
    <FormDialog
      title={words.decide.title(request.id)}
      description={words.decide.help}
      submit={words.decide.confirm}
      wide
      ready={!decide.isPending}
      problem={decide.error ? problemOf(decide.error) : undefined}
      onSubmit={() => decide.mutate(undefined)}
      onClose={onClose}
    >
      <Effects id={request.id} />
      <Field
        label={`${words.decide.note} (${text.common.optional})`}
        help={words.decide.noteHelp}
        value={note}
        maxLength={1000}
        autoFocus
        onChange={(event) => setNote(event.target.value)}
      />
    </FormDialog>
  )
}

export function Execute({ request, onClose }: RequestDialogProps) {
  const { client } = useApi()
  const execute = useMutationAction(
    () => client.requests.execute({ id: request.id }),
    () => {
      toast.success(words.execute.started)
      onClose()
    },
  )
  const destroys = request.kind === 'deletion'
  return (
    <FormDialog
      title={words.execute.title(request.id)}
      description={destroys ? words.execute.help : words.execute.helpSafe}
      submit={words.execute.confirm[request.kind]}
      danger={destroys}
      wide
      ready={!execute.isPending}
      problem={execute.error ? problemOf(execute.error) : undefined}
      onSubmit={() => execute.mutate(undefined)}
      onClose={onClose}
    >
      {handedOver.includes(request.kind) ? null : <Effects id={request.id} />}
    </FormDialog>
  )
}

export function Extend({ request, onClose }: RequestDialogProps) {
  const { client } = useApi()
  const extend = useMutationAction(
    (reason: string) => client.requests.extend({ id: request.id, reason }),
    () => {
      toast.success(words.extend.done)
      onClose()
    },
  )
  return (
    <ReasonDialog
      title={words.extend.title(request.id)}
      help={words.extend.help(longDay(dueAt(Date.parse(request.receivedAt), true)))}
      reasonHelp={words.extend.reason}
      confirm={words.extend.go}
      busy={extend.isPending}
      error={extend.error}
      onConfirm={(reason) => extend.mutate(reason)}
      onClose={onClose}
    />
  )
}

export function CloseRequest({ request, onClose }: RequestDialogProps) {
  const { client } = useApi()
  const possible = closingOutcomes({ state: request.state, outcome: request.outcome ?? undefined })
  const [outcome, setOutcome] = useState<RequestOutcome>(possible[0] ?? 'withdrawn')
  const close = useMutationAction(
    (reason: string) => client.requests.close({ id: request.id, outcome, reason }),
    () => {
      toast.success(words.close.done)
      onClose()
    },
  )
  return (
    <ReasonDialog
      title={words.close.title(request.id)}
      help={words.close.help}
      reasonHelp={words.close.reasonHelp}
      confirm={words.close.go}
      busy={close.isPending}
      error={close.error}
      onConfirm={(reason) => close.mutate(reason)}
      onClose={onClose}
    >
      {possible.length > 1 ? (
        <SelectField
          label={words.close.outcome}
          value={outcome}
          options={possible.map((value) => ({ value, label: words.outcome[value] }))}
          onChange={(event) => {
            const chosen = possible.find((each) => each === event.target.value)
            if (chosen) setOutcome(chosen)
          }}
        />
      ) : (
        <p>{words.close.as(words.outcome[outcome])}</p>
      )}
    </ReasonDialog>
  )
}

export function ChangeRequest({ request, onClose }: RequestDialogProps) {
  const { client } = useApi()
  const [kind, setKind] = useState<RequestKind>(request.kind)
  const [track, setTrack] = useState<RequestTrack>(request.track)
  const [account, setAccount] = useState(request.account ?? '')
  const [correction, setCorrection] = useState(request.correction)
  const [suppress, setSuppress] = useState(request.suppress)
  const names = useAccountNames()
  const isKnown = account === '' ? track === 'third party' : (names?.includes(account) ?? false)
  const change = useMutationAction(
    (reason: string) =>
      client.requests.change({
        id: request.id,
        kind,
        track,
        account: account === '' ? null : account,
        ...(kind === 'correction' ? { correction: correction.trim() } : {}),
        suppress,
        reason,
      }),
    () => {
      toast.success(words.change.done)
      onClose()
    },
  )
  return (
    <ReasonDialog
      wide
      title={words.change.title(request.id)}
      help={words.change.help}
      reasonHelp={words.change.reasonHelp}
      confirm={words.change.go}
      ready={isKnown}
      busy={change.isPending}
      error={change.error}
      onConfirm={(reason) => change.mutate(reason)}
      onClose={onClose}
    >
      <div className="grid grid-cols-3 gap-3">
        <KindField value={kind} label={words.change.kind} onChange={setKind} />
        <TrackField value={track} label={words.change.track} onChange={setTrack} />
        <AccountField
          label={words.change.account}
          value={account}
          placeholder={words.change.everything}
          onChange={setAccount}
        />
      </div>
      {kind === 'correction' ? (
        <Field
          label={words.change.correction}
          value={correction}
          maxLength={2000}
          onChange={(event) => setCorrection(event.target.value)}
        />
      ) : null}
      {kind === 'deletion' || kind === 'objection' ? <SuppressBox checked={suppress} onChange={setSuppress} /> : null}
    </ReasonDialog>
  )
}

interface ChoiceFieldProps<T> {
  label: string
  value: T
  onChange: (value: T) => void
}

export function KindField({ label, value, onChange }: ChoiceFieldProps<RequestKind>) {
  return (
    <SelectField
      label={label}
      value={value}
      options={requestKinds.map((each) => ({ value: each, label: words.kind[each] }))}
      onChange={(event) => {
        const chosen = requestKinds.find((each) => each === event.target.value)
        if (chosen) onChange(chosen)
      }}
    />
  )
}

function TrackField({ label, value, onChange }: ChoiceFieldProps<RequestTrack>) {
  return (
    <SelectField
      label={label}
      value={value}
      options={requestTracks.map((each) => ({ value: each, label: words.track[each] }))}
      onChange={(event) => {
        const chosen = requestTracks.find((each) => each === event.target.value)
        if (chosen) onChange(chosen)
      }}
    />
  )
}

/** Whether the address is kept out afterwards, although it is forgotten. */
export function SuppressBox({ checked, onChange }: { checked: boolean; onChange: (checked: boolean) => void }) {
  return (
    <label className="flex items-start gap-2">
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        className="mt-0.5 size-3.5 accent-accent"
      />
      <span>
        <span className="font-medium">{words.change.suppress}</span>
        <span className="block text-faint text-sm">{words.change.suppressHelp}</span>
      </span>
    </label>
  )
}
