/** Retention: the promise about how long things stay, checked; receipts of what went; legal holds. */

import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import type { Role } from '../../../model/user.ts'
import { useApi, useUser } from '../../api.ts'
import { relative, utcTime } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Tabs, tabClass } from '../../ui/tabs.tsx'
import { useNow } from '../../ui/time.tsx'
import { DryRun } from './dry-run.tsx'
import { useOverview } from './fresh.ts'
import { Holds } from './holds.tsx'
import { Promised } from './promise.tsx'
import { Receipts } from './receipts.tsx'
import { RunNow } from './run-now.tsx'
import { type Ask, type RetentionView, readView } from './view.ts'

const words = text.retention

/** Who may see holds; receipts and the promise are for all staff. */
const seeHolds: readonly Role[] = ['admin', 'reviewer', 'auditor']

export function RetentionScreen() {
  const params = useParams({ from: '/retention/{-$view}/{-$id}' })
  const { ask } = useSearch({ from: '/retention/{-$view}/{-$id}' })
  const { role } = useUser()
  const navigate = useNavigate()
  const mayHold = seeHolds.includes(role)
  const asked = readView(params.view)
  const view = asked === 'holds' && !mayHold ? undefined : asked
  const setAsk = (next: Ask | undefined): void =>
    void navigate({ to: '/retention/{-$view}/{-$id}', params, search: next ? { ask: next } : {}, replace: true })
  const admin = role === 'admin'
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-center gap-3 border-line border-b bg-panel px-4 py-[9px]">
        <h1 className="font-semibold">{words.title}</h1>
        <Tabs label={words.views}>
          <ViewLink view={undefined} current={view} label={words.promise} />
          <ViewLink view="receipts" current={view} label={words.receipts.title} />
          {mayHold ? <ViewLink view="holds" current={view} label={words.holds.short} /> : null}
        </Tabs>
        <Runs />
        <span className="ml-auto" />
        {view === 'holds' && admin ? <Button onClick={() => setAsk('hold')}>{words.holds.place}</Button> : null}
        <Button onClick={() => setAsk('plan')}>{words.dryRun.open}</Button>
        {admin ? <Button onClick={() => setAsk('run')}>{words.run.open}</Button> : null}
      </div>
      {view === 'receipts' ? (
        <Receipts id={params.id} />
      ) : view === 'holds' ? (
        <Holds id={params.id} placing={ask === 'hold' && admin} onPlaced={() => setAsk(undefined)} />
      ) : (
        <Promised />
      )}
      {ask === 'plan' ? <DryRun onClose={() => setAsk(undefined)} /> : null}
      {ask === 'run' && admin ? <RunNow onClose={() => setAsk(undefined)} /> : null}
    </div>
  )
}

interface ViewLinkProps {
  view: RetentionView | undefined
  current: RetentionView | undefined
  label: string
}

function ViewLink({ view, current, label }: ViewLinkProps) {
  return (
    <Link
      to="/retention/{-$view}/{-$id}"
      params={{ view }}
      search={{}}
      aria-current={view === current ? 'page' : undefined}
      className={tabClass(view === current)}
    >
      {label}
    </Link>
  )
}

/** When the last run was and the next will be. */
function Runs() {
  const { queries } = useApi()
  const overview = useOverview()
  const status = useQuery(queries.status.get.queryOptions())
  const now = useNow()
  const { lastRun, nextRun } = status.data?.retention ?? overview.data ?? { lastRun: undefined, nextRun: undefined }
  if (lastRun === undefined) return null
  return (
    <span className="num min-w-0 truncate text-dim">
      {nextRun ? <span title={utcTime(nextRun)}>{words.nextRun(relative(nextRun, now))}</span> : null}
      <span className="text-faint">
        {nextRun ? ' · ' : ''}
        {lastRun ? <span title={utcTime(lastRun)}>{words.lastRun(relative(lastRun, now))}</span> : words.neverRun}
      </span>
    </span>
  )
}
