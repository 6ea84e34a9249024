/** Points in time: local, with UTC on hover. */

import { useEffect, useState } from 'react'
import { exactTime, type Instant, relative, utcTime } from '../format.ts'

/** The present, renewed every `everyMs` milliseconds. */
export function useNow(everyMs = 15_000): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}

/** `Today 13:42:07 · 3 min ago` */
export function Time({ at, ago = true }: { at: Instant; ago?: boolean }) {
  const now = useNow()
  return (
    <time dateTime={new Date(at).toISOString()} title={utcTime(at)} className="num">
      {exactTime(at, now)}
      {ago ? <span className="text-faint"> · {relative(at, now)}</span> : null}
    </time>
  )
}
