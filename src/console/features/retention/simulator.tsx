/** "If it were N days": what would go at once, shown in the strip too; an admin may then set it, with a reason. */

import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useId, useMemo, useRef, useState } from 'react'
import { toast } from 'sonner'
import type { RetentionPlan } from '../../../contract/retention.ts'
import { type Problem, problemOf, useApi, useUser } from '../../api.ts'
import { daysInText, headersInText, samplesInText } from '../../components/kept/words.ts'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { size } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { inputClass } from '../../ui/field.tsx'
import { Note } from '../../ui/note.tsx'
import { useRefreshed } from './fresh.ts'

const words = text.retention.simulate

/** The longest the promise allows. */
const MOST_DAYS = 70
/** a slider moves on while one looks at it */
const PAUSE_MS = 120

export interface Simulation {
  wanted: number
  set: (days: number) => void
  /** what a run would destroy if the policy were so; undefined while it is as it is, or not known yet */
  plan: RetentionPlan | undefined
  /** the days of the plan */
  days: ReadonlySet<string> | undefined
  problem: Problem | undefined
}

/**
 * @param policyDays what the policy says now
 * @param first what is asked first, in place of that
 */
export function useSimulation(policyDays: number, first = policyDays): Simulation {
  const { queries } = useApi()
  const [wanted, set] = useState(first)
  const [asked, setAsked] = useState(first)
  const policy = useRef(policyDays)
  useEffect(() => {
    const timer = setTimeout(() => setAsked(wanted), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [wanted])
  useEffect(() => {
    if (policy.current === policyDays) return
    policy.current = policyDays
    set(policyDays)
  }, [policyDays])
  const differs = wanted < policyDays
  const query = useQuery(
    queries.retention.plan.queryOptions({
      input: { days: asked },
      enabled: differs && asked < policyDays,
      placeholderData: keepPreviousData,
      staleTime: 5000,
    }),
  )
  const plan = differs ? query.data : undefined
  const days = useMemo(() => plan && new Set(plan.days.map(({ day }) => day)), [plan])
  return { wanted, set, plan, days, problem: query.error ? problemOf(query.error) : undefined }
}

export interface SimulatorProps {
  simulation: Simulation
  policyDays: number
}

export function Simulator({ simulation, policyDays }: SimulatorProps) {
  const { role } = useUser()
  const id = useId()
  const [setting, setSetting] = useState(false)
  const { wanted, set } = simulation
  const choose = (written: string): void => {
    const days = Math.round(Number(written))
    if (written !== '' && days >= 1 && days <= MOST_DAYS) set(days)
  }
  return (
    <section aria-labelledby={id} className="rounded-lg border border-line bg-panel px-4 py-3">
      <h2 id={id} className="section-title">
        {words.title}
      </h2>
      <div className="mt-2 flex items-center gap-3">
        <input
          type="range"
          min={1}
          max={MOST_DAYS}
          value={wanted}
          aria-label={words.slider}
          aria-valuetext={daysInText(wanted)}
          onChange={(event) => choose(event.target.value)}
          className="h-[30px] min-w-40 flex-1 accent-accent"
        />
        <input
          type="number"
          min={1}
          max={MOST_DAYS}
          value={wanted}
          aria-label={words.number}
          onChange={(event) => choose(event.target.value)}
          className={`${inputClass} num w-[68px]! text-right`}
        />
        <span className="text-dim">{words.unit}</span>
        {role === 'admin' ? (
          <Button disabled={wanted === policyDays} onClick={() => setSetting(true)}>
            {words.set(daysInText(wanted))}
          </Button>
        ) : null}
      </div>
      <div className="num mt-1.5 flex min-h-[19px] gap-4 text-dim">
        <p aria-live="polite">{wouldInText(simulation, policyDays)}</p>
        {role === 'admin' && wanted !== policyDays ? (
          <Link
            to="/settings/{-$section}"
            params={{ section: 'policy' }}
            search={{ ask: 'change', days: wanted }}
            className="ml-auto shrink-0 text-accent hover:underline"
          >
            {words.prepare}
          </Link>
        ) : null}
      </div>
      {setting ? <SetDays simulation={simulation} from={policyDays} onClose={() => setSetting(false)} /> : null}
    </section>
  )
}

function wouldInText({ wanted, plan, problem }: Simulation, policyDays: number): string {
  if (wanted === policyDays) return words.asIs(daysInText(policyDays))
  if (wanted > policyDays) return words.longer
  if (problem) return problem.what
  if (!plan) return text.retention.run.counting
  if (plan.headers + plan.samples === 0) return words.nothing
  const { days, headers, samples, bytes } = plan
  return words.would(daysInText(days.length), headersInText(headers), samplesInText(samples), size(bytes))
}

interface SetDaysProps {
  simulation: Simulation
  from: number
  onClose: () => void
}

function SetDays({ simulation: { wanted, plan }, from, onClose }: SetDaysProps) {
  const { client } = useApi()
  const refreshed = useRefreshed()
  const change = useMutation({
    mutationFn: (reason: string) => client.retention.setDays({ days: wanted, reason }),
    onSuccess: async ({ days }) => {
      await refreshed()
      toast.success(words.done(daysInText(days)))
      onClose()
    },
  })
  const shorter = wanted < from
  return (
    <ReasonDialog
      title={words.setTitle(daysInText(wanted))}
      help={words.setHelp(daysInText(from), daysInText(wanted))}
      reasonHelp={text.retention.reasonHelp}
      confirm={words.go}
      danger={shorter}
      ready={!shorter || plan !== undefined}
      busy={change.isPending}
      error={change.error}
      onConfirm={(reason) => change.mutate(reason)}
      onClose={onClose}
    >
      {shorter ? (
        <Note tone="warning">
          <p className="num">
            {plan && plan.headers + plan.samples > 0
              ? `${words.goesAtOnce(headersInText(plan.headers), samplesInText(plan.samples))} `
              : ''}
            {words.warning}
          </p>
        </Note>
      ) : (
        <p>{words.longer}</p>
      )}
    </ReasonDialog>
  )
}
