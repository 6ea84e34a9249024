/** One message: the verdict in plain words, then the facts behind it. Never its content. */

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { MailQuestionMark, X } from 'lucide-react'
import { useState } from 'react'
import type { MessageDetailView } from '../../../contract/messages.ts'
import { isFinal } from '../../../model/delivery.ts'
import type { QueueAction } from '../../../model/filter.ts'
import { type StatusTone, statusLineOf } from '../../../model/statusLine.ts'
import { problemOf, refusalCode, useStream } from '../../api.ts'
import { BackBar } from '../../components/back-bar.tsx'
import { QueueActionDialog, type QueueActionOrder } from '../../components/queue-action.tsx'
import { count, dayInText, momentInText, size } from '../../format.ts'
import { text } from '../../text.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { Copyable } from '../../ui/copy.tsx'
import { useNarrow } from '../../ui/narrow.ts'
import { ScrollRegion } from '../../ui/scroll.tsx'
import { Empty, ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { Time, useNow } from '../../ui/time.tsx'
import { Deliveries } from './deliveries.tsx'
import { Headers } from './header-block.tsx'
import { HeldMark } from './held.tsx'
import { Keep } from './keep.tsx'
import { useMessageSource } from './source.ts'

const tones: Record<StatusTone, string> = {
  good: 'bg-ok-s [&_b]:text-ok',
  sending: 'bg-info-s [&_b]:text-info',
  waiting: 'bg-wait-s [&_b]:text-wait',
  held: 'bg-held-s [&_b]:text-held',
  bad: 'bg-bad-s [&_b]:text-bad',
}

export interface MessageDetailProps {
  id: string
  onClose: () => void
}

export function MessageDetail({ id, onClose }: MessageDetailProps) {
  const cache = useQueryClient()
  const { own, get, keyOf } = useMessageSource()
  const narrow = useNarrow()
  const queryKey = keyOf(id)
  const message = useQuery({ queryKey, queryFn: ({ signal }) => get(id, signal), staleTime: 0 })
  useStream(
    own ? undefined : `message ${id}`,
    (client, signal) => client.messages.tail({ filter: { id } }, { signal }),
    () => void cache.invalidateQueries({ queryKey }),
  )
  return (
    <aside aria-label={message.data?.subject || id} className="relative flex min-h-0 flex-1 flex-col bg-panel">
      {narrow ? (
        <BackBar label={text.messages.title} onBack={onClose} />
      ) : (
        <div className="absolute top-2.5 right-4 z-10">
          <IconButton label={text.message.close} shortcut="Esc" onClick={onClose} className="bg-panel">
            <X size={15} />
          </IconButton>
        </div>
      )}
      <ScrollRegion label={text.message.facts} className="min-h-0 flex-1 overflow-y-auto px-[18px] pt-4 pb-6">
        {message.data ? (
          <Loaded message={message.data} own={own} />
        ) : message.isPending ? (
          <div className="pt-1 pr-10">
            <SkeletonLines lines={9} />
          </div>
        ) : refusalCode(message.error) === 'NOT_FOUND' ? (
          <Empty
            icon={<MailQuestionMark size={26} strokeWidth={1.4} />}
            title={text.message.gone}
            help={text.message.goneHelp}
          />
        ) : (
          <ProblemNote {...problemOf(message.error)} onRetry={() => void message.refetch()} className="mt-8" />
        )}
      </ScrollRegion>
    </aside>
  )
}

function Loaded({ message, own }: { message: MessageDetailView; own: boolean }) {
  return (
    <>
      <h2 className="pr-8 font-semibold text-lg tracking-[-0.01em] select-text">
        {message.subject || <span className="text-faint">{text.messages.noSubject}</span>}
      </h2>
      <div className="mt-0.5 flex items-center gap-2 text-dim">
        {own ? null : <span>{message.account}</span>}
        <Copyable value={message.id} what={text.messages.column.id} />
        {message.held ? <HeldMark /> : null}
      </div>
      <FindingNote message={message} />
      {own ? null : <Actions message={message} />}
      <Facts message={message} />
      <Deliveries deliveries={message.deliveries} />
      <Headers raw={message.headers} />
      <Keep message={message} />
    </>
  )
}

function FindingNote({ message }: { message: MessageDetailView }) {
  const now = useNow()
  const verdict = statusLineOf(
    {
      deliveries: message.deliveries.map((delivery) => ({
        ...delivery,
        nextAttemptAt: delivery.nextAttemptAt === null ? undefined : Date.parse(delivery.nextAttemptAt),
      })),
      givesUpAt: message.givesUpAt === null ? undefined : Date.parse(message.givesUpAt),
    },
    { moment: (ms) => momentInText(ms, now), day: dayInText },
  )
  return (
    <p className={classes('my-3 rounded-md px-3 py-2.5', tones[verdict.tone])} aria-live="polite">
      <b className="font-semibold">{verdict.lead}</b> {verdict.rest.join(' ')}
    </p>
  )
}

/** The actions that could change something, from the states the deliveries are in. */
function possible(message: MessageDetailView): QueueAction[] {
  const states = new Set(message.deliveries.map((delivery) => delivery.state))
  const waiting = states.has('queued') || states.has('deferred')
  return [
    ...(states.has('deferred') ? (['retry'] as const) : []),
    ...(waiting ? (['hold'] as const) : []),
    ...(states.has('held') ? (['release'] as const) : []),
    ...(waiting || states.has('held') ? (['cancel'] as const) : []),
  ]
}

function Actions({ message }: { message: MessageDetailView }) {
  const [order, setOrder] = useState<QueueActionOrder>()
  const actions = possible(message)
  if (actions.length === 0) return null
  const deliveries = message.deliveries
    .filter((delivery) => !isFinal(delivery.state))
    .map(({ ordinal }) => ({ message: message.id, ordinal }))
  // a thousand names are the most a filter takes; beyond, the message stands for all of them
  const filter = deliveries.length <= 1000 ? { deliveries } : { message: message.id }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div role="group" aria-label={text.message.actions} className="mb-3 flex gap-1.5">
      {actions.map((action) => (
        <Button key={action} small onClick={() => setOrder({ action, filter })}>
          {text.queue.action[action]}
          {action === 'cancel' ? '…' : ''}
        </Button>
      ))}
      <QueueActionDialog order={order} onClose={() => setOrder(undefined)} />
    </div>
  )
}

function Facts({ message }: { message: MessageDetailView }) {
  const words = text.message.fact
  const { envelope, client } = message
  const terms = text.message.envelope
  const transport = [
    envelope.body === '8bitmime' ? terms.eightBit : terms.sevenBit,
    envelope.smtputf8 && terms.utf8,
    envelope.ret && terms.ret(envelope.ret),
    envelope.envid && terms.envid(envelope.envid),
  ]
  return (
    <dl className="grid grid-cols-[84px_minmax(0,1fr)] gap-x-2.5 gap-y-1 [&_dd]:min-w-0 [&_dd]:truncate [&_dt]:text-faint">
      <dt>{words.from}</dt>
      <dd>{message.from ? <Copyable value={message.from} what={words.from} /> : text.messages.noSender}</dd>
      <dt>{words.accepted}</dt>
      <dd>
        <Time at={message.acceptedAt} />
      </dd>
      <dt>{words.client}</dt>
      <dd>
        <span className="mono text-dim">{client.helo} </span>
        <Copyable value={client.address} what={words.client} />
      </dd>
      <dt>{words.tls}</dt>
      <dd className="mono">{client.tls ?? <span className="text-faint">{text.message.plain}</span>}</dd>
      <dt>{words.credential}</dt>
      <dd>
        {message.credential === null ? text.message.relayItself : <span className="mono">{message.credential}</span>}
      </dd>
      <dt>{words.messageId}</dt>
      <dd>{message.messageId ? <Copyable value={message.messageId} what={words.messageId} /> : text.common.dash}</dd>
      <dt>{words.envelope}</dt>
      <dd>{transport.filter(Boolean).join(' · ')}</dd>
      <dt>{words.size}</dt>
      <dd className="num" title={`${count(message.size)} B`}>
        {size(message.size)}
      </dd>
    </dl>
  )
}
