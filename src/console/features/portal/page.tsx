/** The page of a panel's part: its head, and cards of what is in it. */

import type { ReactNode } from 'react'
import { problemOf } from '../../api.ts'
import { ScrollRegion } from '../../ui/scroll.tsx'
import { ProblemNote, SkeletonLines } from '../../ui/state.tsx'

export interface PortalPageProps {
  title: string
  help: string
  children: ReactNode
}

export function PortalPage({ title, help, children }: PortalPageProps) {
  return (
    <ScrollRegion label={title} className="min-h-0 flex-1 overflow-y-auto px-4 py-4 md:px-8 md:py-5">
      <div className="mx-auto grid max-w-[820px] gap-6 md:mx-0">
        <header>
          <h1 className="font-semibold text-lg tracking-[-0.01em]">{title}</h1>
          <p className="text-dim">{help}</p>
        </header>
        {children}
      </div>
    </ScrollRegion>
  )
}

export interface PartProps {
  title: string
  help?: string
  action?: ReactNode
  children: ReactNode
}

/** A part of the page with its heading. */
export function Part({ title, help, action, children }: PartProps) {
  return (
    <section aria-label={title}>
      <div className="mb-2 flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-60">
          <h2 className="section-title">{title}</h2>
          {help ? <p className="text-dim">{help}</p> : null}
        </div>
        {action}
      </div>
      {children}
    </section>
  )
}

export function Card({ children }: { children: ReactNode }) {
  return <div className="overflow-hidden rounded-lg border border-line bg-panel">{children}</div>
}

/** A fact with its name: beside it, or on a phone above it. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid gap-x-4 border-line-soft border-t px-3.5 py-2 first:border-t-0 md:grid-cols-[150px_minmax(0,1fr)]">
      <dt className="text-faint">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  )
}

interface Asked<T> {
  data: T | undefined
  error: unknown
  isError: boolean
  refetch: () => unknown
}

/** What was asked for once it is there; until then lines, and what went wrong where it did. */
export function Answer<T>({
  of,
  lines = 3,
  children,
}: {
  of: Asked<T>
  lines?: number
  children: (data: T) => ReactNode
}) {
  if (of.data !== undefined) return children(of.data)
  if (of.isError) return <ProblemNote {...problemOf(of.error)} onRetry={() => void of.refetch()} />
  return <SkeletonLines lines={lines} />
}
