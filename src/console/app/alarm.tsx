/** What breaks the promise about keeping, or may soon: at the foot of the sidebar, wherever a person is. */

import { Link } from '@tanstack/react-router'
import { TriangleAlert } from 'lucide-react'
import { text } from '../text.ts'
import { Hint } from '../ui/hint.tsx'

export interface AlarmProps {
  /** sentences of the relay */
  alarms: readonly string[]
  collapsed: boolean
}

export function Alarm({ alarms, collapsed }: AlarmProps) {
  const [first] = alarms
  if (first === undefined) return null
  const all = alarms.join(' ')
  const look = 'rounded-md bg-wait-s text-wait hover:brightness-95'
  const target = { to: '/retention/{-$view}/{-$id}', params: { view: undefined, id: undefined }, search: {} } as const
  if (collapsed) {
    return (
      <Hint text={all} side="right">
        <Link
          {...target}
          aria-label={`${text.nav.retention}: ${all}`}
          className={`${look} grid h-7 place-items-center`}
        >
          <TriangleAlert size={14} aria-hidden />
        </Link>
      </Hint>
    )
  }
  return (
    <Link {...target} title={all} className={`${look} flex items-start gap-1.5 px-2 py-1.5 text-sm`}>
      <TriangleAlert size={13} className="mt-0.5 shrink-0" aria-hidden />
      <span className="line-clamp-3 min-w-0">
        {first}
        {alarms.length > 1 ? ` ${text.messages.andMore(String(alarms.length - 1))}` : ''}
      </span>
    </Link>
  )
}
