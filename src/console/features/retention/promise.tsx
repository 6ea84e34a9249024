/** The promise: alarms first, then the days that are kept, each policy sentence with its check, and what if. */

import { Link, useSearch } from '@tanstack/react-router'
import { CalendarClock } from 'lucide-react'
import { useState } from 'react'
import type { RetentionOverview } from '../../../contract/retention.ts'
import { problemOf, useUser } from '../../api.ts'
import { Strip, StripLegend } from '../../components/kept/strip.tsx'
import { nextToGo } from '../../components/kept/strip-days.ts'
import { daysInText, headersInText, samplesInText } from '../../components/kept/words.ts'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { Segments } from '../../ui/choice.tsx'
import { ScrollRegion } from '../../ui/scroll.tsx'
import { Empty, ProblemNote } from '../../ui/state.tsx'
import { Alarms } from './alarms.tsx'
import { Checks } from './checks.tsx'
import { ClockQuestion } from './clock.tsx'
import { useOverview } from './fresh.ts'
import { Simulator, useSimulation } from './simulator.tsx'

const words = text.retention

export function Promised() {
  const overview = useOverview()
  return (
    <ScrollRegion label={words.promise} className="min-h-0 flex-1 overflow-y-auto px-6 py-5">
      <div className="mx-auto grid max-w-[1240px] gap-5">
        {overview.data ? (
          <Loaded overview={overview.data} onCheck={() => void overview.refetch()} checking={overview.isFetching} />
        ) : overview.isError ? (
          <ProblemNote
            what={problemOf(overview.error).what || words.failed}
            change={problemOf(overview.error).change}
            onRetry={() => void overview.refetch()}
          />
        ) : (
          <Skeleton />
        )}
      </div>
    </ScrollRegion>
  )
}

interface LoadedProps {
  overview: RetentionOverview
  onCheck: () => void
  checking: boolean
}

function Loaded({ overview, onCheck, checking }: LoadedProps) {
  const { days } = useSearch({ from: '/retention/{-$view}/{-$id}' })
  const simulation = useSimulation(overview.policy.days, days)
  const [asTable, setAsTable] = useState(false)
  return (
    <>
      <Alarms alarms={overview.alarms} />
      {overview.clock ? <ClockQuestion question={overview.clock} /> : null}
      <section aria-labelledby="days-kept">
        <div className="flex items-end gap-4">
          <Summary overview={overview} />
          {overview.days.length === 0 ? null : (
            <>
              <StripLegend
                held={overview.days.some((kept) => kept.held > 0)}
                would={simulation.days !== undefined && simulation.days.size > 0}
              />
              <Segments
                label={words.strip.view}
                value={asTable ? 'table' : 'bars'}
                onChange={(value) => setAsTable(value === 'table')}
                options={[
                  { value: 'bars', label: words.strip.asBars },
                  { value: 'table', label: words.strip.asTable },
                ]}
              />
            </>
          )}
        </div>
        {overview.days.length === 0 ? (
          <Empty
            icon={<CalendarClock size={26} strokeWidth={1.4} />}
            title={words.strip.empty}
            help={words.strip.emptyHelp}
          />
        ) : (
          <Strip
            days={overview.days}
            policyDays={overview.policy.days}
            next={nextToGo(overview.days)?.day}
            would={simulation.days}
            asTable={asTable}
          />
        )}
      </section>
      <Checks checks={overview.checks} onCheck={onCheck} checking={checking} />
      <Simulator simulation={simulation} policyDays={overview.policy.days} />
    </>
  )
}

/** How much is kept in all. */
function Summary({ overview }: { overview: RetentionOverview }) {
  const { role } = useUser()
  const { days, policy, held } = overview
  const headers = days.reduce((sum, kept) => sum + kept.headers, 0)
  const samples = days.reduce((sum, kept) => sum + kept.samples, 0)
  const beyond = [
    held.headers > 0 ? headersInText(held.headers) : '',
    held.samples > 0 ? samplesInText(held.samples) : '',
  ]
    .filter(Boolean)
    .join(', ')
  return (
    <div className="min-w-0 flex-1">
      <h2 id="days-kept" className="num font-semibold text-lg tracking-[-0.01em]">
        {words.summary(daysInText(policy.days), headersInText(headers), samplesInText(samples))}
      </h2>
      <p className="num text-dim">
        {words.oneIn(count(policy.samplePerBlock))}{' '}
        {beyond === '' ? null : role === 'operator' ? (
          words.heldBeyond(beyond)
        ) : (
          <Link
            to="/retention/{-$view}/{-$id}"
            params={{ view: 'holds' }}
            search={{}}
            className="text-accent underline"
          >
            {words.heldBeyond(beyond)}
          </Link>
        )}
      </p>
    </div>
  )
}

/** The outline of the page, in its measure, so that nothing moves when it comes. */
function Skeleton() {
  return (
    <div role="status" aria-label={text.common.loading} className="grid gap-5">
      <div className="grid gap-2">
        <div className="skeleton h-5 w-96" />
        <div className="skeleton h-4 w-56" />
        <div className="skeleton mt-2 h-[88px]" />
        <div className="skeleton h-11" />
      </div>
      <div className="skeleton h-72" />
    </div>
  )
}
