/** Every trust decision about an account, newest first, each with the figures it was made on. */

import { ChevronRight } from 'lucide-react'
import { useId, useState } from 'react'
import type { TrustDecision } from '../../../contract/trust.ts'
import { count, longDay, utcTime } from '../../format.ts'
import { text } from '../../text.ts'
import { classes } from '../../ui/classes.ts'
import { Figures } from './figures.tsx'

const words = text.accounts.trust

/** Who decided, in words. */
export function deciderOf({ decidedBy }: TrustDecision): string {
  if (decidedBy === 'system') return words.bySystem
  return decidedBy === 'local' ? words.byOwner : decidedBy
}

export function TrustHistory({ account, history }: { account: string; history: readonly TrustDecision[] }) {
  return (
    <ul className="overflow-hidden rounded-md border border-line">
      {history.map((decision) => (
        <Decision key={decision.id} account={account} decision={decision} />
      ))}
    </ul>
  )
}

/** What became of the samples that were there, in words. */
function samplesOf({ samples, samplesDestroyed, samplesHeld, receipt }: TrustDecision): string {
  if (samples === 'keep') return words.kept
  if (samplesDestroyed + samplesHeld === 0) return words.noneStored
  const parts = [
    words.destroyed(samplesDestroyed, count(samplesDestroyed)),
    receipt === null ? '' : words.receipt(count(receipt)),
    samplesHeld === 0 ? '' : words.stayHeld(samplesHeld, count(samplesHeld)),
  ]
  return parts.filter(Boolean).join(', ')
}

function Decision({ account, decision }: { account: string; decision: TrustDecision }) {
  const id = useId()
  const [open, setOpen] = useState(false)
  const day = longDay(decision.decidedAt)
  return (
    <li className="border-line-soft border-t first:border-t-0">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        title={words.showCriteria(day)}
        onClick={() => setOpen(!open)}
        className="grid w-full grid-cols-[14px_minmax(0,1fr)] gap-x-2 px-2.5 py-2 text-left hover:bg-row-hover focus-visible:outline-offset-[-2px]"
      >
        <ChevronRight size={14} className={classes('mt-[3px] text-faint', open && 'rotate-90')} aria-hidden />
        <span className="min-w-0">
          <span className="flex items-baseline justify-between gap-3">
            <span className="flex min-w-0 items-baseline gap-1.5 font-[550]">
              <span
                aria-hidden
                className={classes(
                  'inline-block size-[7px] shrink-0 rounded-full',
                  decision.decision === 'on' ? 'bg-info' : 'bg-faint',
                )}
              />
              {words.decision[decision.decision]}
            </span>
            <span className="num shrink-0 text-faint text-sm" title={utcTime(decision.decidedAt)}>
              {day}
            </span>
          </span>
          <span className="block break-words">{decision.reason}</span>
          <span className="block break-words text-dim text-sm">
            {deciderOf(decision)}
            {decision.requestedBy ? ` · ${words.requestedBy.toLowerCase()} ${decision.requestedBy}` : ''} ·{' '}
            {samplesOf(decision)}
          </span>
        </span>
      </button>
      <div id={id} hidden={!open} className="px-2.5 pb-2.5">
        {open ? <Figures account={account} criteria={decision.criteria} /> : null}
      </div>
    </li>
  )
}
