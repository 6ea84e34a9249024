/** A part of the proof: what it proves, the button that does it, what it found. */

import { type ReactNode, useId } from 'react'
import { duration } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Time, useNow } from '../../ui/time.tsx'

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

export interface ProgressProps {
  words: string
  /** share that is done, 0 to 1; unknown without */
  share?: number
  /** milliseconds, Unix time */
  since?: number
  onCancel: () => void
}

/** Something that takes long enough to be waited for, and how to stop it. */
export function Progress({ words, share, since, onCancel }: ProgressProps) {
  const now = useNow(1000)
  const seconds = since === undefined ? 0 : Math.floor((now - since) / 1000)
  return (
    <div className="mt-3 flex items-center gap-3">
      <span role="status" className="num shrink-0">
        {words}
      </span>
      <span
        role="progressbar"
        aria-label={words}
        aria-valuenow={share === undefined ? undefined : Math.round(share * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
        className="relative h-1 flex-1 overflow-hidden rounded-full bg-line"
      >
        <span
          className={`absolute inset-y-0 left-0 rounded-full bg-accent ${share === undefined ? 'w-1/3 animate-[sweep_1.4s_ease-in-out_infinite]' : ''}`}
          style={share === undefined ? undefined : { width: `${share * 100}%` }}
        />
      </span>
      <span className="num w-12 text-right text-faint">{seconds > 0 ? duration(seconds) : ''}</span>
      <Button small onClick={onCancel}>
        {text.common.cancel}
      </Button>
    </div>
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
