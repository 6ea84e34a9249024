/** How many days a request has left, in words and colour. */

import type { PortalRequest } from '../../../contract/portal.ts'
import { type Urgency, urgencyOf } from '../../../model/request.ts'
import { DAY_MS } from '../../../model/retention.ts'
import { count, utcTime } from '../../format.ts'
import { text } from '../../text.ts'
import { classes } from '../../ui/classes.ts'
import { useNow } from '../../ui/time.tsx'

const words = text.panel.requests

const tones: Record<Urgency, string> = {
  calm: 'bg-ok-s text-ok',
  soon: 'bg-wait-s text-wait',
  overdue: 'bg-bad-s text-bad',
}

/** The days left of an open request; how it ended of one that is over. */
export function DaysLeft({ request }: { request: PortalRequest }) {
  const now = useNow(60_000)
  const { state, outcome, dueAt } = request
  if (state === 'answered' || state === 'closed')
    return <Chip tone="bg-sunken text-dim">{outcome ? words.outcome[outcome] : words.state[state]}</Chip>
  const due = Date.parse(dueAt)
  const days = Math.floor(Math.abs(due - now) / DAY_MS)
  const left =
    now > due ? words.daysOver(Math.max(1, days), count(Math.max(1, days))) : words.daysLeft(days, count(days))
  return (
    <Chip tone={tones[urgencyOf(state, due, now)]} title={utcTime(dueAt)}>
      {left}
    </Chip>
  )
}

function Chip({ tone, title, children }: { tone: string; title?: string; children: React.ReactNode }) {
  return (
    <span title={title} className={classes('num shrink-0 rounded-full px-2 text-sm whitespace-nowrap', tone)}>
      {children}
    </span>
  )
}
