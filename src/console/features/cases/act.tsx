/** Carrying out an action: what it does, in words with counts, and the letter to the account, to be edited. */

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { toast } from 'sonner'
import type { CaseDetail } from '../../../contract/cases.ts'
import { type ActionKind, actionKinds } from '../../../model/case.ts'
import { problemOf, useApi } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Cards } from '../../ui/choice.tsx'
import { Field, TextAreaField } from '../../ui/field.tsx'
import { useMutationAction } from './data.ts'

const words = text.review.actions

const FIRST_LIMIT = '100'
const MOST_PER_HOUR = 100_000
/** a pause in writing, after which the draft follows */
const PAUSE_MS = 250

/** What was written, once the writer pauses. */
function usePaused(written: string): string {
  const [paused, setPaused] = useState(written)
  useEffect(() => {
    const timer = setTimeout(() => setPaused(written), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [written])
  return paused
}

function perHourOf(written: string): number | undefined {
  const value = /^\d{1,6}$/.test(written.trim()) ? Number(written) : 0
  return value >= 1 && value <= MOST_PER_HOUR ? value : undefined
}

interface Letter {
  subject: string
  text: string
}

export function Act({ file, onClose }: { file: CaseDetail; onClose: () => void }) {
  const { client, queries } = useApi()
  const [kind, setKind] = useState<ActionKind>('warn')
  const [limit, setLimit] = useState(FIRST_LIMIT)
  const [reason, setReason] = useState('')
  const [isSent, setIsSent] = useState(true)
  // undefined: the draft, as it follows the reason
  const [edited, setEdited] = useState<Letter>()
  const perHour = kind === 'throttle' ? perHourOf(limit) : undefined
  const paused = usePaused(reason.trim())
  const isWhole = kind !== 'throttle' || perHour !== undefined
  const preview = useQuery(
    queries.cases.previewAction.queryOptions({
      input: { id: file.id, kind, reason: paused, ...(perHour === undefined ? {} : { perHour }) },
      enabled: isWhole,
      placeholderData: keepPreviousData,
      gcTime: 0,
    }),
  )
  const draft = preview.data?.letter
  const letter = edited ?? draft
  const withLetter = kind === 'warn' || isSent
  // while the draft is behind the reason, it would say something else than what is kept
  const isDraftDue = edited === undefined && (paused !== reason.trim() || preview.isPlaceholderData)
  const act = useMutationAction(
    () =>
      client.cases.act({
        id: file.id,
        kind,
        reason: reason.trim(),
        ...(perHour === undefined ? {} : { perHour }),
        ...(withLetter && letter ? { letter: { subject: letter.subject, text: letter.text } } : {}),
      }),
    () => {
      toast.success(words.done(words.kind[kind], file.account))
      onClose()
    },
  )
  const edit = (part: Partial<Letter>): void => {
    if (letter) setEdited({ subject: letter.subject, text: letter.text, ...part })
  }
  const choose = (next: ActionKind): void => {
    setKind(next)
    setEdited(undefined)
    act.reset()
  }
  const isReady = isWhole && reason.trim() !== '' && !isDraftDue && !preview.isError && !act.isPending
  const problem = act.error ?? preview.error
  return (
    <FormDialog
      title={words.dialog(file.account)}
      submit={words.go[kind]}
      danger={kind === 'suspend' || kind === 'close account'}
      wide
      ready={isReady && (!withLetter || Boolean(letter))}
      problem={problem ? problemOf(problem) : undefined}
      onSubmit={() => act.mutate(undefined)}
      onClose={onClose}
    >
      <Cards
        label={words.choose}
        columns={3}
        value={kind}
        options={actionKinds.map((value) => ({ value, label: words.kind[value], help: words.help[value] }))}
        onChange={choose}
      />
      <div className="flex gap-3">
        <Field
          label={words.reason}
          help={words.reasonHelp}
          value={reason}
          maxLength={1000}
          className="flex-1"
          onChange={(event) => setReason(event.target.value)}
        />
        {kind === 'throttle' ? (
          <Field
            label={words.perHour}
            inputMode="numeric"
            value={limit}
            problem={perHour === undefined ? words.badPerHour : undefined}
            className="w-44"
            onChange={(event) => setLimit(event.target.value)}
          />
        ) : null}
      </div>
      <div className="rounded-md bg-sunken px-3 py-2.5" aria-live="polite">
        <div className="font-[550]">{words.effects}</div>
        {preview.data && !preview.isError ? (
          <ul className="list-disc pl-4 text-dim">
            {preview.data.effects.map((effect) => (
              <li key={effect}>{effect}</li>
            ))}
          </ul>
        ) : (
          <p className="text-dim">{preview.isError ? text.common.dash : words.counting}</p>
        )}
      </div>
      {draft ? (
        <div className="grid gap-2 rounded-md border border-line px-3 py-2.5">
          <div className="flex min-h-6 items-center gap-2">
            {kind === 'warn' ? (
              <span className="font-[550]">{words.letter}</span>
            ) : (
              <label className="flex items-center gap-2 font-[550]">
                <input
                  type="checkbox"
                  checked={isSent}
                  onChange={(event) => setIsSent(event.target.checked)}
                  className="size-3.5 accent-accent"
                />
                {words.send}
              </label>
            )}
            <span className="mono truncate text-dim">{words.to(draft.to)}</span>
            {edited ? (
              <Button small kind="ghost" className="ml-auto" onClick={() => setEdited(undefined)}>
                {words.redraft}
              </Button>
            ) : null}
          </div>
          {withLetter && letter ? (
            <>
              <Field
                label={words.subject}
                value={letter.subject}
                maxLength={200}
                onChange={(event) => edit({ subject: event.target.value })}
              />
              <TextAreaField
                label={words.text}
                rows={6}
                value={letter.text}
                maxLength={10_000}
                onChange={(event) => edit({ text: event.target.value })}
              />
            </>
          ) : null}
        </div>
      ) : null}
    </FormDialog>
  )
}
