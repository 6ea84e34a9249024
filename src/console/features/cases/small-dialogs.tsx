/** Dialogs of one field: a note, the verdict, closing, opening again. Enter sends them. */

import { useState } from 'react'
import { toast } from 'sonner'
import type { CaseDetail } from '../../../contract/cases.ts'
import { type Finding, findings } from '../../../model/case.ts'
import { problemOf, useApi } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { text } from '../../text.ts'
import { Cards } from '../../ui/choice.tsx'
import { Field, TextAreaField } from '../../ui/field.tsx'
import { useMutationAction } from './data.ts'

const words = text.review

export interface CaseDialogProps {
  file: CaseDetail
  onClose: () => void
}

export function AddNote({ file, onClose }: CaseDialogProps) {
  const { client } = useApi()
  const [written, setWritten] = useState('')
  const add = useMutationAction(() => client.cases.note({ id: file.id, text: written.trim() }), onClose)
  return (
    <FormDialog
      title={words.detail.noteTitle}
      submit={words.detail.noteGo}
      ready={written.trim() !== '' && !add.isPending}
      problem={add.error ? problemOf(add.error) : undefined}
      onSubmit={() => add.mutate(undefined)}
      onClose={onClose}
    >
      <TextAreaField
        label={words.detail.noteText}
        value={written}
        maxLength={4000}
        onChange={(event) => setWritten(event.target.value)}
      />
    </FormDialog>
  )
}

export interface DecideProps extends CaseDialogProps {
  /** the verdict that was chosen by key */
  first: Finding
  onDecided: (verdict: Finding) => void
}

export function Decide({ file, first, onClose, onDecided }: DecideProps) {
  const { client } = useApi()
  const [verdict, setFinding] = useState(first)
  const [note, setNote] = useState('')
  const decide = useMutationAction(
    () => client.cases.decide({ id: file.id, verdict, note: note.trim() }),
    () => {
      toast.success(words.decide.done(file.id, words.verdict[verdict]))
      onDecided(verdict)
    },
  )
  return (
    <FormDialog
      title={words.decide.title(file.id)}
      submit={words.decide.go(words.verdict[verdict])}
      ready={note.trim() !== '' && !decide.isPending}
      problem={decide.error ? problemOf(decide.error) : undefined}
      onSubmit={() => decide.mutate(undefined)}
      onClose={onClose}
    >
      <Field
        label={words.decide.note}
        help={words.decide.noteHelp}
        value={note}
        maxLength={1000}
        autoFocus
        onChange={(event) => setNote(event.target.value)}
      />
      <Cards
        label={words.decide.verdict}
        columns={3}
        value={verdict}
        options={findings.map((value) => ({ value, label: words.verdict[value], help: words.findingHelp[value] }))}
        onChange={setFinding}
      />
    </FormDialog>
  )
}

export function CloseCase({ file, onClose }: CaseDialogProps) {
  const { client } = useApi()
  const [note, setNote] = useState('')
  const close = useMutationAction(
    () => client.cases.close({ id: file.id, note: note.trim() }),
    () => {
      toast.success(words.close.done(file.id))
      onClose()
    },
  )
  return (
    <FormDialog
      title={words.close.title(file.id)}
      description={words.close.help}
      submit={words.close.go}
      ready={!close.isPending}
      problem={close.error ? problemOf(close.error) : undefined}
      onSubmit={() => close.mutate(undefined)}
      onClose={onClose}
    >
      <Field
        label={`${words.close.note} (${text.common.optional})`}
        value={note}
        maxLength={1000}
        autoFocus
        onChange={(event) => setNote(event.target.value)}
      />
    </FormDialog>
  )
}

export function Reopen({ file, onClose }: CaseDialogProps) {
  const { client } = useApi()
  const reopen = useMutationAction(
    (reason: string) => client.cases.reopen({ id: file.id, reason }),
    () => {
      toast.success(words.reopen.done(file.id))
      onClose()
    },
  )
  return (
    <ReasonDialog
      title={words.reopen.title(file.id)}
      help={words.reopen.help}
      reasonHelp={words.reopen.reasonHelp}
      confirm={words.reopen.go}
      busy={reopen.isPending}
      error={reopen.error}
      onConfirm={(reason) => reopen.mutate(reason)}
      onClose={onClose}
    />
  )
}
