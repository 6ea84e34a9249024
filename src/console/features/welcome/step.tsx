/** One of the three steps: its number, title, what is done, and what is to be done. */

import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { text } from '../../text.ts'
import { classes } from '../../ui/classes.ts'

export interface StepProps {
  number: number
  title: string
  help: string
  state: 'later' | 'now' | 'done'
  /** what stands in place of the form when it is done */
  summary?: ReactNode
  children?: ReactNode
}

export function Step({ number, title, help, state, summary, children }: StepProps) {
  return (
    <section
      aria-labelledby={`step-${number}`}
      className={classes(
        'rounded-xl border border-line bg-panel',
        state === 'now' && 'shadow-[0_1px_2px_rgb(0_0_0/4%)]',
      )}
    >
      <div className="flex items-center gap-3 px-5 py-3.5">
        <span
          aria-hidden
          className={classes(
            'num grid size-6 shrink-0 place-items-center rounded-full font-semibold text-sm',
            state === 'done'
              ? 'bg-accent text-on-accent'
              : state === 'now'
                ? 'bg-accent-soft text-accent'
                : 'bg-sunken text-faint',
          )}
        >
          {state === 'done' ? <Check size={14} strokeWidth={2.6} /> : number}
        </span>
        <h2 id={`step-${number}`} className={classes('font-semibold', state === 'later' && 'text-faint')}>
          {title}
          {state === 'done' ? <span className="sr-only"> ({text.welcome.done})</span> : null}
        </h2>
        {state === 'done' && summary ? <div className="ml-auto min-w-0 truncate text-dim">{summary}</div> : null}
      </div>
      {state === 'later' || (state === 'done' && !children) ? null : (
        <div className="border-line-soft border-t px-5 pt-3 pb-5">
          {state === 'now' ? <p className="mb-3 text-dim">{help}</p> : null}
          {children}
        </div>
      )}
    </section>
  )
}
