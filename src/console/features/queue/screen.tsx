/** Queue: what is not yet final. Groups first, with the age of the oldest; a group opens into its deliveries. */

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { CircleCheck } from 'lucide-react'
import { useMemo } from 'react'
import type { StatusReport } from '../../../contract/status.ts'
import type { DeliveryState } from '../../../model/delivery.ts'
import { problemOf, useApi } from '../../api.ts'
import { StatusDot } from '../../components/status.tsx'
import { count, duration } from '../../format.ts'
import { text } from '../../text.ts'
import { Segments } from '../../ui/choice.tsx'
import { Empty, ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { QueueDeliveries } from './deliveries.tsx'
import { useQueueChanges } from './fresh.ts'
import { QueueGroups } from './groups.tsx'
import { filterOf, type Grouping, groupings } from './view.ts'

const words = text.queue

export function QueueScreen() {
  const search = useSearch({ from: '/queue' })
  const filter = useMemo(() => filterOf(search), [search])
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {filter ? (
        <QueueDeliveries key={JSON.stringify(filter)} search={search} filter={filter} />
      ) : (
        <QueueOverview by={search.by ?? 'destination'} />
      )}
    </div>
  )
}

function QueueOverview({ by }: { by: Grouping }) {
  const { queries } = useApi()
  const navigate = useNavigate()
  const summary = useQuery(queries.queue.summary.queryOptions({ input: { by }, placeholderData: keepPreviousData }))
  const status = useQuery(queries.status.get.queryOptions())
  useQueueChanges(() => void summary.refetch({ cancelRefetch: false }))
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-5 gap-y-2 border-line border-b bg-panel px-4 py-[9px]">
        <h1 className="sr-only">{words.title}</h1>
        <Figures queue={status.data?.queue} />
        <span className="ml-auto" />
        <Segments
          label={words.by}
          value={by}
          onChange={(next) => void navigate({ to: '/queue', search: { by: next }, replace: true })}
          options={groupings.map((value) => ({ value, label: words[value] }))}
        />
      </div>
      {summary.isError ? (
        <div className="p-4">
          <ProblemNote {...problemOf(summary.error)} onRetry={() => void summary.refetch()} />
        </div>
      ) : summary.data === undefined ? (
        <div className="bg-panel p-4">
          <SkeletonLines lines={8} />
        </div>
      ) : summary.data.total === 0 ? (
        <div className="flex-1 bg-panel">
          <Empty icon={<CircleCheck size={26} strokeWidth={1.4} />} title={words.empty} help={words.emptyHelp} />
        </div>
      ) : (
        <QueueGroups by={by} groups={summary.data.groups} />
      )}
    </>
  )
}

const states = ['queued', 'sending', 'deferred', 'held'] as const satisfies readonly DeliveryState[]

/** The age of the oldest, then one figure for each state, each leading to its deliveries. */
function Figures({ queue }: { queue: StatusReport['queue'] | undefined }) {
  if (!queue) return <span className="skeleton h-[30px] w-80" />
  const total = states.reduce((sum, state) => sum + queue[state], 0)
  return (
    <div className="num flex flex-wrap items-center gap-x-4 gap-y-1">
      <div className="flex items-baseline gap-2">
        <span className="text-dim">{words.oldestWaiting}</span>
        <span className="font-semibold text-xl tracking-[-0.02em]">
          {total === 0 ? (
            <span className="font-normal text-base text-faint">{words.oldestNone}</span>
          ) : (
            duration(queue.oldestSeconds)
          )}
        </span>
      </div>
      <span aria-hidden className="h-5 w-px bg-line" />
      {states.map((state) => (
        <Link
          key={state}
          to="/queue"
          search={{ state }}
          disabled={queue[state] === 0}
          className="inline-flex items-center gap-1.5 rounded-sm text-dim hover:text-text aria-disabled:text-faint"
        >
          <StatusDot status={state} />
          <span className="font-medium text-text">{count(queue[state])}</span> {text.status[state]}
        </Link>
      ))}
      {queue.inDoubt > 0 ? (
        <Link
          to="/queue"
          search={{ doubt: true }}
          className="rounded-sm bg-wait-s px-1.5 font-medium text-wait hover:underline"
        >
          {text.nav.inDoubt(count(queue.inDoubt))}
        </Link>
      ) : null}
    </div>
  )
}
