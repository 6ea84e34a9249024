/** One of the own requests: how far it is, what happened, and what there is to take. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Check, Loader, X } from 'lucide-react'
import { useState } from 'react'
import { toast } from 'sonner'
import type { PortalRequest } from '../../../contract/portal.ts'
import type { ExportView } from '../../../contract/requests.ts'
import type { RequestState } from '../../../model/request.ts'
import { type Client, problemOf, useApi } from '../../api.ts'
import { BackBar } from '../../components/back-bar.tsx'
import { count, longDay, momentInText, size, utcTime } from '../../format.ts'
import { text } from '../../text.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { useNarrow } from '../../ui/narrow.ts'
import { ScrollRegion } from '../../ui/scroll.tsx'
import { Time, useNow } from '../../ui/time.tsx'
import { DaysLeft } from './clock.tsx'
import { Answer, Card, Fact } from './page.tsx'
import { TakeExport } from './take-package.tsx'

const words = text.panel.requests

/** While something is under way it is asked for again this often, in milliseconds. */
const AGAIN_MS = 15_000

type Detail = Awaited<ReturnType<Client['own']['request']>>

export function RequestDetail({ id, onClose }: { id: number; onClose: () => void }) {
  const { queries } = useApi()
  const narrow = useNarrow()
  const request = useQuery(queries.own.request.queryOptions({ input: { id }, refetchInterval: AGAIN_MS }))
  const label = words.number(count(id))
  return (
    <aside aria-label={label} className="relative flex min-h-0 flex-1 flex-col bg-panel">
      {narrow ? (
        <BackBar label={words.title} onBack={onClose} />
      ) : (
        <div className="absolute top-2.5 right-4 z-10">
          <IconButton label={words.close} shortcut="Esc" onClick={onClose} className="bg-panel">
            <X size={15} />
          </IconButton>
        </div>
      )}
      <ScrollRegion label={label} className="min-h-0 flex-1 overflow-y-auto px-[18px] pt-4 pb-6">
        <Answer of={request} lines={8}>
          {(data) => <Loaded request={data} />}
        </Answer>
      </ScrollRegion>
    </aside>
  )
}

function Loaded({ request }: { request: Detail }) {
  return (
    <div className="grid gap-5">
      <div>
        <h2 className="pr-8 font-semibold text-lg tracking-[-0.01em]">
          {words.kind[request.kind]} <span className="font-normal text-faint">· {words.number(count(request.id))}</span>
        </h2>
        <div className="mt-1 flex flex-wrap items-center gap-2">
          <DaysLeft request={request} />
          <span className="min-w-0 break-words text-dim">
            {request.track === 'holder' ? words.ownLong : words.about(request.subject)}
          </span>
        </div>
      </div>
      <DataExports request={request} />
      <Path request={request} />
      <Card>
        <dl>
          <Fact name={words.received}>
            <Time at={request.receivedAt} />
          </Fact>
          <Fact name={words.due}>
            <span title={utcTime(request.dueAt)}>{longDay(request.dueAt)}</span>
            {request.extended ? <span className="text-dim"> ({words.extended})</span> : null}
          </Fact>
          {request.text ? (
            <Fact name={words.text}>
              <span className="whitespace-pre-wrap">{request.text}</span>
            </Fact>
          ) : null}
          {request.receipts.length > 0 ? (
            <Fact name={words.receipts}>{request.receipts.map((id) => words.receipt(count(id))).join(', ')}</Fact>
          ) : null}
        </dl>
      </Card>
      <Events request={request} />
      <Withdraw request={request} />
    </div>
  )
}

const path = ['received', 'identified', 'decided', 'executed', 'answered'] as const
const reached: Record<RequestState, number> = {
  received: 0,
  identified: 1,
  decided: 2,
  executing: 2,
  executed: 3,
  answered: 4,
  closed: 4,
}

/** The steps to the answer. One that ended otherwise (withdrawn, refused) did not go all of them. */
function Path({ request }: { request: PortalRequest }) {
  const { state, outcome } = request
  if (outcome === 'withdrawn' || outcome === 'refused') return null
  const at = reached[state]
  const over = state === 'answered' || state === 'closed'
  return (
    <section aria-label={words.path}>
      <h3 className="section-title mb-2">{words.path}</h3>
      <ol className="grid gap-0 md:grid-cols-5">
        {path.map((step, index) => {
          const done = index <= at
          const next = index === at + 1 && !over
          return (
            <li
              key={step}
              aria-current={next ? 'step' : undefined}
              className="flex items-center gap-2 py-1 md:grid md:content-start md:justify-items-start md:gap-1"
            >
              <span
                aria-hidden
                className={classes(
                  'grid size-5 shrink-0 place-items-center rounded-full border',
                  done ? 'border-ok bg-ok-s text-ok' : next ? 'border-accent text-accent' : 'border-line',
                )}
              >
                {done ? <Check size={12} /> : next && state === 'executing' ? <Loader size={12} /> : null}
              </span>
              <span className={done ? undefined : next ? 'text-text' : 'text-dim'}>
                {words.step[step]}
                {next && state === 'executing' ? <span className="text-dim"> ({words.underWay})</span> : null}
              </span>
            </li>
          )
        })}
      </ol>
    </section>
  )
}

function DataExports({ request }: { request: Detail }) {
  const [taking, setTaking] = useState<ExportView>()
  const now = useNow()
  const { dataExports } = request
  if (dataExports.length === 0) return null
  return (
    <section aria-label={words.dataExports}>
      <h3 className="section-title mb-2">{words.dataExports}</h3>
      <Card>
        <ul>
          {dataExports.map((one) => (
            <li
              key={one.id}
              className="flex flex-wrap items-center gap-x-3 gap-y-2 border-line-soft border-t px-3.5 py-2.5 first:border-t-0"
            >
              <div className="min-w-0 flex-1 basis-48">
                <div className="num font-medium">
                  {words.package(one.records, count(one.records))} · {size(one.bytes)}
                </div>
                <div className="text-dim">{stateOf(one, now)}</div>
              </div>
              {one.available && !one.needsReview ? (
                <Button kind="primary" onClick={() => setTaking(one)}>
                  {words.take}
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      </Card>
      {taking ? <TakeExport id={taking.id} request={request.id} onClose={() => setTaking(undefined)} /> : null}
    </section>
  )
}

function stateOf(one: ExportView, now: number): string {
  if (!one.available) return words.exportGone
  return one.needsReview ? words.exportWaits : words.exportUntil(momentInText(one.expiresAt, now))
}

function Events({ request }: { request: Detail }) {
  return (
    <section aria-label={words.events}>
      <h3 className="section-title mb-2">{words.events}</h3>
      <ol className="grid gap-1.5">
        {request.events.map((event) => (
          <li key={`${event.at} ${event.text}`} className="grid gap-x-3 md:grid-cols-[minmax(0,1fr)_auto]">
            <span>{event.text}</span>
            <span className="text-dim text-sm">
              <Time at={event.at} ago={false} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** Nothing has been decided yet: then it can still be taken back. */
function Withdraw({ request }: { request: PortalRequest }) {
  const { client, queries } = useApi()
  const cache = useQueryClient()
  const [asking, setAsking] = useState(false)
  const withdraw = useMutation({
    mutationFn: () => client.own.withdrawRequest({ id: request.id }),
    onSuccess: () => {
      toast.success(words.withdrawn)
      setAsking(false)
    },
    onError: (error) => {
      const { what, change } = problemOf(error)
      toast.error(what, { description: change })
    },
    onSettled: () =>
      Promise.all(
        [queries.own.requests, queries.own.request].map((q) => cache.invalidateQueries({ queryKey: q.key() })),
      ),
  })
  if (request.state !== 'received' && request.state !== 'identified') return null
  return (
    <div>
      <Button onClick={() => setAsking(true)}>{words.withdraw}</Button>
      <ConfirmDialog
        open={asking}
        title={words.withdrawTitle}
        help={words.withdrawHelp}
        confirm={words.withdrawGo}
        busy={withdraw.isPending}
        onConfirm={() => withdraw.mutate()}
        onClose={() => setAsking(false)}
      />
    </div>
  )
}
