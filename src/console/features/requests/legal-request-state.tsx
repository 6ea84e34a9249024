/** How far a legal demand is, and whether the account knows. */

import type { LegalRequestView } from '../../../contract/legalRequests.ts'
import { shortDate } from '../../format.ts'
import { text } from '../../text.ts'
import { classes } from '../../ui/classes.ts'

const words = text.legalRequests

const dots: Record<LegalRequestView['state'], string> = {
  recorded: 'bg-held',
  approved: 'bg-amber',
  exported: 'bg-info',
  refused: 'bg-faint',
  closed: 'bg-faint',
}

export function LegalRequestStateMark({ state }: { state: LegalRequestView['state'] }) {
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap" title={words.stateHelp[state]}>
      <span aria-hidden className={classes('inline-block size-[7px] shrink-0 rounded-full', dots[state])} />
      {words.state[state]}
    </span>
  )
}

/** Whether the account must not be told yet. `now`: milliseconds, Unix time. */
export function isGagged({ gagUntil }: LegalRequestView, now: number): boolean {
  return gagUntil !== null && Date.parse(gagUntil) > now
}

/** Whether the account knows, may know, or is not told. */
export function NotifiedMark({ legalRequest, now }: { legalRequest: LegalRequestView; now: number }) {
  const { noticeAt, noNoticeReason, gagUntil, state } = legalRequest
  if (noticeAt !== null) return <span className="text-ok">{words.told}</span>
  if (noNoticeReason !== '') return <span className="text-dim">{words.notNotified}</span>
  if (gagUntil !== null && isGagged(legalRequest, now))
    return <span className="text-held">{words.gagUntil(shortDate(gagUntil))}</span>
  if (state === 'closed' || state === 'refused') return <span className="text-faint">{words.notNotified}</span>
  return <span className={gagUntil === null ? 'text-dim' : 'font-[550] text-wait'}>{words.toTell}</span>
}
