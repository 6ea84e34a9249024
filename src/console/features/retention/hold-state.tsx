/** Whether a legal hold is in force. */

import { Lock, LockOpen } from 'lucide-react'
import type { HoldView } from '../../../contract/retention.ts'
import { text } from '../../text.ts'
import { classes } from '../../ui/classes.ts'

const words = text.retention.holds

/** In force or released: an icon and a word. */
export function HoldState({ hold }: { hold: HoldView }) {
  const released = hold.releasedAt !== null
  const Icon = released ? LockOpen : Lock
  return (
    <span className={classes('inline-flex items-center gap-1.5', released ? 'text-dim' : 'text-held')}>
      <Icon size={13} aria-hidden />
      {released ? words.released : words.inForce}
    </span>
  )
}
