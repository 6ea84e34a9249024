/** Retry, hold, release, cancel: first the counts of what would change, then the order. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import type { QueueAction, QueueFilter } from '../../model/filter.ts'
import { problemOf, useApi } from '../api.ts'
import { count } from '../format.ts'
import { text } from '../text.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { ProblemNote } from '../ui/state.tsx'

/** the queue moves on while a person reads */
const PREVIEW_MS = 2000

/** What is asked for: the action, and which deliveries. */
export interface QueueActionOrder {
  action: QueueAction
  filter: QueueFilter
}

export interface QueueActionDialogProps {
  order: QueueActionOrder | undefined
  onClose: () => void
  onDone?: () => void
}

/** What takes back an action on named deliveries. A filter may match others by then, so only names can be undone. */
function undoOf({ action, filter }: QueueActionOrder): QueueActionOrder | undefined {
  const named = filter.deliveries !== undefined
  if (action === 'hold' && named) return { action: 'release', filter: { deliveries: filter.deliveries } }
  if (action === 'release' && named) return { action: 'hold', filter: { deliveries: filter.deliveries } }
  return undefined
}

export function QueueActionDialog({ order, onClose, onDone }: QueueActionDialogProps) {
  if (!order) return null
  return <OpenDialog key={order.action} order={order} onClose={onClose} onDone={onDone} />
}

function useAct(onDone: (() => void) | undefined) {
  const { client } = useApi()
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({ order, reason }: { order: QueueActionOrder; reason: string }) =>
      client.queue.act({ ...order, reason: reason.trim() || undefined }),
    onSuccess: (result, { order }) => {
      onDone?.()
      void cache.invalidateQueries()
      const undo = undoOf(order)
      toast.success(text.queue.actionDone[order.action](result.deliveries, count(result.deliveries)), {
        description: result.skipped > 0 ? text.queue.skippedAfter(count(result.skipped)) : undefined,
        action: undo && {
          label: text.common.undo,
          onClick: () => {
            void client.queue.act({ ...undo, reason: text.common.undo }).then(
              () => {
                void cache.invalidateQueries()
                toast.success(text.queue.undone)
              },
              (error: unknown) => toast.error(problemOf(error).what),
            )
          },
        },
      })
    },
  })
}

function OpenDialog({ order, onClose, onDone }: QueueActionDialogProps & { order: QueueActionOrder }) {
  const { queries } = useApi()
  const [reason, setReason] = useState('')
  const preview = useQuery(
    queries.queue.preview.queryOptions({ input: order, staleTime: 0, gcTime: 0, refetchInterval: PREVIEW_MS }),
  )
  const act = useAct(() => {
    onClose()
    onDone?.()
  })
  const { action } = order
  const changes = preview.data?.deliveries ?? 0
  const reasonMissing = action === 'cancel' && reason.trim() === ''
  const failure = act.error ?? preview.error
  const problem = failure ? problemOf(failure) : undefined
  const submit = (): void => {
    if (changes > 0 && !reasonMissing && !act.isPending) act.mutate({ order, reason })
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={text.queue.actionTitle[action]}
      description={text.queue.actionHelp[action]}
      footer={
        <>
          <Button onClick={onClose}>{action === 'cancel' ? text.queue.preview.keep : text.common.cancel}</Button>
          <Button
            kind={action === 'cancel' ? 'danger' : 'primary'}
            disabled={changes === 0 || reasonMissing || act.isPending}
            onClick={submit}
          >
            {changes > 0 ? text.queue.actionAsk[action](changes, count(changes)) : text.queue.action[action]}
          </Button>
        </>
      }
    >
      <form
        className="grid gap-3 px-5 pt-2 pb-3"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <Counts preview={preview.data} />
        <Field
          label={text.queue.preview.reason + (action === 'cancel' ? '' : ` (${text.common.optional})`)}
          help={action === 'cancel' && reasonMissing ? text.queue.preview.reasonNeeded : text.queue.preview.reasonHelp}
          value={reason}
          maxLength={500}
          required={action === 'cancel'}
          onChange={(event) => setReason(event.target.value)}
        />
        {problem ? <ProblemNote {...problem} /> : null}
      </form>
    </Dialog>
  )
}

function Counts({ preview }: { preview: { deliveries: number; messages: number; skipped: number } | undefined }) {
  const words = text.queue.preview
  return (
    <div className="num rounded-md bg-sunken px-3 py-2" aria-live="polite">
      {preview === undefined ? (
        <span className="text-faint">{words.counting}</span>
      ) : (
        <>
          <div>
            {preview.deliveries === 0
              ? words.nothing
              : words.changes(preview.deliveries, count(preview.deliveries), count(preview.messages))}
          </div>
          {preview.skipped > 0 ? (
            <div className="text-dim">{words.skipped(preview.skipped, count(preview.skipped))}</div>
          ) : null}
        </>
      )}
    </div>
  )
}
