/** What stands where there is nothing to show: emptiness, errors, waiting. */

import { CircleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { text } from '../text.ts'
import { Button } from './button.tsx'
import { classes } from './classes.ts'

export interface EmptyProps {
  icon?: ReactNode
  title: string
  help?: string
  children?: ReactNode
}

/** Says that there is nothing, and what to do. */
export function Empty({ icon, title, help, children }: EmptyProps) {
  return (
    <div className="grid h-full min-h-48 place-items-center p-8 text-center">
      <div className="grid max-w-sm justify-items-center gap-1">
        {icon ? <div className="mb-2 text-faint">{icon}</div> : null}
        <div className="font-[550] text-lg">{title}</div>
        {help ? <p className="text-dim">{help}</p> : null}
        {children ? <div className="mt-3 flex gap-2">{children}</div> : null}
      </div>
    </div>
  )
}

export interface ProblemNoteProps {
  what: string
  change?: string | undefined
  onRetry?: () => void
  className?: string
}

/** Says what happened and what to do. */
export function ProblemNote({ what, change, onRetry, className }: ProblemNoteProps) {
  return (
    <div role="alert" className={classes('flex items-start gap-2.5 rounded-md bg-bad-s px-3 py-2.5', className)}>
      <CircleAlert size={15} className="mt-0.5 shrink-0 text-bad" aria-hidden />
      <div className="min-w-0 flex-1">
        <div className="font-[550]">{what}</div>
        {change ? <div className="text-dim">{change}</div> : null}
      </div>
      {onRetry ? (
        <Button small onClick={onRetry}>
          {text.common.retry}
        </Button>
      ) : null}
    </div>
  )
}

/** Lines that stand in for text on its way. */
export function SkeletonLines({ lines }: { lines: number }) {
  return (
    <div className="grid gap-3" role="status" aria-label={text.common.loading}>
      {Array.from({ length: lines }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: nothing but its place tells one bar from the next
        <div key={i} className="skeleton h-3.5" style={{ width: `${88 - ((i * 23) % 50)}%` }} />
      ))}
    </div>
  )
}
