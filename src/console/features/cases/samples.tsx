/** The sealed samples of the account: when, how large, to which domains, how they scored. Never their content. */

import { FileLock2 } from 'lucide-react'
import { useCallback, useMemo, useState } from 'react'
import type { CaseDetail, CaseSample } from '../../../contract/cases.ts'
import { useUser } from '../../api.ts'
import { useMayWork } from '../../components/desk.ts'
import { count, shortTime, size, utcTime } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { type GridColumn, useColumns } from '../../ui/grid/columns.ts'
import { Grid, type GridRows, ROW_HEIGHT } from '../../ui/grid/grid.tsx'
import { useNow } from '../../ui/time.tsx'
import { Score } from './marks.tsx'
import { type Step, stepOf } from './step.ts'

const words = text.review.samples

/** rows in view; the rest is scrolled to */
const ROWS = 9
const HEADER_HEIGHT = 30

function idOf(row: CaseSample): string {
  return row.id
}

/** Takes the next step of a sample: asks, approves, opens, takes back. */
export type OnStep = (sample: CaseSample, step: Step) => void

function columnsFor(
  email: string,
  mayWork: boolean,
  now: number,
  onStep: OnStep,
  onRevoke: (sample: CaseSample) => void,
): readonly GridColumn<CaseSample>[] {
  return [
    {
      id: 'score',
      header: words.column.score,
      size: 64,
      render: ({ score, flagged }) => <Score score={score} flagged={flagged} />,
    },
    {
      id: 'accepted',
      header: words.column.accepted,
      size: 124,
      render: ({ acceptedAt }) => (
        <time dateTime={acceptedAt} title={utcTime(acceptedAt)} className="num">
          {shortTime(acceptedAt, now)}
        </time>
      ),
    },
    { id: 'size', header: words.column.size, size: 72, align: 'end', render: (row) => size(row.size) },
    {
      id: 'to',
      header: words.column.to,
      size: 130,
      grow: 1,
      render: ({ domains, held }) => (
        <span title={domains.join('\n')}>
          <span className="mono">{domains[0] ?? text.common.dash}</span>
          {domains.length > 1 ? (
            <span className="text-faint"> {text.messages.andMore(count(domains.length - 1))}</span>
          ) : null}
          {held ? <Mark tone="bg-held-s text-held">{words.held}</Mark> : null}
        </span>
      ),
    },
    {
      id: 'place',
      header: words.column.place,
      size: 104,
      align: 'end',
      yields: 1,
      render: ({ block, position }) => `${count(block)} · ${String(position).padStart(3, '0')}`,
    },
    {
      id: 'next',
      header: words.column.next,
      size: 228,
      render: (sample) => (
        <Next sample={sample} step={stepOf(sample, email, mayWork, now)} {...{ onStep, onRevoke, email }} />
      ),
    },
  ]
}

function Mark({ tone, title, children }: { tone: string; title?: string; children: string }) {
  return (
    <span title={title} className={`ml-1.5 rounded-sm px-1 text-xs ${tone}`}>
      {children}
    </span>
  )
}

interface NextProps {
  sample: CaseSample
  step: Step
  email: string
  onStep: OnStep
  onRevoke: (sample: CaseSample) => void
}

/** The button that says what comes next, or what it waits for. */
function Next({ sample, step, email, onStep, onRevoke }: NextProps) {
  const { opening } = sample
  const isMine = opening !== null && (opening.requestedBy === email || opening.approvedBy === email)
  const isPending = opening?.state === 'requested' || opening?.state === 'approved'
  return (
    <span className="flex items-center gap-1">
      <span title={step.why}>
        <Button
          small
          kind={step.kind === 'open' || step.kind === 'approve' ? 'primary' : 'plain'}
          disabled={step.kind === 'wait'}
          onClick={(event) => {
            event.stopPropagation()
            onStep(sample, step)
          }}
        >
          {step.label}
        </Button>
      </span>
      {opening?.state === 'used' ? (
        <Mark tone="bg-info-s text-info" title={words.openedHelp(opening.requestedBy)}>
          {words.opened}
        </Mark>
      ) : null}
      {isMine && isPending ? (
        <Button
          small
          kind="ghost"
          onClick={(event) => {
            event.stopPropagation()
            onRevoke(sample)
          }}
        >
          {text.review.step.revoke}
        </Button>
      ) : null}
    </span>
  )
}

export interface CaseSamplesProps {
  file: CaseDetail
  onStep: OnStep
  onRevoke: (sample: CaseSample) => void
}

export function CaseSamples({ file, onStep, onRevoke }: CaseSamplesProps) {
  const { email } = useUser()
  const mayWork = useMayWork()
  const now = useNow()
  const [current, setCurrent] = useState<string>()
  const { samples } = file
  const definitions = useMemo(
    () => columnsFor(email, mayWork, now, onStep, onRevoke),
    [email, mayWork, now, onStep, onRevoke],
  )
  const columns = useColumns('case-samples', definitions)
  const rows = useMemo<GridRows<CaseSample>>(() => {
    const places = new Map(samples.map(({ id }, at) => [id, at]))
    return { count: samples.length, ended: true, row: (at) => samples[at], indexOf: (id) => places.get(id) }
  }, [samples])
  const act = useCallback(
    (id: string, sample: CaseSample): void => {
      setCurrent(id)
      const step = stepOf(sample, email, mayWork, Date.now())
      if (step.kind !== 'wait') onStep(sample, step)
    },
    [email, mayWork, onStep],
  )
  const flagged = samples.filter((sample) => sample.flagged).length
  return (
    <section aria-label={words.title} className="mt-6">
      <div className="mb-1 flex min-h-6 items-baseline gap-2">
        <h3 className="section-title">{words.title}</h3>
        <span className="num text-faint text-sm">
          {words.count(samples.length, count(samples.length))}
          {flagged > 0 ? ` · ${words.flagged(count(flagged))}` : null}
        </span>
      </div>
      <p className="mb-2 flex items-start gap-2 text-dim">
        <FileLock2 size={14} className="mt-0.5 shrink-0 text-accent" aria-hidden />
        {samples.length === 0 ? `${words.none}. ${words.noneHelp}` : words.help}
      </p>
      {samples.length === 0 ? null : (
        <div
          className="flex overflow-hidden rounded-lg border border-line"
          style={{ height: HEADER_HEIGHT + ROW_HEIGHT * Math.min(ROWS, samples.length) + 2 }}
        >
          <Grid
            label={words.list}
            columns={columns}
            rows={rows}
            version={samples.length}
            keyOf={idOf}
            current={current}
            onCurrent={setCurrent}
            onOpen={act}
            onRange={everythingIsHere}
          />
        </div>
      )}
    </section>
  )
}

/** All samples of a case come with it. */
function everythingIsHere(): void {}
