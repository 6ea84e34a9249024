/** The queue in groups, oldest first, with age bands in the manner of qshape. */

import { Link } from '@tanstack/react-router'
import type { QueueGroup } from '../../../contract/queue.ts'
import { ageBands } from '../../../model/ages.ts'
import { StatusDot } from '../../components/status.tsx'
import { count, duration, momentInText, utcTime } from '../../format.ts'
import { text } from '../../text.ts'
import { ScrollRegion } from '../../ui/scroll.tsx'
import { useNow } from '../../ui/time.tsx'
import type { Grouping, QueueSearch } from './view.ts'

const words = text.queue

/** The address of the deliveries of a group. */
function searchOf(by: Grouping, group: QueueGroup): QueueSearch {
  if (by !== 'state') return { by, [by]: group.key }
  const state = (['queued', 'sending', 'deferred', 'held'] as const).find((each) => each === group.key)
  return state ? { by, state } : { by }
}

function GroupName({ by, group }: { by: Grouping; group: QueueGroup }) {
  if (by === 'reason') return <>{group.key || <span className="text-faint">{words.noReason}</span>}</>
  if (by !== 'state') return <span className={by === 'destination' ? 'mono' : undefined}>{group.key}</span>
  const state = searchOf(by, group).state
  return (
    <span className="inline-flex items-center gap-1.5">
      {state ? <StatusDot status={state} /> : null}
      {state ? text.status[state] : group.key}
    </span>
  )
}

/** Tint of a band: the share of the group's deliveries in it. Older bands turn amber. */
function bandStyle(share: number, band: number): { backgroundColor: string } | undefined {
  if (share === 0) return undefined
  const colour = band >= ageBands.length - 2 ? 'var(--amber)' : 'var(--accent)'
  return { backgroundColor: `color-mix(in srgb, ${colour} ${Math.round(6 + share * 22)}%, transparent)` }
}

export function QueueGroups({ by, groups }: { by: Grouping; groups: readonly QueueGroup[] }) {
  const now = useNow()
  return (
    <ScrollRegion label={words.groups} className="min-h-0 flex-1 overflow-auto bg-panel">
      <table className="w-full border-separate border-spacing-0 [&_td]:h-8 [&_td]:border-line-soft [&_td]:border-b [&_td]:px-2.5 [&_th]:h-[30px] [&_th]:border-line [&_th]:border-b [&_th]:px-2.5 [&_th]:font-medium [&_th]:text-faint [&_th]:text-sm">
        <thead className="sticky top-0 z-10 bg-panel">
          <tr>
            <th scope="col" className="text-left">
              {words[by]}
            </th>
            <th scope="col" className="text-right">
              {words.total}
            </th>
            {words.ages.map((age) => (
              <th key={age} scope="col" title={words.agesHelp} className="w-[62px] whitespace-nowrap text-right">
                {age}
              </th>
            ))}
            <th scope="col" className="whitespace-nowrap text-right">
              {words.oldest}
            </th>
            <th scope="col" className="whitespace-nowrap text-left">
              {words.next}
            </th>
            {by === 'reason' ? null : (
              <th scope="col" className="w-[32%] text-left">
                {words.topReason}
              </th>
            )}
          </tr>
        </thead>
        <tbody className="num">
          {groups.map((group) => (
            <tr key={group.key} className="group relative hover:bg-row-hover">
              <td className={by === 'reason' ? 'max-w-0 w-[36%] truncate' : 'max-w-72 truncate'}>
                <Link
                  to="/queue"
                  search={searchOf(by, group)}
                  className="font-medium before:absolute before:inset-0 before:content-['']"
                >
                  <GroupName by={by} group={group} />
                </Link>
                {group.inDoubt > 0 ? (
                  <span className="ml-2 rounded-sm bg-wait-s px-1 text-wait text-xs">
                    {text.nav.inDoubt(count(group.inDoubt))}
                  </span>
                ) : null}
              </td>
              <td className="text-right font-medium">{count(group.total)}</td>
              {group.ages.map((deliveries, band) => (
                <td key={words.ages[band]} className="text-right" style={bandStyle(deliveries / group.total, band)}>
                  {deliveries === 0 ? <span className="text-faint">·</span> : count(deliveries)}
                </td>
              ))}
              <td className="whitespace-nowrap text-right">{duration(group.oldestSeconds)}</td>
              <td className="whitespace-nowrap text-dim">
                {group.nextAttemptAt ? (
                  <span title={utcTime(group.nextAttemptAt)}>{momentInText(group.nextAttemptAt, now)}</span>
                ) : (
                  text.common.dash
                )}
              </td>
              {by === 'reason' ? null : (
                <td className="max-w-0 truncate text-dim" title={group.topReason ?? undefined}>
                  {group.topReason ?? ''}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  )
}
