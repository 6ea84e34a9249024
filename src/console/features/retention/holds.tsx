/** Legal holds: what keeps records past their day, why, and until when. */

import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Scale } from 'lucide-react'
import type { HoldView } from '../../../contract/retention.ts'
import { problemOf, useApi, useUser } from '../../api.ts'
import { scopeInText } from '../../components/hold-scope.tsx'
import { count, shortTime, utcTime } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { useKeys } from '../../ui/keys.ts'
import { ScrollRegion } from '../../ui/scroll.tsx'
import { Split } from '../../ui/split.tsx'
import { Empty, ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { tableClass } from '../../ui/table.ts'
import { useAuditGrowth } from './fresh.ts'
import { HoldDetail } from './hold-detail.tsx'
import { PlaceHold } from './hold-form.tsx'
import { HoldState } from './hold-state.tsx'

const words = text.retention.holds
const address = '/retention/{-$view}/{-$id}'

export interface HoldsProps {
  /** of the hold that is open, as written in the address */
  id: string | undefined
  /** whether the form for a new one is open */
  placing: boolean
  onPlaced: () => void
}

export function Holds({ id, placing, onPlaced }: HoldsProps) {
  const { queries } = useApi()
  const { role } = useUser()
  const navigate = useNavigate()
  const holds = useQuery(queries.retention.holds.queryOptions())
  useAuditGrowth(() => void holds.refetch({ cancelRefetch: false }))
  const open = (next: string | undefined): void =>
    void navigate({ to: address, params: { view: 'holds', id: next }, search: {} })
  const step = (delta: number): void => {
    const list = holds.data ?? []
    const at = list.findIndex((hold) => String(hold.id) === id)
    const next = list[Math.max(0, Math.min(at + delta, list.length - 1))]
    if (next) open(String(next.id))
  }
  useKeys({ Escape: () => id !== undefined && open(undefined), j: () => step(1), k: () => step(-1) })
  return (
    <>
      <Split
        name="holds"
        label={words.title}
        main={
          holds.data === undefined ? (
            <div className="flex-1 bg-panel p-4">
              {holds.isError ? (
                <ProblemNote
                  what={problemOf(holds.error).what || words.failed}
                  change={problemOf(holds.error).change}
                  onRetry={() => void holds.refetch()}
                />
              ) : (
                <SkeletonLines lines={5} />
              )}
            </div>
          ) : holds.data.length === 0 ? (
            <div className="flex-1 bg-panel">
              <Empty icon={<Scale size={26} strokeWidth={1.4} />} title={words.none} help={words.noneHelp}>
                {role === 'admin' ? (
                  <Button
                    onClick={() =>
                      void navigate({ to: address, params: { view: 'holds' }, search: { ask: 'hold' }, replace: true })
                    }
                  >
                    {words.place}
                  </Button>
                ) : null}
              </Empty>
            </div>
          ) : (
            <HoldTable holds={holds.data} current={id} />
          )
        }
        side={
          id === undefined ? undefined : (
            <HoldDetail
              key={id}
              id={Number(id)}
              hold={holds.data?.find((hold) => String(hold.id) === id)}
              waiting={holds.data === undefined}
              onClose={() => open(undefined)}
            />
          )
        }
      />
      {placing ? (
        <PlaceHold
          onClose={onPlaced}
          onPlaced={(hold) => {
            onPlaced()
            open(String(hold.id))
          }}
        />
      ) : null}
    </>
  )
}

function HoldTable({ holds, current }: { holds: readonly HoldView[]; current: string | undefined }) {
  const now = Date.now()
  return (
    <ScrollRegion label={words.list} className="@container min-h-0 flex-1 overflow-auto bg-panel">
      <table className={classes(tableClass, 'table-fixed [&_td]:truncate [&_tbody_tr:last-child_td]:border-b!')}>
        <thead className="sticky top-0 z-10 bg-panel">
          <tr>
            <th scope="col" className="w-24">
              {words.short}
            </th>
            <th scope="col" className="w-[30%]">
              {words.scope}
            </th>
            <th scope="col">{text.common.reason}</th>
            <th scope="col" className="w-28">
              {words.state}
            </th>
            <th scope="col" className="hidden w-28 text-right! @2xl:table-cell" title={words.survivorsHelp}>
              {words.survivors}
            </th>
            <th scope="col" className="hidden w-[130px] @3xl:table-cell">
              {words.at}
            </th>
          </tr>
        </thead>
        <tbody>
          {holds.map((hold) => (
            <tr
              key={hold.id}
              aria-current={String(hold.id) === current || undefined}
              className={classes('relative', String(hold.id) === current ? 'bg-row-on' : 'hover:bg-row-hover')}
            >
              <td>
                <Link
                  to={address}
                  params={{ view: 'holds', id: String(hold.id) }}
                  search={{}}
                  className="num font-medium before:absolute before:inset-0 before:content-['']"
                >
                  {words.name(count(hold.id))}
                </Link>
              </td>
              <td>{scopeInText(hold.scope, now)}</td>
              <td className="text-dim">{hold.reason}</td>
              <td>
                <HoldState hold={hold} />
              </td>
              <td className="num hidden text-right @2xl:table-cell">{count(hold.headers)}</td>
              <td className="num hidden text-dim @3xl:table-cell" title={utcTime(hold.placedAt)}>
                {shortTime(hold.placedAt, now)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  )
}
