/** Retention at a glance: the days that are kept, the next one to go with its hours. */

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { problemOf, useApi } from '../../api.ts'
import { Strip } from '../../components/kept/strip.tsx'
import { nextToGo } from '../../components/kept/strip-days.ts'
import { daysInText, headersInText, samplesInText } from '../../components/kept/words.ts'
import { text } from '../../text.ts'
import { ProblemNote } from '../../ui/state.tsx'

const words = text.overview

const EVERY_MS = 30_000

export function Kept() {
  const { queries } = useApi()
  const overview = useQuery(queries.retention.overview.queryOptions({ refetchInterval: EVERY_MS }))
  if (overview.isError) return <ProblemNote {...problemOf(overview.error)} onRetry={() => void overview.refetch()} />
  if (!overview.data) return <div className="skeleton h-44" />
  const { days, policy } = overview.data
  const headers = days.reduce((sum, day) => sum + day.headers, 0)
  const samples = days.reduce((sum, day) => sum + day.samples, 0)
  return (
    <section aria-labelledby="overview-kept">
      <div className="flex items-baseline gap-3">
        <h2 id="overview-kept" className="section-title num">
          {words.kept(daysInText(policy.days), headersInText(headers), samplesInText(samples))}
        </h2>
        <Link
          to="/retention/{-$view}/{-$id}"
          params={{}}
          search={{}}
          className="ml-auto text-accent text-sm hover:underline"
        >
          {words.toRetention}
        </Link>
      </div>
      <Strip days={days} policyDays={policy.days} next={nextToGo(days)?.day} would={undefined} asTable={false} />
    </section>
  )
}
