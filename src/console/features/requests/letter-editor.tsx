/** A letter as it will go out, to be edited before it does. */

import type { RequestDetail } from '../../../contract/requests.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Field, TextAreaField } from '../../ui/field.tsx'
import { SkeletonLines } from '../../ui/state.tsx'

const words = text.requests.letters

export interface Letter {
  subject: string
  text: string
}

export interface LetterEditorProps {
  title: string
  draft: (Letter & { to: string }) | undefined
  /** undefined: the draft as it is */
  edited: Letter | undefined
  rows?: number
  onEdit: (letter: Letter | undefined) => void
}

export function LetterEditor({ title, draft, edited, rows = 9, onEdit }: LetterEditorProps) {
  if (!draft) return <SkeletonLines lines={5} />
  const letter = edited ?? draft
  const edit = (part: Partial<Letter>): void => onEdit({ subject: letter.subject, text: letter.text, ...part })
  return (
    <fieldset className="grid min-w-0 content-start gap-2 rounded-md border border-line px-3 py-2.5">
      <legend className="sr-only">{title}</legend>
      <div className="flex min-h-6 items-center gap-2">
        <span aria-hidden className="shrink-0 font-[550]">
          {title}
        </span>
        <span className="mono min-w-0 truncate text-dim" title={draft.to}>
          {draft.to}
        </span>
        {edited ? (
          <Button small kind="ghost" className="ml-auto" onClick={() => onEdit(undefined)}>
            {words.redraft}
          </Button>
        ) : null}
      </div>
      <Field
        label={words.subject}
        value={letter.subject}
        maxLength={200}
        onChange={(event) => edit({ subject: event.target.value })}
      />
      <TextAreaField
        label={words.text}
        rows={rows}
        value={letter.text}
        maxLength={10_000}
        onChange={(event) => edit({ text: event.target.value })}
      />
    </fieldset>
  )
}

/** Whether a letter can go out as it is written. */
export function isWhole(letter: Letter | undefined): boolean {
  return letter === undefined || (letter.subject.trim() !== '' && letter.text.trim() !== '')
}

/** What the relay is given: nothing when nobody has touched the draft. */
export function letterInput(edited: Letter | undefined): { letter?: Letter } {
  return edited ? { letter: { subject: edited.subject.trim(), text: edited.text.trim() } } : {}
}

/** What every dialog about a request is given. */
export interface RequestDialogProps {
  request: RequestDetail
  onClose: () => void
}
