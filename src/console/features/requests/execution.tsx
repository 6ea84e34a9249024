/** Carrying out: how far it is, what went, what has to wait, the receipts, and the package where there is one. */

import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { RequestDetail } from '../../../contract/requests.ts'
import { handedOver } from '../../../model/request.ts'
import { Progress } from '../../components/progress.tsx'
import { count, duration } from '../../format.ts'
import { text } from '../../text.ts'
import { Note } from '../../ui/note.tsx'
import { Letters } from './letters.tsx'
import { DataExports } from './packages.tsx'
import { Sentence, StageView } from './stage.tsx'
import type { StageProps } from './stage-props.ts'
import { inTheWay, leftOut } from './stages.tsx'
import { StepButton } from './step-button.tsx'

const words = text.requests.execute
const FIRST = 8

export function ExecutionStage({ request, mark, orders }: StageProps) {
  const { execution, receipts, letters } = request
  const isRunning = mark === 'running'
  return (
    <StageView
      name={text.requests.path.stage.execution}
      mark={mark}
      evidence={execution?.state === 'done' ? <Took execution={execution} /> : leftOut(request, mark)}
      actions={
        mark === 'done' || isRunning || mark === 'skipped' ? undefined : (
          <StepButton request={request} step="execute" name="d" onClick={() => orders.ask({ kind: 'execute' })}>
            {words.go}
          </StepButton>
        )
      }
    >
      {execution === null && mark !== 'skipped' ? (
        <Sentence>{inTheWay(request, 'execute', mark, text.requests.path.later.execution)}</Sentence>
      ) : null}
      {isRunning ? (
        <Progress
          words={
            execution && execution.total > 0
              ? words.running(count(execution.done), count(execution.total))
              : words.started
          }
          share={execution && execution.total > 0 ? Math.min(1, execution.done / execution.total) : undefined}
          {...(execution ? { since: Date.parse(execution.startedAt) } : {})}
        />
      ) : null}
      {execution?.problem ? (
        <Note tone="warning" className="mt-1.5" title={words.failed}>
          {execution.problem}
        </Note>
      ) : null}
      {execution ? <Done request={request} execution={execution} /> : null}
      <Letters letters={letters.filter(({ kind }) => kind === 'change of contact')} />
      <Receipts receipts={receipts} />
      <DataExports request={request} orders={orders} />
    </StageView>
  )
}

type Execution = NonNullable<RequestDetail['execution']>

function Took({ execution }: { execution: Execution }) {
  const seconds =
    execution.endedAt === null ? 0 : (Date.parse(execution.endedAt) - Date.parse(execution.startedAt)) / 1000
  return seconds >= 1 ? <span className="text-faint">{words.took(duration(seconds))}</span> : null
}

function Done({ request, execution }: { request: RequestDetail; execution: Execution }) {
  const { headers, redacted, samples, rows } = execution.destroyed
  const lines = [
    ...(headers > 0 ? [words.headers(headers, count(headers))] : []),
    ...(redacted > 0 ? [words.redacted(redacted, count(redacted))] : []),
    ...(samples > 0 ? [words.samples(samples, count(samples))] : []),
    ...(rows > 0 ? [words.rows(rows, count(rows))] : []),
  ]
  const destroys = request.kind === 'deletion'
  return (
    <>
      {lines.length > 0 ? (
        <ul className="num mt-1 list-disc pl-4">
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      ) : destroys && execution.state === 'done' && !handedOver.includes(request.kind) ? (
        <Sentence>{words.nothing}</Sentence>
      ) : null}
      {execution.waiting.length > 0 ? (
        <div className="mt-2">
          <div className="font-[550] text-wait">{words.waiting}</div>
          <ul aria-label={words.waiting}>
            {execution.waiting
              .filter(({ excepted }) => excepted > 0)
              .map(({ place, excepted, why }) => (
                <li key={place} className="num">
                  <b className="font-[550]">{count(excepted)}</b> {place} <span className="text-dim">({why})</span>
                </li>
              ))}
          </ul>
        </div>
      ) : null}
    </>
  )
}

function Receipts({ receipts }: { receipts: readonly number[] }) {
  const [all, setAll] = useState(false)
  if (receipts.length === 0) return null
  const shown = all ? receipts : receipts.slice(0, FIRST)
  return (
    <p className="num mt-2 flex flex-wrap items-baseline gap-x-3">
      <span className="text-faint">{words.receipts}</span>
      {shown.map((id) => (
        <Link
          key={id}
          to="/retention/{-$view}/{-$id}"
          params={{ view: 'receipts', id: String(id) }}
          search={{}}
          className="text-accent hover:underline"
        >
          {words.receipt(count(id))}
        </Link>
      ))}
      {shown.length < receipts.length ? (
        <button type="button" onClick={() => setAll(true)} className="text-accent hover:underline">
          {words.moreReceipts(count(receipts.length - shown.length))}
        </button>
      ) : null}
    </p>
  )
}
