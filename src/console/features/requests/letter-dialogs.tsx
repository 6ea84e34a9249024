/** The letters that end a request: the answer, and the refusal. */

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import { type RefusalGround, refusalGrounds } from '../../../model/request.ts'
import { problemOf, useApi } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { text } from '../../text.ts'
import { Cards } from '../../ui/choice.tsx'
import { Field } from '../../ui/field.tsx'
import { useMutationAction } from './data.ts'
import { isWhole, type Letter, LetterEditor, letterInput, type RequestDialogProps } from './letter-editor.tsx'

const words = text.requests

export interface AnswerProps extends RequestDialogProps {
  /** of the package, which the letter names */
  link?: string | undefined
}

export function Answer({ request, link, onClose }: AnswerProps) {
  const { client, queries } = useApi()
  const [written, setEdited] = useState<Letter>()
  const draft = useQuery(queries.requests.previewAnswer.queryOptions({ input: { id: request.id }, gcTime: 0 }))
  const { data } = draft
  const linked =
    link && data ? { subject: data.subject, text: `${data.text}\n\n${words.answer.link(link)}` } : undefined
  const edited = written ?? linked
  const send = useMutationAction(
    () => client.requests.answer({ id: request.id, ...letterInput(edited) }),
    () => {
      toast.success(words.answer.sent)
      onClose()
    },
  )
  const problem = send.error ?? draft.error
  return (
    <FormDialog
      title={words.answer.title(request.id)}
      description={words.answer.help}
      submit={words.answer.send}
      wide
      ready={draft.data !== undefined && isWhole(edited) && !send.isPending}
      problem={problem ? problemOf(problem) : undefined}
      onSubmit={() => send.mutate(undefined)}
      onClose={onClose}
    >
      {draft.isError ? null : (
        <LetterEditor title={words.forward.person} draft={draft.data} edited={edited} rows={14} onEdit={setEdited} />
      )}
    </FormDialog>
  )
}

export function Refuse({ request, onClose }: RequestDialogProps) {
  const { client } = useApi()
  const [ground, setGround] = useState<RefusalGround>('unfounded')
  const [reason, setReason] = useState('')
  const [own, setOwn] = useState(false)
  const [letter, setLetter] = useState<Letter>()
  const written = letter ?? { subject: words.refuse.subjectFirst(request.id), text: reason }
  const refuse = useMutationAction(
    () =>
      client.requests.refuse({
        id: request.id,
        ground,
        reason: reason.trim(),
        ...letterInput(own ? written : undefined),
      }),
    () => {
      toast.success(words.refuse.done)
      onClose()
    },
  )
  return (
    <FormDialog
      title={words.refuse.title(request.id)}
      description={words.refuse.help}
      submit={words.refuse.go}
      danger
      wide
      ready={reason.trim() !== '' && (!own || isWhole(written)) && !refuse.isPending}
      problem={refuse.error ? problemOf(refuse.error) : undefined}
      onSubmit={() => refuse.mutate(undefined)}
      onClose={onClose}
    >
      <Field
        label={words.refuse.reason}
        help={words.refuse.reasonHelp}
        value={reason}
        maxLength={1000}
        autoFocus
        onChange={(event) => setReason(event.target.value)}
      />
      <Cards
        label={words.refuse.ground}
        value={ground}
        options={refusalGrounds.map((value) => ({ value, label: words.ground[value], help: words.groundHelp[value] }))}
        onChange={setGround}
      />
      <label className="flex items-start gap-2">
        <input
          type="checkbox"
          checked={own}
          onChange={(event) => setOwn(event.target.checked)}
          className="mt-0.5 size-3.5 accent-accent"
        />
        <span>
          <span className="font-medium">{words.refuse.own}</span>
          <span className="block text-faint text-sm">{words.refuse.ownHelp}</span>
        </span>
      </label>
      {own ? (
        <LetterEditor
          title={request.track === 'third party' ? words.forward.person : words.forward.contact}
          draft={{ to: request.subject, ...written }}
          edited={undefined}
          onEdit={setLetter}
        />
      ) : null}
    </FormDialog>
  )
}
