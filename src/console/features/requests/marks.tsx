/** Small marks of the desk: days left, how far a request is, how a letter fares. */

import type { RequestView } from '../../../contract/requests.ts'
import { isOpenRequest, type RequestState, type Urgency, urgencyOf } from '../../../model/request.ts'
import { count, exactTime, utcTime } from '../../format.ts'
import { text } from '../../text.ts'
import { classes } from '../../ui/classes.ts'
import { useNow } from '../../ui/time.tsx'

const words = text.requests
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const chip = 'num inline-block rounded-full px-2 font-medium text-sm whitespace-nowrap'
const chips: Record<Urgency, string> = {
  calm: 'bg-ok-s text-ok',
  soon: 'bg-wait-s text-wait',
  overdue: 'bg-bad-s text-bad font-[550]',
}

/** Time left in the largest unit that says something; what is begun counts as left. */
function leftInWords(due: number, now: number): string {
  const left = due - now
  if (left >= DAY_MS) return words.daysLeft(count(Math.ceil(left / DAY_MS)))
  if (left >= 0) return words.hoursLeft(count(Math.ceil(left / HOUR_MS)))
  if (-left >= DAY_MS) return words.daysOver(count(Math.floor(-left / DAY_MS)))
  return words.hoursOver(count(Math.floor(-left / HOUR_MS)))
}

/** The clock of a request: green, amber within seven days, red when its time is over. */
export function DaysLeft({ request }: { request: RequestView }) {
  const now = useNow()
  const { state, dueAt, extended, outcome, wroteAgain } = request
  if (wroteAgain) {
    return (
      <span title={words.wroteAgainHelp} className={classes(chip, chips.soon)}>
        {words.wroteAgain}
      </span>
    )
  }
  if (!isOpenRequest(state)) {
    return <span className="text-faint">{outcome === null ? words.state[state] : words.outcome[outcome]}</span>
  }
  const due = Date.parse(dueAt)
  const when = `${exactTime(dueAt, now)} (${utcTime(dueAt)})`
  return (
    <span
      title={extended ? words.dueExtended(when) : words.dueBy(when)}
      className={classes(chip, chips[urgencyOf(state, due, now)])}
    >
      {leftInWords(due, now)}
    </span>
  )
}

const dots: Record<RequestState, string> = {
  received: 'bg-info',
  identified: 'bg-info',
  decided: 'bg-held',
  executing: 'bg-accent animate-pulse',
  executed: 'bg-amber',
  answered: 'bg-ok',
  closed: 'bg-faint',
}

export function RequestStateMark({ state }: { state: RequestState }) {
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap" title={words.stateHelp[state]}>
      <span aria-hidden className={classes('inline-block size-[7px] shrink-0 rounded-full', dots[state])} />
      {words.state[state]}
    </span>
  )
}

/** How a delivery fares: words of the relay, coloured by how they begin. */
export function DeliveryMark({ delivery }: { delivery: string }) {
  const tone = /^delivered/i.test(delivery)
    ? 'text-ok'
    : /^(failed|expired|cancelled|refused)/i.test(delivery)
      ? 'text-bad'
      : /no longer/i.test(delivery)
        ? 'text-faint'
        : 'text-wait'
  return <span className={classes('font-medium', tone)}>{delivery}</span>
}
