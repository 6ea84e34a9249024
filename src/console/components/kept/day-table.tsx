/** The days that are kept, as a table. */

import type { RetainedDay } from '../../../contract/retention.ts'
import { count, momentInText, relative, size, utcDay, utcTime } from '../../format.ts'
import { text } from '../../text.ts'
import { ScrollRegion } from '../../ui/scroll.tsx'
import { tableClass } from '../../ui/table.ts'
import { useNow } from '../../ui/time.tsx'

const words = text.retention.strip

export function DayTable({ days }: { days: readonly RetainedDay[] }) {
  const now = useNow()
  return (
    <ScrollRegion
      label={words.tableLabel}
      className="mt-2 max-h-[360px] overflow-auto rounded-lg border border-line bg-panel"
    >
      <table className={tableClass}>
        <thead className="sticky top-0 bg-panel">
          <tr>
            <th scope="col">{words.day}</th>
            <th scope="col" className="text-right!">
              {words.headers}
            </th>
            <th scope="col" className="text-right!">
              {words.samples}
            </th>
            <th scope="col" className="text-right!">
              {words.heldColumn}
            </th>
            <th scope="col" className="text-right!">
              {words.bytes}
            </th>
            <th scope="col">{words.goesAt}</th>
          </tr>
        </thead>
        <tbody className="num">
          {days.map((kept) => (
            <tr key={kept.day}>
              <td>{utcDay(kept.day)}</td>
              <td className="text-right">{count(kept.headers)}</td>
              <td className="text-right">{count(kept.samples)}</td>
              <td className="text-right">{kept.held > 0 ? count(kept.held) : ''}</td>
              <td className="text-right">{size(kept.bytes)}</td>
              <td title={utcTime(kept.goesAt)}>
                {momentInText(kept.goesAt, now)}{' '}
                <span className="text-faint">
                  · {Date.parse(kept.goesAt) <= now ? words.goesNow : relative(kept.goesAt, now)}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  )
}
