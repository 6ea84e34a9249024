/** The mark of a record that a legal hold keeps beyond its day. */

import { text } from '../../text.ts'

export function HeldMark() {
  return (
    <span className="shrink-0 rounded-sm bg-accent-soft px-1 text-accent text-xs" title={text.messages.heldHelp}>
      {text.messages.heldMark}
    </span>
  )
}
