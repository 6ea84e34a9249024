/** Small marks of the desk: a case's status, its suspicion, a sample's score. */

import type { CaseStatus } from '../../../model/case.ts'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { classes } from '../../ui/classes.ts'

const words = text.review

const dots: Record<CaseStatus, string> = {
  open: 'bg-bad',
  'in review': 'bg-info',
  'waiting for second person': 'bg-held',
  decided: 'bg-amber',
  closed: 'bg-faint',
}

export function CaseStatusMark({ status }: { status: CaseStatus }) {
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap" title={words.statusHelp[status]}>
      <span aria-hidden className={classes('inline-block size-[7px] shrink-0 rounded-full', dots[status])} />
      {words.status[status]}
    </span>
  )
}

export interface SuspicionProps {
  value: number
  /** where samples may be opened without an override */
  threshold?: number | undefined
  wide?: boolean
}

/** How heavy the evidence is, as bar and number, with the mark it has to reach. */
export function Suspicion({ value, threshold, wide }: SuspicionProps) {
  const heavy = threshold !== undefined ? value >= threshold : value >= 50
  return (
    <span
      role="img"
      aria-label={words.suspicionOf(count(value))}
      title={threshold === undefined ? undefined : words.thresholdAt(count(threshold))}
      className={classes('inline-flex items-center gap-2', wide && 'w-full max-w-72')}
    >
      <span className={classes('relative h-[5px] rounded-full bg-line', wide ? 'min-w-0 flex-1' : 'w-11')}>
        <span
          className={classes('absolute inset-y-0 left-0 rounded-full', heavy ? 'bg-bad' : 'bg-amber')}
          style={{ width: `${value}%` }}
        />
        {threshold === undefined ? null : (
          <span
            className="absolute -inset-y-[3px] w-[2px] rounded-full bg-line-strong"
            style={{ left: `calc(${threshold}% - 1px)` }}
          />
        )}
      </span>
      <span className={classes('num w-6 text-right', heavy && 'font-[550] text-bad')}>{count(value)}</span>
    </span>
  )
}

/** Score of a sample, and whether it is flagged. */
export function Score({ score, flagged }: { score: number | null; flagged: boolean }) {
  const written = score === null ? text.common.dash : count(Math.round(score))
  return (
    <span
      title={score === null ? words.samples.notScored : flagged ? words.samples.flaggedMark : undefined}
      className={classes('num rounded-sm px-1.5', flagged ? 'bg-bad-s font-[550] text-bad' : 'text-dim')}
    >
      {written}
    </span>
  )
}
