/** A sentence or two that stand out: as fact, as warning, as alarm. */

import { CircleCheck, CircleX, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'

export type NoteTone = 'plain' | 'good' | 'warning' | 'bad'

const looks: Record<NoteTone, { box: string; icon: ReactNode }> = {
  plain: { box: 'bg-sunken', icon: <Info size={15} className="text-faint" aria-hidden /> },
  good: { box: 'bg-ok-s', icon: <CircleCheck size={15} className="text-ok" aria-hidden /> },
  warning: { box: 'bg-wait-s', icon: <TriangleAlert size={15} className="text-wait" aria-hidden /> },
  bad: { box: 'bg-bad-s', icon: <CircleX size={15} className="text-bad" aria-hidden /> },
}

export interface NoteProps {
  tone: NoteTone
  title?: string
  /** said at once by a screen reader */
  alert?: boolean
  className?: string
  children?: ReactNode
}

export function Note({ tone, title, alert, className, children }: NoteProps) {
  const { box, icon } = looks[tone]
  return (
    <div
      role={alert ? 'alert' : undefined}
      className={classes('flex items-start gap-2.5 rounded-md px-3 py-2.5', box, className)}
    >
      <span className="mt-0.5 shrink-0">{icon}</span>
      <div className="min-w-0 flex-1">
        {title ? <div className="font-[550]">{title}</div> : null}
        {children}
      </div>
    </div>
  )
}
