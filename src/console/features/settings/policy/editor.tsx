/** Writes a change: the text with what differs so far, who is responsible, and how long things are kept. */

import { useMutation, useQuery } from '@tanstack/react-query'
import { useBlocker } from '@tanstack/react-router'
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { toast } from 'sonner'
import type { PolicyContent, PolicyVersionView } from '../../../../contract/policy.ts'
import { policyDiff } from '../../../../model/privacyPolicy.ts'
import { problemOf, useApi } from '../../../api.ts'
import { count } from '../../../format.ts'
import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'
import { Segments } from '../../../ui/choice.tsx'
import { ConfirmDialog } from '../../../ui/confirm.tsx'
import { Field, inputClass } from '../../../ui/field.tsx'
import { ProblemNote } from '../../../ui/state.tsx'
import { Card } from '../section.tsx'
import { useGo, useRefreshedPolicy } from './data.ts'
import { Diff } from './diff.tsx'
import { Back } from './version.tsx'

const words = text.settings.versions.editor

const MOST_DAYS = 70
const MOST_TEXT = 60_000
const PAUSE_MS = 250

function daysOf(written: string): number | undefined {
  const days = /^\d{1,2}$/.test(written.trim()) ? Number(written) : 0
  return days >= 1 && days <= MOST_DAYS ? days : undefined
}

export interface EditorProps {
  /** the draft that is edited; a new change when left out */
  draft?: PolicyVersionView | undefined
  /** what is in force: a new change begins with it */
  current: PolicyVersionView
  /** days a new change begins with */
  days?: number | undefined
}

export function Editor({ draft, current, days }: EditorProps) {
  const { client } = useApi()
  const go = useGo()
  const refreshed = useRefreshedPolicy()
  const first = draft ?? current
  const [body, setBody] = useState(first.text)
  const [owner, setOwner] = useState(first.owner)
  const [written, setWritten] = useState(String(draft?.keepDays ?? days ?? current.keepDays))
  const [reason, setReason] = useState(draft?.reason ?? '')
  const [shown, setShown] = useState<'text' | 'changes'>('text')
  const keepDays = daysOf(written)
  const content: PolicyContent | undefined =
    keepDays === undefined ? undefined : { text: body.trim(), owner: owner.trim(), keepDays }
  const differs = body.trim() !== current.text || owner.trim() !== current.owner || keepDays !== current.keepDays
  const touched =
    body !== first.text ||
    owner !== first.owner ||
    written !== String(draft?.keepDays ?? days ?? current.keepDays) ||
    reason !== (draft?.reason ?? '')
  const leaving = useRef(false)
  const save = useMutation({
    mutationFn: (next: PolicyContent) =>
      draft
        ? client.policy.revise({ ...next, version: draft.version, reason: reason.trim() })
        : client.policy.prepare({ ...next, reason: reason.trim() }),
    onSuccess: async ({ version }) => {
      await refreshed()
      toast.success(words.saved(count(version)))
      leaving.current = true
      go({ version }, true)
    },
  })
  const leave = useBlocker({
    shouldBlockFn: () => touched && !leaving.current,
    enableBeforeUnload: () => touched && !leaving.current,
    withResolver: true,
  })
  const isReady =
    content !== undefined && content.text !== '' && content.owner !== '' && reason.trim() !== '' && differs
  return (
    <>
      <Back />
      <h2 className="num font-semibold text-lg tracking-[-0.01em]">
        {draft ? words.title(count(draft.version)) : words.newTitle}
      </h2>
      <p className="mb-3 text-dim">{words.help}</p>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (isReady && !save.isPending) save.mutate(content)
        }}
      >
        <div>
          <div className="mb-1.5 flex items-end justify-between gap-3">
            <div>
              <div className="font-medium text-sm">{words.textLabel}</div>
              <div className="text-faint text-sm">{words.textHelp}</div>
            </div>
            <Segments
              label={words.view}
              value={shown}
              onChange={setShown}
              options={[
                { value: 'text', label: words.text },
                { value: 'changes', label: words.changes },
              ]}
            />
          </div>
          {shown === 'text' ? (
            <textarea
              aria-label={words.textLabel}
              value={body}
              maxLength={MOST_TEXT}
              rows={17}
              onChange={(event) => setBody(event.target.value)}
              className={`${inputClass} h-auto resize-y py-2 leading-[21px]`}
            />
          ) : (
            <SoFar before={current} after={{ text: body, owner, keepDays: keepDays ?? current.keepDays }} />
          )}
        </div>
        <div className="grid grid-cols-[minmax(0,1fr)_150px] gap-3">
          <Field
            label={words.owner}
            help={words.ownerHelp}
            value={owner}
            maxLength={400}
            required
            onChange={(event) => setOwner(event.target.value)}
          />
          <Field
            label={words.days}
            inputMode="numeric"
            value={written}
            help={words.daysHelp}
            problem={keepDays === undefined ? words.badDays : undefined}
            onChange={(event) => setWritten(event.target.value)}
          />
        </div>
        <Would days={keepDays} current={current.keepDays} />
        <Field
          label={words.reason}
          help={words.reasonHelp}
          value={reason}
          maxLength={1000}
          required
          onChange={(event) => setReason(event.target.value)}
        />
        {save.error ? <ProblemNote {...problemOf(save.error)} /> : null}
        <div className="flex items-center gap-2">
          <Button type="submit" kind="primary" disabled={!isReady || save.isPending}>
            {words.save}
          </Button>
          <Button onClick={() => go(draft ? { version: draft.version } : {})}>{text.common.cancel}</Button>
          {differs ? null : <span className="ml-1 text-faint">{words.nothing}</span>}
        </div>
      </form>
      <ConfirmDialog
        open={leave.status === 'blocked'}
        title={words.leaveTitle}
        help={words.leaveHelp}
        confirm={words.leave}
        busy={false}
        onConfirm={() => leave.proceed?.()}
        onClose={() => leave.reset?.()}
      />
    </>
  )
}

/** What differs from the version in force, as written so far. */
function SoFar({ before, after }: { before: PolicyContent; after: PolicyContent }) {
  const body = useDeferredValue(after.text)
  const { owner, keepDays } = after
  const diff = useMemo(() => policyDiff(before, { text: body, owner, keepDays }), [before, body, owner, keepDays])
  return (
    <Card>
      <Diff diff={diff} label={words.changes} className="max-h-[420px]" />
    </Card>
  )
}

/** What other days would mean, counted by the relay. */
function Would({ days, current }: { days: number | undefined; current: number }) {
  const { queries } = useApi()
  const [asked, setAsked] = useState(days)
  useEffect(() => {
    const timer = setTimeout(() => setAsked(days), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [days])
  const shorter = asked !== undefined && asked < current
  const plan = useQuery(
    queries.retention.plan.queryOptions({ input: { days: asked ?? current }, enabled: shorter, staleTime: 5000 }),
  )
  if (asked === undefined || asked === current) return null
  const { headerRecords, sealedSamples } = text.retention
  const said = (): string => {
    if (!shorter) return words.longer
    if (!plan.data) return plan.isError ? problemOf(plan.error).what : words.counting
    const { headers, samples } = plan.data
    if (headers + samples === 0) return words.wouldNothing
    return words.would(headerRecords(headers, count(headers)), sealedSamples(samples, count(samples)))
  }
  return (
    <p className="num -mt-1 rounded-md bg-sunken px-3 py-2 text-dim" aria-live="polite">
      {said()}
    </p>
  )
}
