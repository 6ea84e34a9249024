/** A part of the proof: what it proves, the button that does it, what it found. */

import { type ReactNode, useId } from 'react'
import { duration } from '../../format.ts'
import { text } from '../../text.ts'
import { Time } from '../../ui/time.tsx'

export interface CardProps {
  title: string
  help: string
  action: ReactNode
  children?: ReactNode
}

export function Card({ title, help, action, children }: CardProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="rounded-lg border border-line bg-panel px-4 py-3">
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <h2 id={id} className="font-semibold">
            {title}
          </h2>
          <p className="text-dim">{help}</p>
        </div>
        {action}
      </div>
      {children}
    </section>
  )
}

/** When a check was done, and how long it took when that was long. Both milliseconds, Unix time. */
export function Done({ at, since }: { at: number; since: number }) {
  const seconds = Math.round((at - since) / 1000)
  return (
    <>
      <Time at={at} />
      {seconds > 0 ? ` · ${text.audit.proof.seconds(duration(seconds))}` : ''}
    </>
  )
}

/** Figures of a result, side by side. */
export function Figures({ figures }: { figures: readonly { name: string; value: ReactNode }[] }) {
  return (
    <dl className="num mt-2 flex flex-wrap gap-x-6 gap-y-1">
      {figures.map(({ name, value }) => (
        <div key={name} className="flex items-baseline gap-1.5">
          <dt className="text-faint">{name}</dt>
          <dd className="font-[550]">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
