/** The evidence of a case: its signals, with the records behind them; and those that could be attached. */

import { useState } from 'react'
import { toast } from 'sonner'
import type { CaseDetail } from '../../../contract/cases.ts'
import type { SignalView } from '../../../contract/signals.ts'
import { problemOf, useApi } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'
import { useEvidence, useFreeOf, useMutationAction } from './data.ts'
import { Records } from './records.tsx'
import { SignalChoice } from './signal-choice.tsx'

const words = text.review.evidence

const HEAVY = 40

export interface EvidenceProps {
  file: CaseDetail
  /** opens the form to attach more; undefined where the person may not */
  onAttach?: (() => void) | undefined
}

export function Evidence({ file, onAttach }: EvidenceProps) {
  const signals = useEvidence(file.id)
  const own = signals.data?.signals
  const free = useFreeOf(file.account).data?.signals.length ?? 0
  return (
    <section aria-label={words.title} className="mt-6">
      <div className="mb-2 flex min-h-6 items-center gap-2">
        <h3 className="section-title">{words.title}</h3>
        {onAttach && free > 0 ? (
          <Button small className="ml-auto" onClick={onAttach}>
            {words.attach(free, count(free))}
          </Button>
        ) : null}
      </div>
      {signals.isError ? (
        <ProblemNote {...problemOf(signals.error)} onRetry={() => void signals.refetch()} />
      ) : own === undefined ? (
        <SkeletonLines lines={3} />
      ) : own.length === 0 ? (
        <p className="text-dim">{words.none}</p>
      ) : (
        <ul className="grid grid-cols-[repeat(auto-fill,minmax(230px,1fr))] gap-2">
          {own.map((signal) => (
            <Signal key={signal.id} signal={signal} />
          ))}
        </ul>
      )}
      {signals.data && signals.data.next !== null ? <p className="mt-1 text-faint text-sm">{words.cut}</p> : null}
    </section>
  )
}

function Signal({ signal }: { signal: SignalView }) {
  const { kind, weight, summary, at, times, source } = signal
  return (
    <li className="grid content-start gap-0.5 rounded-lg border border-line bg-panel px-3 py-2.5">
      <div className="flex items-baseline gap-2">
        <span className={classes('font-[550]', weight >= HEAVY ? 'text-bad' : 'text-wait')}>{words.signal[kind]}</span>
        {times > 1 ? <span className="num text-faint text-sm">{words.times(count(times))}</span> : null}
        <span className="num ml-auto text-faint text-sm">{words.weight(count(weight))}</span>
      </div>
      <p className="text-dim select-text">{summary}</p>
      <p className="text-faint text-sm">
        <Time at={at} /> · {words.source(source)}
      </p>
      <Records messages={signal.messages} />
    </li>
  )
}

export function AttachSignals({ file, onClose }: { file: CaseDetail; onClose: () => void }) {
  const { client } = useApi()
  const signals = useFreeOf(file.account)
  const [left, setLeft] = useState<ReadonlySet<number>>(new Set())
  const free = signals.data?.signals ?? []
  const chosen = free.filter(({ id }) => !left.has(id)).slice(0, 500)
  const attach = useMutationAction(
    () => client.cases.addSignals({ id: file.id, signals: chosen.map(({ id }) => id) }),
    () => {
      toast.success(words.attached(chosen.length, count(chosen.length)))
      onClose()
    },
  )
  return (
    <FormDialog
      title={words.attachTitle}
      description={words.attachHelp}
      submit={words.attachGo(chosen.length, count(chosen.length))}
      wide
      ready={chosen.length > 0 && !attach.isPending}
      problem={attach.error ? problemOf(attach.error) : undefined}
      onSubmit={() => attach.mutate(undefined)}
      onClose={onClose}
    >
      <SignalChoice label={words.title} signals={free} left={left} onChange={setLeft} />
    </FormDialog>
  )
}
