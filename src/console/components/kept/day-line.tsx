/** One day in a line: of itself the one that goes next, else the one that is pointed at. */

import { count, momentInText, relative, size, utcDay, utcTime } from '../../format.ts'
import { text } from '../../text.ts'
import { useNow } from '../../ui/time.tsx'
import type { StripDay } from './strip-days.ts'
import { headersInText, samplesInText } from './words.ts'

const words = text.retention

export interface DayLineProps {
  told: StripDay
  isNext: boolean
}

export function DayLine({ told: { day, kept }, isNext }: DayLineProps) {
  const now = useNow()
  return (
    <div className="num mt-3 flex min-h-[41px] flex-wrap items-baseline gap-x-3 gap-y-1 rounded-lg border border-line bg-panel px-4 py-2.5">
      <h3 className="section-title w-[74px]">{isNext ? words.next.title : words.next.pointed}</h3>
      <span className="font-[550]">{words.next.day(utcDay(day))}</span>
      {kept ? (
        <>
          <span className="text-dim">
            {words.next.what(headersInText(kept.headers), samplesInText(kept.samples), size(kept.bytes))}
            {kept.held > 0 ? ` · ${words.next.stays(count(kept.held))}` : ''}
          </span>
          <time dateTime={kept.goesAt} title={utcTime(kept.goesAt)} className="ml-auto">
            {Date.parse(kept.goesAt) <= now
              ? words.strip.goesNow
              : words.next.at(momentInText(kept.goesAt, now), relative(kept.goesAt, now))}
          </time>
        </>
      ) : (
        <span className="text-dim">{words.strip.none}</span>
      )}
    </div>
  )
}
