/** Two short tables: which destinations defer mail and why, and which accounts bounce or draw complaints. */

import { useQuery } from '@tanstack/react-query'
import { Link, type LinkProps } from '@tanstack/react-router'
import { type ReactNode, useId } from 'react'
import { type Problem, problemOf, useApi } from '../../api.ts'
import { count, duration, share } from '../../format.ts'
import { text } from '../../text.ts'
import { ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { tableClass } from '../../ui/table.ts'
import { nearness, worstOf } from './rates.ts'

const words = text.overview

const MOST_DESTINATIONS = 6
const MOST_ACCOUNTS = 5
const QUEUE_MS = 5000
const FIGURES_MS = 30_000

export function Destinations() {
  const { queries } = useApi()
  const found = useQuery(
    queries.queue.summary.queryOptions({ input: { by: 'destination' }, refetchInterval: QUEUE_MS }),
  )
  const deferred = found.data?.groups
    .filter((group) => group.deferred > 0)
    .toSorted((a, b) => b.deferred - a.deferred)
    .slice(0, MOST_DESTINATIONS)
  return (
    <PortalSection
      title={words.destinations}
      all={{ to: '/queue', search: { state: 'deferred' } }}
      problem={found.error ? problemOf(found.error) : undefined}
      onRetry={() => void found.refetch()}
      waiting={deferred === undefined}
      none={deferred?.length === 0 ? words.noDeferred : undefined}
    >
      <table className={tableClass}>
        <thead>
          <tr>
            <th scope="col">{words.destination}</th>
            <th scope="col" className="text-right!">
              {words.deferred}
            </th>
            <th scope="col" className="text-right!">
              {words.oldestOf}
            </th>
            <th scope="col" className="w-[46%]">
              {words.reason}
            </th>
          </tr>
        </thead>
        <tbody>
          {deferred?.map(({ key, deferred: many, oldestSeconds, topReason }) => (
            <tr key={key} className="relative hover:bg-row-hover">
              <td className="w-[30%] max-w-0 truncate" title={key}>
                <Link
                  to="/queue"
                  search={{ destination: key, state: 'deferred' }}
                  className="mono before:absolute before:inset-0 before:content-['']"
                >
                  {key}
                </Link>
              </td>
              <td className="num text-right">{count(many)}</td>
              <td className="num whitespace-nowrap text-right text-dim">{duration(oldestSeconds, 1)}</td>
              <td className="max-w-0 truncate text-dim" title={topReason ?? undefined}>
                {topReason ?? text.common.dash}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </PortalSection>
  )
}

export function AccountRates() {
  const { queries } = useApi()
  const figures = useQuery(queries.accounts.figures.queryOptions({ refetchInterval: FIGURES_MS }))
  const thresholds = useQuery(queries.trust.thresholds.queryOptions({ staleTime: FIGURES_MS }))
  const limits = thresholds.data
  const worst = figures.data && limits ? worstOf(figures.data, limits, MOST_ACCOUNTS) : undefined
  const error = figures.error ?? thresholds.error
  return (
    <PortalSection
      title={words.accounts}
      help={words.accountsHelp}
      all={{ to: '/accounts/{-$name}', params: {}, search: {} }}
      problem={error ? problemOf(error) : undefined}
      onRetry={() => void Promise.all([figures.refetch(), thresholds.refetch()])}
      waiting={worst === undefined}
      none={worst?.length === 0 ? words.noAccounts : undefined}
    >
      <table className={tableClass}>
        <thead>
          <tr>
            <th scope="col" className="w-[40%]">
              {words.account}
            </th>
            <th scope="col" className="text-right!">
              {words.bounces}
            </th>
            <th scope="col" className="text-right!">
              {words.complaints}
            </th>
            <th scope="col" className="text-right!">
              {words.messages}
            </th>
          </tr>
        </thead>
        <tbody>
          {worst?.map((each) => {
            const near = limits && nearness(each, limits)
            const tone = (part: number | undefined): string => ((part ?? 0) >= 1 ? 'font-[550] text-bad' : '')
            return (
              <tr key={each.account} className="relative hover:bg-row-hover">
                <td className="max-w-0 truncate">
                  <Link
                    to="/accounts/{-$name}"
                    params={{ name: each.account }}
                    search={{}}
                    className="before:absolute before:inset-0 before:content-['']"
                  >
                    {each.account}
                  </Link>
                </td>
                <td className={`num text-right ${tone(near?.bounces)}`}>{share(each.bounceRate)}</td>
                <td className={`num text-right ${tone(near?.complaints)}`}>{share(each.complaintRate)}</td>
                <td className="num text-right text-dim">{count(each.messages)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </PortalSection>
  )
}

interface PortalSectionProps {
  title: string
  help?: string
  /** where all of it is */
  all: Pick<LinkProps, 'to' | 'params' | 'search'>
  problem: Problem | undefined
  onRetry: () => void
  waiting: boolean
  /** said in place of an empty table */
  none: string | undefined
  children: ReactNode
}

function PortalSection({ title, help, all, problem, onRetry, waiting, none, children }: PortalSectionProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="min-w-0">
      <div className="mb-2 flex items-baseline gap-3">
        <h2 id={id} className="section-title" title={help}>
          {title}
        </h2>
        <Link {...all} aria-label={`${words.all}: ${title}`} className="ml-auto text-accent text-sm hover:underline">
          {words.all}
        </Link>
      </div>
      <div className="overflow-hidden rounded-lg border border-line bg-panel">
        {problem ? (
          <ProblemNote {...problem} onRetry={onRetry} className="rounded-none" />
        ) : waiting ? (
          <div className="p-4">
            <SkeletonLines lines={4} />
          </div>
        ) : none ? (
          <p className="px-4 py-3 text-dim">{none}</p>
        ) : (
          children
        )}
      </div>
    </section>
  )
}
