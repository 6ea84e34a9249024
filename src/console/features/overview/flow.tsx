/** Mail at this moment: rates, and what waits. */

import { Link, type LinkProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { StatusReport } from '../../../contract/status.ts'
import { useUser } from '../../api.ts'
import { seesMessages } from '../../components/visibility.ts'
import { count, duration, rate } from '../../format.ts'
import { text } from '../../text.ts'
import { RatePlot } from './rate-plot.tsx'

const words = text.overview

type Address = Pick<LinkProps, 'to' | 'params' | 'search'>

export function Flow({ status }: { status: StatusReport }) {
  const { role } = useUser()
  const mail = seesMessages(role)
  const work = role === 'admin' || role === 'operator'
  const { queued, sending, deferred, held, oldestSeconds } = status.queue
  const messages = (q?: string): Address => ({ to: '/messages/{-$id}', params: {}, search: q ? { q } : {} })
  const queue = (search: Record<string, unknown>): Address => ({ to: '/queue', search })
  const waiting = queued + sending + deferred
  return (
    <section aria-labelledby="overview-flow" className="rounded-lg border border-line bg-panel px-4 pt-3 pb-2">
      <div className="mb-2 flex items-baseline gap-4">
        <h2 id="overview-flow" className="section-title flex-1">
          {words.flow}
        </h2>
        <Legend swatch="bg-accent">
          <Figure address={mail ? messages() : undefined}>
            {rate(status.rate.in)} {words.in}
          </Figure>
        </Legend>
        <Legend swatch="bg-info">
          <Figure address={mail ? messages('status:delivered') : undefined}>
            {rate(status.rate.out)} {words.out}
          </Figure>
        </Legend>
      </div>
      <RatePlot />
      <dl className="mt-2.5 grid grid-cols-4 border-line-soft border-t pt-2 [&>div]:min-w-0">
        <Stat name={words.waiting}>
          <Figure address={work ? queue({}) : undefined}>{count(waiting)}</Figure>
        </Stat>
        <Stat name={words.deferred}>
          <Figure address={work ? queue({ state: 'deferred' }) : undefined}>{count(deferred)}</Figure>
        </Stat>
        <Stat name={words.held}>
          <Figure address={work ? queue({ state: 'held' }) : undefined}>{count(held)}</Figure>
        </Stat>
        <Stat name={words.oldest}>
          <Figure address={work ? queue({ all: true }) : undefined}>
            {waiting === 0 ? words.none : duration(oldestSeconds)}
          </Figure>
        </Stat>
      </dl>
    </section>
  )
}

function Legend({ swatch, children }: { swatch: string; children: ReactNode }) {
  return (
    <span className="num inline-flex items-center gap-1.5">
      <span aria-hidden className={`size-2 rounded-full ${swatch}`} />
      {children}
    </span>
  )
}

function Stat({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="truncate text-faint text-sm">{name}</dt>
      <dd className="num font-[550]">{children}</dd>
    </div>
  )
}

/** A number that leads to the records behind it, where the role may see them. */
function Figure({ address, children }: { address: Address | undefined; children: ReactNode }) {
  if (!address) return <span>{children}</span>
  return (
    <Link {...address} className="hover:text-accent hover:underline">
      {children}
    </Link>
  )
}
