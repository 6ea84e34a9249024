/** Counts place by place: how much concerns the person, and what of it stays. */

import type { RequestLocation } from '../../../contract/requests.ts'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { classes } from '../../ui/classes.ts'
import { tableClass } from '../../ui/table.ts'

const words = text.requests

export interface PlacesProps {
  label: string
  places: readonly RequestLocation[]
  /** heading of the first number */
  found: string
  /** the number without what stays */
  net?: boolean
}

/** Places that hold something as a table; the empty ones in one sentence. */
export function Places({ label, places, found, net }: PlacesProps) {
  const full = places.filter((place) => place.count > 0)
  const empty = places.filter((place) => place.count === 0)
  const stays = full.some(({ excepted }) => excepted > 0)
  return (
    <>
      {full.length > 0 ? (
        <div className="mt-2 overflow-hidden rounded-lg border border-line">
          <table aria-label={label} className={classes(tableClass, '[&_td]:h-auto! [&_td]:py-1.5 [&_td]:align-top')}>
            <thead>
              <tr>
                <th scope="col">{words.search.place}</th>
                <th scope="col" className="w-20 text-right!">
                  {found}
                </th>
                {stays ? (
                  <>
                    <th scope="col" className="w-20 text-right!">
                      {words.preview.stays}
                    </th>
                    <th scope="col" className="w-[44%]">
                      {words.preview.why}
                    </th>
                  </>
                ) : null}
              </tr>
            </thead>
            <tbody>
              {full.map(({ place, count: all, excepted, why }) => (
                <tr key={place}>
                  <td>{place}</td>
                  <td className="num text-right font-[550]">{count(net ? all - excepted : all)}</td>
                  {stays ? (
                    <>
                      <td className={classes('num text-right', excepted > 0 ? 'text-wait' : 'text-faint')}>
                        {excepted > 0 ? count(excepted) : text.common.dash}
                      </td>
                      <td className="text-dim">{excepted > 0 ? why : ''}</td>
                    </>
                  ) : null}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      {empty.length > 0 ? (
        <p className="mt-1.5 text-faint text-sm">{words.search.empty(empty.map(({ place }) => place).join(', '))}</p>
      ) : null}
    </>
  )
}
