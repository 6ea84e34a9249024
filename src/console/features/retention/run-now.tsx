/** Destroying what is overdue now: first the counts, then the order. */

import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { toast } from 'sonner'
import type { RetentionPlan } from '../../../contract/retention.ts'
import { problemOf, useApi } from '../../api.ts'
import { daysInText, headersInText, samplesInText } from '../../components/kept/words.ts'
import { count, size } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ProblemNote } from '../../ui/state.tsx'
import { useRefreshed } from './fresh.ts'

const words = text.retention.run
/** a day may end while a person reads */
const PREVIEW_MS = 3000

function destroys(plan: RetentionPlan | undefined): boolean {
  return plan !== undefined && plan.headers + plan.samples > 0
}

export function RunNow({ onClose }: { onClose: () => void }) {
  const { client, queries } = useApi()
  const navigate = useNavigate()
  const refreshed = useRefreshed()
  const preview = useQuery(
    queries.retention.plan.queryOptions({ input: {}, staleTime: 0, gcTime: 0, refetchInterval: PREVIEW_MS }),
  )
  const run = useMutation({
    mutationFn: () => client.retention.run(),
    onSuccess: async ({ receipts }) => {
      await refreshed()
      onClose()
      toast.success(words.done(receipts.length, count(receipts.length)), {
        action:
          receipts.length > 0
            ? {
                label: words.show,
                onClick: () =>
                  void navigate({ to: '/retention/{-$view}/{-$id}', params: { view: 'receipts' }, search: {} }),
              }
            : undefined,
      })
    },
  })
  const plan = preview.data
  const failure = run.error ?? preview.error
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.title}
      description={words.help}
      footer={
        <>
          <Button onClick={onClose}>{text.common.cancel}</Button>
          <Button
            kind={destroys(plan) ? 'danger' : 'primary'}
            disabled={plan === undefined || run.isPending}
            onClick={() => run.mutate()}
          >
            {run.isPending
              ? words.running
              : plan && destroys(plan)
                ? words.goWith(headersInText(plan.headers))
                : words.go}
          </Button>
        </>
      }
    >
      <div className="grid gap-3 px-5 pt-2 pb-3">
        <div className="num min-h-[54px] rounded-md bg-sunken px-3 py-2" aria-live="polite">
          <Preview plan={plan} />
        </div>
        {failure ? <ProblemNote {...problemOf(failure)} /> : null}
      </div>
    </Dialog>
  )
}

function Preview({ plan }: { plan: RetentionPlan | undefined }) {
  if (!plan) return <span className="text-faint">{words.counting}</span>
  if (!destroys(plan)) return <>{words.nothing}</>
  const held = plan.days.reduce((sum, day) => sum + day.stillHeld, 0)
  const live = plan.days.reduce((sum, day) => sum + day.stillLive, 0)
  return (
    <>
      <div>
        {words.would(headersInText(plan.headers), samplesInText(plan.samples), daysInText(plan.days.length))}{' '}
        {words.frees(size(plan.bytes))}
      </div>
      {held + live > 0 ? <div className="text-dim">{words.stays(count(held), count(live))}</div> : null}
    </>
  )
}
