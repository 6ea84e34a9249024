/** The queue as the store offers it: messages cross to the writer as rows, and whoever shows them is told what changed. */

import { type DeliveryState, isFinal } from '../../../model/delivery.ts'
import type { Tell } from '../../events.ts'
import type { ActResult, NewMessage, QueueStore } from '../../store.ts'
import type { Archiver } from '../days/archiver.ts'
import type { SampleMoves } from '../samples/client.ts'
import { type EncodedMessage, encodeMessage } from '../thread/protocol.ts'
import { codeOf } from '../thread/schema.ts'
import type { StorageWatch } from '../thread/storageWatch.ts'
import type { Threads } from '../threads/threads.ts'
import type { ActPiece } from './actions.ts'

/** Deliveries an order changes in one transaction. */
const ACT_PIECE = 500
/** Messages an order names at most. */
const NAMED = 1000
/** How long counts of the queue are good for: longer when counting took long, in milliseconds. */
const COUNTS_MS = 1000

export interface QueueParts extends Threads {
  archiver: Archiver
  sampleMoves: SampleMoves
  tell: Tell
  storage: Pick<StorageWatch, 'mustBeWell'>
}

function encode(message: NewMessage): EncodedMessage {
  const open = message.deliveries.filter((delivery) => !isFinal(delivery.state)).length
  return encodeMessage(message, codeOf as (state: DeliveryState) => number, open)
}

/** Keeps an answer for a while: at least `COUNTS_MS`, and ten times as long as it took to find. */
function remembered<T>(find: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined
  let until = 0
  return () => {
    if (answer && performance.now() < until) return answer
    const began = performance.now()
    until = Number.POSITIVE_INFINITY
    answer = find().finally(() => {
      until = performance.now() + Math.max(COUNTS_MS, 10 * (performance.now() - began))
    })
    return answer
  }
}

/** Builds the part of the store that keeps the queue. */
export function createQueue(parts: QueueParts): QueueStore {
  const { writer, reader, history, archiver, sampleMoves, tell } = parts
  return {
    async accept(message) {
      parts.storage.mustBeWell()
      const sampled = await writer.queue.accept(encode(message))
      if (sampled) sampleMoves.wake()
      tell('messages changed', [message.record.id])
      return { sampled }
    },
    async claim(jobs, startedAt) {
      const claimed = await writer.queue.claim(jobs, startedAt)
      if (claimed.length > 0)
        tell(
          'messages changed',
          claimed.map((job) => job.record.id),
        )
      return claimed
    },
    async recordResult(attemptResult) {
      const notifications = attemptResult.notifications.map(encode)
      const finished = await writer.queue.recordResult({ ...attemptResult, notifications })
      if (finished) archiver.add([attemptResult.message])
      tell('messages changed', [attemptResult.message, ...attemptResult.notifications.map(({ record }) => record.id)])
    },
    due: (destination, limit) => history.days.due(destination, limit),
    destinations: async () => new Map(await history.days.destinations()),
    recover: async (at) => (await writer.orders.recover(at)).length,
    sending: () => reader.queue.sending(),
    async interrupt(attempts, now) {
      const { messages, destinations } = await writer.orders.interrupt({ attempts, now })
      if (messages.length > 0) tell('messages changed', messages)
      return destinations
    },
    act: (...order) => act(parts, ...order),
    preview: (action, filter) => reader.queue.preview(action, filter),
    reroute: (to) => reroute(parts, to),
    counts: remembered(() => reader.queue.counts()),
    groups: (by, at, bands) => reader.queue.groups(by, at, [...bands]),
    list: (filter, limit, cursor) => reader.queue.list(filter, limit, cursor),
  }
}

/** Carries an operator's order out, piece by piece. */
async function act(
  { writer, archiver, tell }: QueueParts,
  ...[action, filter, reason, now]: Parameters<QueueStore['act']>
): Promise<ActResult> {
  const result: ActResult = { deliveries: 0, skipped: 0, messages: [], destinations: [] }
  const destinations = new Set<string>()
  let after: ActPiece['after']
  do {
    const piece: ActPiece = await writer.orders.act({ action, filter, reason, now, after, limit: ACT_PIECE })
    result.deliveries += piece.deliveries
    result.skipped += piece.skipped
    if (result.messages.length < NAMED) result.messages.push(...piece.messages)
    for (const destination of piece.destinations) destinations.add(destination)
    archiver.add(piece.finished)
    if (piece.messages.length > 0) tell('messages changed', piece.messages)
    after = piece.after
  } while (after)
  return { ...result, messages: result.messages.slice(0, NAMED), destinations: [...destinations] }
}

async function reroute({ writer, reader }: QueueParts, to: (recipient: string) => string): Promise<void> {
  let after: [number, number] = [-1, -1]
  for (;;) {
    const rows = await reader.queue.waiting(after, ACT_PIECE)
    const changes = rows.flatMap((row) => {
      const destination = to(row.recipient)
      return destination === row.destination ? [] : [{ ...row, destination }]
    })
    if (changes.length > 0) await writer.orders.reroute(changes)
    const last = rows.at(-1)
    if (!last || rows.length < ACT_PIECE) return
    after = [last.message, last.ordinal]
  }
}
