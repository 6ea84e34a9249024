/** The state of a delivery or message: a dot and a word. */

import type { MessageStatus } from '../../model/delivery.ts'
import { text } from '../text.ts'
import { classes } from '../ui/classes.ts'

const colours: Record<MessageStatus, string> = {
  delivered: 'bg-ok',
  queued: 'bg-info',
  sending: 'bg-info',
  deferred: 'bg-amber',
  mixed: 'bg-amber',
  held: 'bg-held',
  failed: 'bg-bad',
  expired: 'bg-bad',
  cancelled: 'bg-faint',
}

/** The dot alone, for where the word stands beside it anyway. */
export function StatusDot({ status }: { status: MessageStatus }) {
  return (
    <span
      aria-hidden
      className={classes(
        'inline-block size-[7px] shrink-0 rounded-full',
        colours[status],
        status === 'sending' && 'animate-pulse',
      )}
    />
  )
}

export interface StatusProps {
  status: MessageStatus
  inDoubt?: boolean
}

export function Status({ status, inDoubt }: StatusProps) {
  return (
    <span className="inline-flex items-center gap-1.5 align-top leading-[31px]">
      <StatusDot status={status} />
      <span>{text.status[status]}</span>
      {inDoubt ? (
        <span className="rounded-sm bg-wait-s px-1 text-wait text-xs" title={text.messages.inDoubt}>
          ?<span className="sr-only"> {text.messages.inDoubt}</span>
        </span>
      ) : null}
    </span>
  )
}
