/** The policy of review: who agrees before a sample opens, for how long, and the reasons a case may have. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useState } from 'react'
import { toast } from 'sonner'
import type { CaseReason } from '../../../contract/cases.ts'
import type { CaseSettings } from '../../../contract/openings.ts'
import { problemOf, useApi, useUser } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Field, inputClass, SelectField, TextAreaField } from '../../ui/field.tsx'
import { ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { Card, Row, SectionHead } from './section.tsx'

const words = text.review.settings

export function Review() {
  return (
    <>
      <SectionHead title={words.title} help={words.help} />
      <Policy />
      <Reasons />
    </>
  )
}

function Policy() {
  const { queries } = useApi()
  const mayChange = useUser().role === 'admin'
  const [changing, setChanging] = useState(false)
  const policy = useQuery(queries.openings.policy.queryOptions())
  const present = policy.data
  return (
    <section aria-label={words.policy}>
      <Head title={words.policy} onChange={mayChange && present ? () => setChanging(true) : undefined} />
      {policy.isError ? (
        <ProblemNote {...problemOf(policy.error)} onRetry={() => void policy.refetch()} />
      ) : present === undefined ? (
        <SkeletonLines lines={5} />
      ) : (
        <Card>
          <Row label={words.second} help={words.secondHelp}>
            {words.secondOf[present.secondPerson]}
          </Row>
          <Row label={words.delay} help={words.delayHelp}>
            <span className="num">{words.hours(present.delayHours, count(present.delayHours))}</span>
          </Row>
          <Row label={words.approval}>
            <span className="num">{words.hours(present.approvalHours, count(present.approvalHours))}</span>
          </Row>
          <Row label={words.view}>
            <span className="num">{words.minutes(present.viewMinutes, count(present.viewMinutes))}</span>
          </Row>
          <Row label={words.threshold} help={words.thresholdHelp}>
            <span className="num">{count(present.threshold)}</span>
          </Row>
          <Row label={words.brake} help={words.automaticHoldHelp}>
            <span className="num">{present.brake === 0 ? words.automaticHoldOff : count(present.brake)}</span>
          </Row>
        </Card>
      )}
      {changing && present ? <PolicyForm present={present} onClose={() => setChanging(false)} /> : null}
    </section>
  )
}

interface HeadProps {
  title: string
  help?: string
  onChange: (() => void) | undefined
}

function Head({ title, help, onChange }: HeadProps) {
  return (
    <div className="mt-6 mb-2 flex items-end justify-between gap-4">
      <div>
        <h3 className="section-title">{title}</h3>
        {help ? <p className="text-dim">{help}</p> : null}
      </div>
      {onChange ? (
        <Button aria-label={`${words.change} ${title}`} onClick={onChange}>
          {words.change}
        </Button>
      ) : null}
    </div>
  )
}

type Figure = Exclude<keyof CaseSettings, 'secondPerson'>

interface Limits {
  label: string
  help?: string
  unit?: string
  least: number
  most: number
}

const figures: Record<Figure, Limits> = {
  delayHours: { label: words.delay, help: words.delayHelp, unit: words.hoursUnit, least: 1, most: 168 },
  approvalHours: { label: words.approval, unit: words.hoursUnit, least: 1, most: 168 },
  viewMinutes: { label: words.view, unit: words.minutesUnit, least: 1, most: 60 },
  threshold: { label: words.threshold, help: words.thresholdHelp, least: 0, most: 100 },
  brake: { label: words.brake, help: words.automaticHoldHelp, least: 0, most: 10_000 },
}
const names = Object.keys(figures) as Figure[]

function wholeOf(written: string, { least, most }: Limits): number | undefined {
  const value = /^\d{1,6}$/.test(written.trim()) ? Number(written) : Number.NaN
  return value >= least && value <= most ? value : undefined
}

function PolicyForm({ present, onClose }: { present: CaseSettings; onClose: () => void }) {
  const { client, queries } = useApi()
  const cache = useQueryClient()
  const [secondPerson, setSecondPerson] = useState(present.secondPerson)
  const [written, setWritten] = useState(
    () => Object.fromEntries(names.map((name) => [name, String(present[name])])) as Record<Figure, string>,
  )
  const [reason, setReason] = useState('')
  const values = names.map((name) => [name, wholeOf(written[name], figures[name])] as const)
  const isWhole = values.every(([, value]) => value !== undefined)
  const set = useMutation({
    mutationFn: () =>
      client.openings.setPolicy({ ...present, ...Object.fromEntries(values), secondPerson, reason: reason.trim() }),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: queries.openings.key() })
      await cache.invalidateQueries({ queryKey: queries.cases.key() })
      toast.success(words.saved)
      onClose()
    },
  })
  return (
    <FormDialog
      title={words.formTitle}
      submit={words.save}
      wide
      ready={isWhole && reason.trim() !== '' && !set.isPending}
      problem={set.error ? problemOf(set.error) : undefined}
      onSubmit={() => set.mutate()}
      onClose={onClose}
    >
      <div className="grid grid-cols-2 gap-3">
        <SelectField
          label={words.second}
          value={secondPerson}
          options={(['auto', 'always'] as const).map((value) => ({ value, label: words.secondOf[value] }))}
          onChange={(event) => setSecondPerson(event.target.value === 'always' ? 'always' : 'auto')}
        />
        {names.map((name) => {
          const limits = figures[name]
          return (
            <Field
              key={name}
              label={limits.label}
              help={limits.help}
              inputMode="numeric"
              value={written[name]}
              problem={
                wholeOf(written[name], limits) === undefined
                  ? words.bad(count(limits.least), count(limits.most))
                  : undefined
              }
              end={limits.unit ? <span className="text-faint">{limits.unit}</span> : undefined}
              onChange={(event) => setWritten({ ...written, [name]: event.target.value })}
            />
          )
        })}
      </div>
      <TextAreaField
        label={words.reason}
        help={words.reasonHelp}
        rows={2}
        maxLength={1000}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </FormDialog>
  )
}

function Reasons() {
  const { queries } = useApi()
  const mayChange = useUser().role === 'admin'
  const [changing, setChanging] = useState(false)
  const reasons = useQuery(queries.cases.reasons.queryOptions())
  return (
    <section aria-label={words.reasons}>
      <Head
        title={words.reasons}
        help={words.reasonsHelp}
        onChange={mayChange && reasons.data ? () => setChanging(true) : undefined}
      />
      {reasons.isError ? (
        <ProblemNote {...problemOf(reasons.error)} onRetry={() => void reasons.refetch()} />
      ) : reasons.data === undefined ? (
        <SkeletonLines lines={4} />
      ) : (
        <Card>
          {reasons.data.map(({ code, text: sentence }) => (
            <Row key={code} label={code}>
              {sentence}
            </Row>
          ))}
        </Card>
      )}
      {changing && reasons.data ? <ReasonsForm present={reasons.data} onClose={() => setChanging(false)} /> : null}
    </section>
  )
}

interface Line extends CaseReason {
  /** tells lines apart while they are written */
  key: number
}

function ReasonsForm({ present, onClose }: { present: readonly CaseReason[]; onClose: () => void }) {
  const { client, queries } = useApi()
  const cache = useQueryClient()
  const [lines, setLines] = useState<Line[]>(() => present.map((each, key) => ({ ...each, key })))
  const [reason, setReason] = useState('')
  const isWhole = lines.length > 0 && lines.every(({ code, text: sentence }) => code !== '' && sentence.trim() !== '')
  const set = useMutation({
    mutationFn: () =>
      client.cases.setReasons({
        reasons: lines.map(({ code, text: sentence }) => ({ code, text: sentence.trim() })),
        reason: reason.trim(),
      }),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: queries.cases.key() })
      toast.success(words.savedReasons)
      onClose()
    },
  })
  const change = (key: number, part: Partial<CaseReason>): void =>
    setLines(lines.map((line) => (line.key === key ? { ...line, ...part } : line)))
  const add = (): void => {
    const key = 1 + Math.max(-1, ...lines.map((line) => line.key))
    setLines([...lines, { key, code: '', text: '' }])
  }
  return (
    <FormDialog
      title={words.reasonsTitle}
      description={words.reasonsHelp}
      submit={words.saveReasons}
      wide
      ready={isWhole && reason.trim() !== '' && !set.isPending}
      problem={set.error ? problemOf(set.error) : undefined}
      onSubmit={() => set.mutate()}
      onClose={onClose}
    >
      <div className="grid max-h-72 gap-1.5 overflow-y-auto p-0.5">
        <div className="grid grid-cols-[140px_minmax(0,1fr)_26px] gap-2 text-faint text-sm">
          <span title={words.codeHelp}>{words.code}</span>
          <span>{words.sentence}</span>
        </div>
        {lines.map(({ key, code, text: sentence }, at) => (
          <div key={key} className="grid grid-cols-[140px_minmax(0,1fr)_26px] items-center gap-2">
            <input
              aria-label={words.codeOf(at + 1)}
              value={code}
              maxLength={40}
              onChange={(event) =>
                change(key, { code: event.target.value.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-') })
              }
              className={`${inputClass} mono`}
            />
            <input
              aria-label={words.sentenceOf(at + 1)}
              value={sentence}
              maxLength={400}
              onChange={(event) => change(key, { text: event.target.value })}
              className={inputClass}
            />
            <IconButton
              label={words.removeOf(at + 1)}
              onClick={() => setLines(lines.filter((line) => line.key !== key))}
            >
              <X size={14} />
            </IconButton>
          </div>
        ))}
      </div>
      <div>
        <Button small onClick={add}>
          {words.add}
        </Button>
      </div>
      <TextAreaField
        label={words.reason}
        help={words.reasonHelp}
        rows={2}
        maxLength={1000}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </FormDialog>
  )
}
