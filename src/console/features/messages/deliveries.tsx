/** The deliveries of a message: one box each, with its attempts and their transcripts. */

import { ChevronRight } from 'lucide-react'
import { Fragment, useState } from 'react'
import type { DeliveryView } from '../../../contract/messages.ts'
import { StatusDot } from '../../components/status.tsx'
import { count, momentInText, timeOfDay, utcTime } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { CopyButton } from '../../ui/copy.tsx'
import { useNow } from '../../ui/time.tsx'

/** deliveries shown before the rest is asked for */
const FIRST = 20

const urgency: Record<DeliveryView['state'], number> = {
  failed: 0,
  expired: 0,
  deferred: 1,
  held: 1,
  sending: 2,
  queued: 2,
  cancelled: 3,
  delivered: 4,
}

export function Deliveries({ deliveries }: { deliveries: readonly DeliveryView[] }) {
  const [all, setAll] = useState(false)
  const ordered = deliveries.toSorted((a, b) => urgency[a.state] - urgency[b.state] || a.ordinal - b.ordinal)
  const shown = all ? ordered : ordered.slice(0, FIRST)
  return (
    <>
      <h3 className="section-title mt-5 mb-2">
        {deliveries.length === 1 ? text.message.deliveries : text.message.deliveriesOf(count(deliveries.length))}
      </h3>
      <ul className="grid gap-2">
        {shown.map((delivery) => (
          <DeliveryBox key={delivery.ordinal} delivery={delivery} alone={deliveries.length === 1} />
        ))}
      </ul>
      {shown.length < deliveries.length ? (
        <Button small className="mt-2" onClick={() => setAll(true)}>
          {text.message.showAllDeliveries(count(deliveries.length))}
        </Button>
      ) : null}
    </>
  )
}

function DeliveryBox({ delivery, alone }: { delivery: DeliveryView; alone: boolean }) {
  const trouble = delivery.state !== 'delivered' || delivery.inDoubt
  const [open, setOpen] = useState(alone || trouble)
  const now = useNow()
  const { attempts, state } = delivery
  const last = attempts.at(-1)
  const aside =
    state === 'delivered' && last?.endedAt
      ? timeOfDay(last.endedAt)
      : attempts.length > 0
        ? text.message.attempts(attempts.length, count(attempts.length))
        : text.message.noAttempts
  return (
    <li className="overflow-hidden rounded-md border border-line">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex w-full items-center gap-2 px-2.5 py-[7px] text-left hover:bg-row-hover focus-visible:outline-offset-[-2px]"
      >
        <ChevronRight size={13} aria-hidden className={classes('shrink-0 text-faint', open && 'rotate-90')} />
        <span className="mono min-w-0 flex-1 truncate" title={delivery.recipient}>
          {delivery.recipient}
        </span>
        <span className="inline-flex items-center gap-1.5 text-sm">
          <StatusDot status={state} />
          {text.status[state]}
        </span>
        <span className="num shrink-0 text-faint text-sm">{aside}</span>
      </button>
      {open ? (
        <div className="border-line-soft border-t bg-sunken">
          <div className="px-2.5 py-2">
            <div className="flex items-start gap-2">
              <p className="min-w-0 flex-1 break-words select-text">{delivery.reason || text.stateHelp[state]}</p>
              <CopyButton value={delivery.recipient} label={text.common.copyOf(text.queue.column.recipient)} />
            </div>
            {delivery.nextAttemptAt ? (
              <p className="num text-dim text-sm" title={utcTime(delivery.nextAttemptAt)}>
                {text.message.nextTry} {momentInText(delivery.nextAttemptAt, now)}
              </p>
            ) : null}
            {delivery.inDoubt ? (
              <p className="mt-1.5 rounded-sm bg-wait-s px-2 py-1.5 text-sm">
                <b className="font-semibold text-wait">{text.message.doubtTitle}.</b> {text.message.doubt}
              </p>
            ) : null}
          </div>
          {attempts.toReversed().map((attempt, index) => (
            <Attempt
              key={attempt.startedAt + attempt.destination}
              attempt={attempt}
              number={attempts.length - index}
              open={index === 0}
            />
          ))}
        </div>
      ) : null}
    </li>
  )
}

interface AttemptProps {
  attempt: DeliveryView['attempts'][number]
  number: number
  open: boolean
}

function Attempt({ attempt, number, open: first }: AttemptProps) {
  const [open, setOpen] = useState(first)
  const now = useNow()
  const answer = [attempt.code, attempt.enhancedCode, attempt.reply].filter(Boolean).join(' ')
  return (
    <div className="border-line-soft border-t">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="grid w-full grid-cols-[auto_minmax(0,1fr)_auto] items-baseline gap-x-2 px-2.5 py-1.5 text-left hover:bg-row-hover focus-visible:outline-offset-[-2px]"
      >
        <span className="num font-medium" title={utcTime(attempt.startedAt)}>
          {momentInText(attempt.startedAt, now)}
        </span>
        <span
          className={classes('mono text-dim', open ? 'wrap-anywhere' : 'truncate')}
          title={open ? undefined : attempt.destination}
        >
          {attempt.destination}
        </span>
        <span className="num text-faint text-sm">{text.message.attempt(count(number))}</span>
      </button>
      {open ? (
        <div className="px-2.5 pb-2.5">
          <div className="mb-1 text-faint text-sm">
            {attempt.tls ?? text.message.plain}
            {attempt.endedAt === null ? ` · ${text.message.stillOpen}` : ''}
          </div>
          {attempt.transcript ? (
            <Transcript transcript={attempt.transcript} />
          ) : (
            <p className="text-dim">{answer || text.message.noTranscript}</p>
          )}
        </div>
      ) : null}
    </div>
  )
}

/** The dialogue: what we said dim, what the other side answered plain, refusals in their colour. */
function Transcript({ transcript }: { transcript: string }) {
  const lines = transcript.replace(/\n+$/, '').split('\n')
  return (
    <pre className="whitespace-pre-wrap break-words font-mono text-[11.5px] leading-[18px] select-text">
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a finished dialogue do not move
        <Fragment key={index}>
          <span className={lineClass(line)}>{line}</span>
          {'\n'}
        </Fragment>
      ))}
    </pre>
  )
}

function lineClass(line: string): string {
  if (/^S: 5\d\d/.test(line)) return 'font-medium text-bad'
  if (/^S: 4\d\d/.test(line)) return 'font-medium text-wait'
  return line.startsWith('S:') ? 'text-text' : 'text-dim'
}
