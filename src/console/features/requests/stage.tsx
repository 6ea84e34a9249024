/** One stage of the path: its mark on the line, its name, what it rests on, and what can be done. */

import { Check, Minus } from 'lucide-react'
import { createContext, type ReactNode, useContext } from 'react'
import { text } from '../../text.ts'
import { classes } from '../../ui/classes.ts'
import type { Mark } from './path.ts'

const words = text.requests.path

const looks: Record<Mark, string> = {
  done: 'border-ok bg-ok-s text-ok',
  running: 'border-accent bg-accent-soft text-accent',
  now: 'border-accent bg-panel',
  later: 'border-line-strong/50 bg-panel',
  skipped: 'border-line bg-sunken text-faint',
}

/** How far the stage around is. */
export const MarkContext = createContext<Mark>('later')

function Sign({ mark }: { mark: Mark }) {
  return (
    <span
      aria-hidden
      className={classes(
        'absolute top-px left-0 z-[1] grid size-[19px] place-items-center rounded-full border-[1.5px]',
        looks[mark],
      )}
    >
      {mark === 'done' ? <Check size={12} strokeWidth={2.6} /> : null}
      {mark === 'skipped' ? <Minus size={11} strokeWidth={2.4} /> : null}
      {mark === 'now' ? <span className="size-[7px] rounded-full bg-accent" /> : null}
      {mark === 'running' ? <span className="size-[7px] animate-pulse rounded-full bg-accent" /> : null}
    </span>
  )
}

export interface StageViewProps {
  name: string
  mark: Mark
  /** what it rests on, in a few words */
  evidence?: ReactNode
  /** buttons; the leading one last */
  actions?: ReactNode
  children?: ReactNode
}

export function StageView({ name, mark, evidence, actions, children }: StageViewProps) {
  const isQuiet = mark === 'later' || mark === 'skipped'
  return (
    <li
      aria-current={mark === 'now' || mark === 'running' ? 'step' : undefined}
      className="relative pb-5 pl-8 before:absolute before:top-5 before:bottom-[-3px] before:left-[9px] before:w-px before:bg-line before:content-[''] last:pb-0 last:before:hidden"
    >
      <Sign mark={mark} />
      <MarkContext value={mark}>
        <div className="flex min-h-5 flex-wrap items-center gap-x-2 gap-y-1">
          <h4 className={classes('font-semibold', isQuiet && 'text-dim')}>{name}</h4>
          <span className="sr-only">{words.mark[mark]}</span>
          <span className="num min-w-0 flex-1 break-words text-dim">{evidence}</span>
          {actions ? <span className="-my-1 flex shrink-0 flex-wrap gap-1.5">{actions}</span> : null}
        </div>
        {children}
      </MarkContext>
    </li>
  )
}

/** A sentence about a stage that has not come yet, or never will. */
export function Sentence({ children }: { children: ReactNode }) {
  const mark = useContext(MarkContext)
  return <p className={classes(mark === 'skipped' || mark === 'later' ? 'text-faint' : 'text-dim')}>{children}</p>
}
