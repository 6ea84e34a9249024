/** The day a message's record is destroyed, and whether the message was drawn as a sample. */

import { FileLock2 } from 'lucide-react'
import type { MessageDetailView } from '../../../contract/messages.ts'
import { duration, longDay, relative, utcTime } from '../../format.ts'
import { text } from '../../text.ts'
import { useNow } from '../../ui/time.tsx'

export function Keep({ message }: { message: MessageDetailView }) {
  const now = useNow(60_000)
  const start = Date.parse(message.acceptedAt)
  const end = Date.parse(message.keepUntil)
  const passed = Math.max(0, Math.min(1, (now - start) / (end - start)))
  const days = Math.round((end - now) / 86_400_000)
  const left = days > 1 ? text.time.in(text.message.days(days)) : relative(message.keepUntil, now)
  return (
    <div className="mt-5 border-line border-t pt-3 text-dim">
      <div className="flex items-center gap-2.5">
        <span title={utcTime(message.keepUntil)}>
          {message.held ? text.message.keptBeyond : text.message.keep(longDay(message.keepUntil))}
        </span>
        {/* biome-ignore lint/a11y/useSemanticElements: the look of meter differs from browser to browser */}
        <span
          role="meter"
          aria-label={text.message.keepMeter}
          aria-valuenow={Math.round(passed * 100)}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuetext={duration((end - now) / 1000)}
          className="h-1 flex-1 overflow-hidden rounded-full bg-line"
        >
          <span className="block h-full min-w-[3px] rounded-full bg-accent" style={{ width: `${passed * 100}%` }} />
        </span>
        {message.held ? null : <span className="num">{left}</span>}
      </div>
      <div className="mt-1.5 flex items-start gap-1.5 text-sm">
        {message.sampled ? <FileLock2 size={13} className="mt-0.5 shrink-0 text-accent" aria-hidden /> : null}
        {message.sampled ? text.message.sampled : text.message.notSampled}
      </div>
    </div>
  )
}
