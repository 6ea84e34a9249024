/** Opens a data folder: lock, look at the files, worker threads, and the store's words over them. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type DeliveryState, isFinal } from '../../../model/delivery.ts'
import type { MessageId } from '../../../model/id.ts'
import type { ActResult, ClaimedJob, DueJob, NewMessage, Store, StoreOptions } from '../../store.ts'
import type { Suppression } from '../../subjects.ts'
import { createAuditLog, write } from '../audit/client.ts'
import { createCases } from '../cases/client.ts'
import { Archiver } from '../days/archiver.ts'
import type { DayRow } from '../days/reader.ts'
import { createDirectory } from '../directory/client.ts'
import { createExportRows } from '../exports/client.ts'
import { createHolds } from '../holds/client.ts'
import { createHoldRetention } from '../holds/retention.ts'
import { createKeys } from '../keys/client.ts'
import type { SearchPage } from '../messages/search.ts'
import { createRegisters } from '../policy/client.ts'
import type { ActPiece } from '../queue/actions.ts'
import { createRequests } from '../requests/client.ts'
import { createRetention } from '../retention/client.ts'
import { createSamples, startSampleMoves } from '../samples/client.ts'
import { createSignals } from '../signals/client.ts'
import { createSubjects } from '../subjects/client.ts'
import { Channel } from '../thread/channel.ts'
import { openConnection } from '../thread/connection.ts'
import { startMaintenance } from '../thread/indexMaintenance.ts'
import { type CataloguedDay, checkDays, checkMain, harmWords } from '../thread/integrity.ts'
import { lockFolder } from '../thread/lock.ts'
import { type EncodedMessage, encodeMessage, type WorkerData } from '../thread/protocol.ts'
import { codeOf } from '../thread/schema.ts'
import { createTrust, finishDestruction } from '../trust/client.ts'
import { createTrustRequests } from '../trust/requests.ts'
import { createUsers } from '../users/client.ts'
import type { DirectoryContents } from './reader.ts'

/** Deliveries an order changes in one transaction. */
const ACT_PIECE = 500
/** What is said of samples that a decision destroyed. */
const SAMPLES_WAIT =
  'a receipt of samples that were destroyed waits until it is known that none of them is left in their file'
/** How long counts of the queue are good for: longer when counting took long, in milliseconds. */
const COUNTS_MS = 1000

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

/**
 * Opens the store.
 * @throws FolderInUse, WrongKey, WrongMain, or an error that names a file written by a newer version
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { folder } = options
  mkdirSync(join(folder, 'days'), { recursive: true, mode: 0o700 })
  const unlock = lockFolder(folder)
  try {
    return await open(options, unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

async function open(options: StoreOptions, unlock: () => void): Promise<Store> {
  const { folder, folderId, logKey, sealKey, now } = options
  const policyClock = options.policyClock ?? { hideBy: now, destroyBy: now }
  const notices = checkMain({ folder, folderId, logKey }, now()).map((text) => ({ at: now(), text }))
  const notice = (text: string): void => {
    if (!notices.some((known) => known.text === text)) notices.push({ at: now(), text })
  }
  const data = (role: WorkerData['role']): WorkerData => ({ role, folder, logKey })
  const writer = new Channel(data('writer'))
  await writer.call('sweepBodies', undefined)
  if (sealKey) await writer.call('addSealKey', { ...sealKey, createdAt: now() })
  const history = new Channel(data('history'))
  const reader = new Channel(data('reader'))

  const changeListeners: ((ids: MessageId[]) => void)[] = []
  const errorListeners: ((fault: Error) => void)[] = []
  const changed = (ids: MessageId[]): void => {
    if (ids.length > 0) for (const listener of changeListeners) listener(ids)
  }
  const fault = (error: Error): void => {
    for (const listener of errorListeners) listener(error)
  }
  for (const channel of [writer, history, reader]) channel.onError = fault
  const archiver = new Archiver(writer, history, { now, destroyBy: policyClock.destroyBy }, fault)

  for (const text of checkDays(folder, dayFiles(folder, logKey))) notice(text)
  archiver.add(await history.call<MessageId[]>('finished', 100_000))
  const directory = createDirectory(await reader.call<DirectoryContents>('directory', undefined), writer, now)
  for (const day of await finishDestruction({ writer, history, now }))
    notice(`the samples of ${day} cannot be read: ${SAMPLES_WAIT}`)
  const suppressions = await reader.call<Suppression[]>('suppressions', undefined)
  void reader.call('warm', undefined)
  const stopMaintenance = startMaintenance(writer, history, now)
  const sampleMoves = startSampleMoves(writer, history, fault)
  sampleMoves.wake()
  const holdRetention = createHoldRetention({ writer, history, reader, archiver, sampleMoves })
  const holds = createHolds({ writer, reader, holdRetention, changeAccount: directory.replaceAccount })

  async function act(...[action, filter, reason, at]: Parameters<Store['queue']['act']>): Promise<ActResult> {
    const result: ActResult = { deliveries: 0, skipped: 0, messages: [], destinations: [] }
    const destinations = new Set<string>()
    let after: [number, number] | undefined
    do {
      const order = { action, filter, reason, now: at, after, limit: ACT_PIECE }
      const piece: ActPiece = await writer.call<ActPiece>('act', order)
      result.deliveries += piece.deliveries
      result.skipped += piece.skipped
      if (result.messages.length < 1000) result.messages.push(...piece.messages)
      for (const destination of piece.destinations) destinations.add(destination)
      archiver.add(piece.finished)
      changed(piece.messages)
      after = piece.after
    } while (after)
    return { ...result, messages: result.messages.slice(0, 1000), destinations: [...destinations] }
  }

  async function reroute(domain: string, except: string[], to: (domain: string) => string): Promise<void> {
    const named = new Set(except)
    let after: [number, number] = [-1, -1]
    for (;;) {
      const rows = await reader.call<{ message: number; ordinal: number; recipient: string; destination: string }[]>(
        'waiting',
        [after, ACT_PIECE],
      )
      const changes = rows.flatMap((row) => {
        const own = row.recipient.slice(row.recipient.lastIndexOf('@') + 1).toLowerCase()
        if (domain === '*' ? named.has(own) : own !== domain) return []
        const destination = to(own)
        return destination === row.destination ? [] : [{ ...row, destination }]
      })
      if (changes.length > 0) await writer.call('reroute', changes)
      const last = rows.at(-1)
      if (!last || rows.length < ACT_PIECE) return
      after = [last.message, last.ordinal]
    }
  }

  return {
    notices,
    directory,
    queue: {
      async accept(message) {
        const sampled = await writer.call<boolean>('accept', encode(message))
        if (sampled) sampleMoves.wake()
        changed([message.record.id])
        return { sampled }
      },
      async claim(jobs: DueJob[], startedAt: number) {
        const claimed = await writer.call<ClaimedJob[]>('claim', { jobs, startedAt })
        changed(claimed.map((job) => job.record.id))
        return claimed
      },
      async recordResult(attemptResult) {
        const notifications = attemptResult.notifications.map(encode)
        const finished = await writer.call<boolean>('recordResult', { ...attemptResult, notifications })
        if (finished) archiver.add([attemptResult.message])
        changed([attemptResult.message, ...attemptResult.notifications.map(({ record }) => record.id)])
      },
      due: (destination, limit) => history.call('due', [destination, limit]),
      destinations: async () => new Map(await history.call<[string, number][]>('destinations', undefined)),
      async recover(at) {
        const touched = await writer.call<MessageId[]>('recover', at)
        return touched.length
      },
      act,
      preview: (action, filter) => reader.call('preview', [action, filter]),
      reroute,
      counts: remembered(() => reader.call('counts', undefined)),
      groups: (by, at, bands) => reader.call('groups', [by, at, [...bands]]),
      list: (filter, limit, cursor) => reader.call('list', [filter, limit, cursor]),
    },
    log: {
      async search(filter, limit, cursor, budget) {
        const call = { filter, limit, cursor, budget, now: policyClock.hideBy() }
        const { harmed, ...page } = await reader.call<SearchPage>('search', call)
        for (const harm of harmed) notice(harmWords(harm))
        return { ...page, unreadable: harmed.map(({ day }) => day) }
      },
      rows: (ids) => reader.call('rows', [ids, policyClock.hideBy()]),
      get: (id) => reader.call('get', [id, policyClock.hideBy()]),
      days: async () => {
        const rows = await reader.call<DayRow[]>('days', undefined)
        return rows.map(({ day, records, oldest_at, youngest_at }) => ({
          day,
          records,
          oldestAt: oldest_at,
          youngestAt: youngest_at,
        }))
      },
    },
    cases: createCases(writer, reader, now, policyClock.hideBy, directory.replaceAccount),
    samples: createSamples(reader, policyClock.hideBy),
    ...createSignals(writer, reader),
    requests: createRequests(writer, reader),
    trust: createTrust({ writer, history, reader, now, sampleMoves, changeAccount: directory.replaceAccount }),
    trustRequests: createTrustRequests(writer, reader),
    users: createUsers(writer, reader, now),
    subjects: createSubjects({
      ...{ writer, history, reader, archiver, sampleMoves, holdRetention, logKey, now, suppressions },
      hideBy: policyClock.hideBy,
      cancel: (filter, reason, at) => act('cancel', filter, reason, at),
    }),
    dataExports: createExportRows(writer, reader),
    settings: {
      async get<T>(key: string) {
        const text = await reader.call<string | undefined>('setting', key)
        return text === undefined ? undefined : (JSON.parse(text) as T)
      },
      set: (key, value, entry) => write(writer, 'setSetting', [key, JSON.stringify(value)], entry),
    },
    audit: createAuditLog(writer, reader),
    holds,
    ...createRegisters({ writer, reader, holds, changePolicy: directory.changePolicy }),
    keys: createKeys(writer, reader, { folder, logKey }, now),
    retention: createRetention({
      folder,
      writer,
      history,
      reader,
      archiver,
      holdRetention,
      sampleMoves,
      now,
      changePolicy: directory.changePolicy,
    }),
    throttle: {
      load: () => reader.call('throttle', undefined),
      save: (entries, entry) => write(writer, 'saveThrottle', entries, entry),
    },
    lastId: () => reader.call('lastId', undefined),
    onChange: (listener) => void changeListeners.push(listener),
    onError: (listener) => void errorListeners.push(listener),
    async stop() {
      await stopMaintenance()
      await archiver.stop()
      await sampleMoves.stop()
      await writer.call('flushCounts', undefined)
      await Promise.all([reader.stop(), history.stop()])
      await writer.stop()
      unlock()
    },
  }
}

function dayFiles(folder: string, logKey: Uint8Array): CataloguedDay[] {
  const main = openConnection({ path: join(folder, 'mailward.db'), key: logKey, readonly: true, cacheKiB: 256 })
  try {
    return main.prepare('SELECT day, key, generation, records FROM day').all() as CataloguedDay[]
  } finally {
    main.close()
  }
}
