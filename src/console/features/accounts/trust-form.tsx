/** A decision about trust: on what figures, for whom, why, until when; then once more in words, before it counts. */

import { type ReactNode, useState } from 'react'
import { toast } from 'sonner'
import type { TrustView } from '../../../contract/trust.ts'
import { DAY_MS } from '../../../model/retention.ts'
import { LATEST_REVIEW_DAYS, reviewProblem } from '../../../model/trust.ts'
import { problemOf, useApi } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { count, longDay } from '../../format.ts'
import { text } from '../../text.ts'
import { Cards } from '../../ui/choice.tsx'
import { Field, TextAreaField } from '../../ui/field.tsx'
import { Note } from '../../ui/note.tsx'
import { useMutationAction } from './change.ts'
import { Figures } from './figures.tsx'

const words = text.accounts.trust

/** days ahead that are offered for the next look */
const USUAL_REVIEW = 180

interface Draft {
  decision: 'on' | 'off'
  requestedBy: string
  reason: string
  /** local day, `YYYY-MM-DD` */
  review: string
  samples: 'keep' | 'destroy'
}

function localDay(ms: number): string {
  const date = new Date(ms)
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** Noon of a local day; undefined when the text is none. */
function noonOf(day: string): number | undefined {
  const ms = new Date(`${day}T12:00:00`).getTime()
  return Number.isNaN(ms) ? undefined : ms
}

function fitsCaseSearch(ms: number | undefined, now: number): ms is number {
  return ms !== undefined && reviewProblem(ms, now) === undefined
}

export interface TrustFormProps {
  trust: TrustView
  onClose: () => void
}

export function TrustForm({ trust, onClose }: TrustFormProps) {
  const { client } = useApi()
  const [now] = useState(() => Date.now())
  const [draft, setDraft] = useState<Draft>({
    decision: trust.trusted && !trust.reviewDue ? 'off' : 'on',
    requestedBy: trust.requested?.by ?? '',
    reason: '',
    review: localDay(now + USUAL_REVIEW * DAY_MS),
    samples: 'keep',
  })
  const [checking, setChecking] = useState(false)
  const { decision, requestedBy, reason } = draft
  const review = noonOf(draft.review)
  const stored = trust.criteria.samples
  const destroys = draft.samples === 'destroy' && stored > 0
  const decide = useMutationAction(
    () =>
      client.trust.decide({
        name: trust.account,
        decision,
        requestedBy: requestedBy.trim(),
        reason,
        reviewAt: decision === 'on' && review !== undefined ? new Date(review).toISOString() : undefined,
        samples: destroys ? 'destroy' : 'keep',
      }),
    ({ samplesDestroyed: gone, samplesHeld: held, receipt }) => {
      const parts = [
        receipt === null ? '' : words.doneReceipt(gone, count(gone), count(receipt)),
        held === 0 ? '' : words.stayHeld(held, count(held)),
      ]
      const description = parts.filter(Boolean).join('. ') || undefined
      toast.success(words.done[decision](trust.account), { description })
      onClose()
    },
  )
  const asked = requestedBy.trim() !== ''
  const canBeGiven = asked && fitsCaseSearch(review, now) && trust.crossed.length === 0
  const ready = reason.trim() !== '' && (decision === 'off' || canBeGiven)
  return (
    <FormDialog
      wide
      title={checking ? words.confirm.title : words.form.title(trust.account)}
      submit={checking ? submitWords(destroys, stored) : words.form.next}
      danger={checking && destroys}
      ready={ready && !decide.isPending}
      problem={decide.error ? problemOf(decide.error) : undefined}
      onSubmit={() => (checking ? decide.mutate() : setChecking(true))}
      onBack={checking ? () => setChecking(false) : undefined}
      onClose={onClose}
    >
      {checking ? (
        <Check account={trust.account} draft={draft} review={review ?? now} stored={stored} />
      ) : (
        <Fields trust={trust} draft={draft} now={now} onChange={(part) => setDraft({ ...draft, ...part })} />
      )}
    </FormDialog>
  )
}

function submitWords(destroys: boolean, stored: number): string {
  return destroys ? words.confirm.goDestroy(stored, count(stored)) : words.confirm.go
}

interface FieldsProps {
  trust: TrustView
  draft: Draft
  now: number
  onChange: (part: Partial<Draft>) => void
}

function Fields({ trust, draft, now, onChange }: FieldsProps) {
  const { trusted, criteria } = trust
  const form = words.form
  return (
    <>
      <Figures account={trust.account} criteria={criteria} thresholds={trust.thresholds} />
      {trusted || trust.requested ? (
        <Cards
          label={form.choice}
          value={draft.decision}
          onChange={(decision) => onChange({ decision })}
          options={[
            trusted
              ? { value: 'on', label: form.keepOn, help: form.keepOnHelp }
              : { value: 'on', label: form.on, help: form.onHelp },
            trusted
              ? { value: 'off', label: form.endOff, help: form.offHelp }
              : { value: 'off', label: form.decline, help: form.declineHelp },
          ]}
        />
      ) : (
        <p className="rounded-md bg-accent-soft px-3 py-2">
          <b className="font-[550]">{form.on}.</b> {form.onHelp}
        </p>
      )}
      {draft.decision === 'on' && trust.crossed.length > 0 ? (
        <Note tone="warning" title={form.crossed}>
          <ul className="text-dim">
            {trust.crossed.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </Note>
      ) : null}
      <div className="grid grid-cols-2 gap-3">
        <Field
          label={draft.decision === 'on' ? words.requestedBy : `${words.requestedBy} (${text.common.optional})`}
          help={words.requestedByHelp}
          maxLength={320}
          value={draft.requestedBy}
          onChange={(event) => onChange({ requestedBy: event.target.value })}
        />
        {draft.decision === 'on' ? (
          <Field
            label={words.reviewAt}
            type="date"
            min={localDay(now + DAY_MS)}
            max={localDay(now + LATEST_REVIEW_DAYS * DAY_MS)}
            help={words.reviewAtHelp}
            problem={fitsCaseSearch(noonOf(draft.review), now) ? undefined : words.badReview}
            value={draft.review}
            onChange={(event) => onChange({ review: event.target.value })}
          />
        ) : null}
      </div>
      <TextAreaField
        label={words.reason}
        help={words.reasonHelp}
        rows={2}
        maxLength={1000}
        value={draft.reason}
        onChange={(event) => onChange({ reason: event.target.value })}
      />
      <div className="grid gap-1">
        <div className="num font-medium text-sm">
          {form.samples} · {count(criteria.samples)}
        </div>
        {criteria.samples === 0 ? (
          <p className="text-dim">{form.noSamples}</p>
        ) : (
          <Cards
            label={form.samples}
            value={draft.samples}
            onChange={(samples) => onChange({ samples })}
            options={[
              { value: 'keep', label: form.keep, help: form.keepHelp },
              { value: 'destroy', label: form.destroy, help: form.destroyHelp },
            ]}
          />
        )}
      </div>
    </>
  )
}

interface CheckProps {
  account: string
  draft: Draft
  /** milliseconds, Unix time */
  review: number
  stored: number
}

/** The decision once more, as it will stand. */
function Check({ account, draft, review, stored }: CheckProps) {
  const { confirm } = words
  const written = count(stored)
  return (
    <>
      <ul className="grid gap-1.5 rounded-md bg-sunken px-3 py-2.5" aria-live="polite">
        <li className="font-[550]">
          {draft.decision === 'on' ? confirm.on(account, longDay(review)) : confirm.off(account)}
        </li>
        {stored === 0 ? null : draft.samples === 'destroy' ? (
          <li className="text-bad">{confirm.destroys(stored, written)}</li>
        ) : (
          <li>{confirm.keeps(stored, written)}</li>
        )}
      </ul>
      <dl className="grid grid-cols-[104px_minmax(0,1fr)] gap-x-2.5 gap-y-1 [&_dt]:text-faint">
        {draft.requestedBy.trim() ? <Said name={words.requestedBy}>{draft.requestedBy}</Said> : null}
        <Said name={words.reason}>{draft.reason}</Said>
      </dl>
    </>
  )
}

function Said({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="whitespace-pre-wrap break-words">{children}</dd>
    </>
  )
}
