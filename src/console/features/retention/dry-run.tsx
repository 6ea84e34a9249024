/** Dry run: what a run would destroy, now or at another moment. Nothing is changed. */

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { RetentionPlan } from '../../../contract/retention.ts'
import { problemOf, useApi } from '../../api.ts'
import { fromLocalInput, toLocalInput } from '../../components/local-time.ts'
import { count, exactTime, size, utcDay, utcTime } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Segments } from '../../ui/choice.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { ScrollRegion } from '../../ui/scroll.tsx'
import { ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { tableClass } from '../../ui/table.ts'

const words = text.retention.dryRun
const WEEK_MS = 7 * 86_400_000

type When = 'now' | 'moment'

export function DryRun({ onClose }: { onClose: () => void }) {
  const { queries } = useApi()
  const [when, setWhen] = useState<When>('now')
  const [moment, setMoment] = useState(() => toLocalInput(Date.now() + WEEK_MS))
  const at = when === 'now' ? undefined : fromLocalInput(moment)
  const bad = when === 'moment' && at === undefined
  const plan = useQuery(
    queries.retention.plan.queryOptions({
      input: at === undefined ? {} : { at },
      enabled: !bad,
      staleTime: 0,
      placeholderData: keepPreviousData,
    }),
  )
  return (
    <Dialog
      open
      onClose={onClose}
      wide
      title={words.title}
      description={words.help}
      footer={<Button onClick={onClose}>{text.common.close}</Button>}
    >
      <div className="grid gap-3 px-5 pt-2 pb-3">
        <div className="flex h-[49px] items-end gap-3">
          <Segments
            label={words.when}
            value={when}
            onChange={setWhen}
            options={[
              { value: 'now', label: words.now },
              { value: 'moment', label: words.moment },
            ]}
          />
          {when === 'moment' ? (
            <Field
              label={words.momentLabel}
              type="datetime-local"
              className="w-56"
              value={moment}
              aria-invalid={bad || undefined}
              onChange={(event) => setMoment(event.target.value)}
            />
          ) : null}
        </div>
        <div className="h-[300px]">
          {bad ? (
            <p className="text-dim">{words.badMoment}</p>
          ) : plan.isError ? (
            <ProblemNote {...problemOf(plan.error)} onRetry={() => void plan.refetch()} />
          ) : plan.data === undefined ? (
            <SkeletonLines lines={6} />
          ) : plan.data.days.length === 0 ? (
            <div className="grid h-full content-center justify-items-center rounded-lg border border-line bg-panel">
              <p className="font-[550] text-lg">{words.nothing}</p>
              <p className="text-dim">{words.nothingHelp}</p>
            </div>
          ) : (
            <PlanTable plan={plan.data} />
          )}
        </div>
        <p className="num h-[19px] text-faint text-sm">
          {plan.data ? (
            <span title={utcTime(plan.data.at)}>{words.at(exactTime(plan.data.at, Date.now()))}</span>
          ) : null}
        </p>
      </div>
    </Dialog>
  )
}

function staysInText({ stillHeld, stillLive }: RetentionPlan['days'][number]): string {
  const parts = [
    stillHeld > 0 ? words.staysHeld(count(stillHeld)) : '',
    stillLive > 0 ? words.staysLive(count(stillLive)) : '',
  ]
  return parts.filter(Boolean).join(', ') || text.common.dash
}

function PlanTable({ plan }: { plan: RetentionPlan }) {
  const columns = text.retention.strip
  return (
    <ScrollRegion label={words.title} className="max-h-full overflow-auto rounded-lg border border-line bg-panel">
      <table className={tableClass}>
        <thead className="sticky top-0 bg-panel">
          <tr>
            <th scope="col">{words.day}</th>
            <th scope="col" className="text-right!">
              {columns.headers}
            </th>
            <th scope="col" className="text-right!">
              {columns.samples}
            </th>
            <th scope="col" className="text-right!">
              {columns.bytes}
            </th>
            <th scope="col">{words.stays}</th>
          </tr>
        </thead>
        <tbody className="num">
          {plan.days.map((day) => (
            <tr key={day.day}>
              <td>{utcDay(day.day)}</td>
              <td className="text-right">{count(day.headers)}</td>
              <td className="text-right">{count(day.samples)}</td>
              <td className="text-right">{size(day.bytes)}</td>
              <td className="text-dim">{staysInText(day)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot className="num sticky bottom-0 bg-sunken font-[550] [&_td]:border-line [&_td]:border-t [&_td]:border-b-0">
          <tr>
            <td>{words.total}</td>
            <td className="text-right">{count(plan.headers)}</td>
            <td className="text-right">{count(plan.samples)}</td>
            <td className="text-right">{size(plan.bytes)}</td>
            <td />
          </tr>
        </tfoot>
      </table>
    </ScrollRegion>
  )
}
