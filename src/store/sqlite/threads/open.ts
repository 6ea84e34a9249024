/** Opens a data folder: lock, a look at the files, worker threads, and the parts of the store over them. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { PolicyClock } from '../../retention.ts'
import type { Store, StoreOptions } from '../../store.ts'
import { createAuditLog } from '../audit/client.ts'
import { createCases } from '../cases/client.ts'
import { Archiver } from '../days/archiver.ts'
import { DayRewrites } from '../days/dayRewrites.ts'
import { startMaintenance } from '../days/indexMaintenance.ts'
import { createDirectory } from '../directory/client.ts'
import { createSettings } from '../directory/settings.ts'
import { ExportReader } from '../exports/reader.ts'
import { ExportWriter } from '../exports/writer.ts'
import { createHolds } from '../holds/client.ts'
import { HeldRecords } from '../holds/heldRecords.ts'
import { createKeys } from '../keys/client.ts'
import { createLog } from '../messages/client.ts'
import { createRegisters } from '../policy/client.ts'
import { createQueue } from '../queue/client.ts'
import { createRequests } from '../requests/client.ts'
import { createRetention } from '../retention/client.ts'
import { ShortenedRecords } from '../retention/shortenedRecords.ts'
import { createSamples, startSampleMoves } from '../samples/client.ts'
import { createSignals } from '../signals/client.ts'
import { createSubjects } from '../subjects/client.ts'
import { Channel } from '../thread/channel.ts'
import { openConnection } from '../thread/connection.ts'
import { type CataloguedDay, checkDays, checkMain } from '../thread/integrity.ts'
import { lockFolder } from '../thread/lock.ts'
import type { WorkerData } from '../thread/protocol.ts'
import { joined } from '../thread/remote.ts'
import { makeRoom, type StorageWatch, watchStorage } from '../thread/storageWatch.ts'
import { createTrust, finishDestruction } from '../trust/client.ts'
import { createTrustRequests } from '../trust/requests.ts'
import { createUsers } from '../users/client.ts'
import { createEvents } from './events.ts'
import type { HistorySubjects } from './history.ts'
import { lazyOperations } from './lazyOperations.ts'
import type { ReaderSubjects } from './reader.ts'
import type { Threads } from './threads.ts'
import type { WriterSubjects } from './writerSubjects.ts'

/** What is said of samples that a decision destroyed. */
const SAMPLES_WAIT =
  'a receipt of samples that were destroyed waits until it is known that none of them is left in their file'
/** Finished messages that a crash left among live mail and that are moved at once. */
const MOVED_AT_START = 100_000

/**
 * Opens the store.
 * @throws FolderInUse, WrongKey, WrongMain, or an error that names a file written by a newer version
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { folder } = options
  mkdirSync(join(folder, 'days'), { recursive: true, mode: 0o700 })
  await makeRoom(folder)
  const unlock = lockFolder(folder)
  try {
    return await open(options, unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

/** What people should know, each once. */
class Notices {
  readonly list: Store['notices'] = []
  private readonly now: () => number

  constructor(now: () => number) {
    this.now = now
  }

  readonly add = (text: string): void => {
    if (!this.list.some((known) => known.text === text)) this.list.push({ at: this.now(), text })
  }
}

/** The three threads, and how they end: what asks first, the writer last. */
async function startThreads({ folder, logKey, sealKey, now }: StoreOptions, onError: (fault: Error) => void) {
  const data = (role: WorkerData['role']): WorkerData => ({ role, folder, logKey })
  const writer = new Channel<WriterSubjects>(data('writer'), lazyOperations)
  await writer.calls.bodies.sweep()
  if (sealKey) await writer.calls.samples.addSealKey({ ...sealKey, createdAt: now() })
  const history = new Channel<HistorySubjects>(data('history'))
  const reader = new Channel<ReaderSubjects>(data('reader'))
  for (const channel of [writer, history, reader]) channel.onError = onError
  const threads: Threads = { writer: writer.calls, history: history.calls, reader: reader.calls }
  return {
    threads,
    async stop() {
      await writer.calls.volume.flush()
      await Promise.all([reader.stop(), history.stop()])
      await writer.stop()
    },
  }
}

async function open(options: StoreOptions, unlock: () => void): Promise<Store> {
  const { folder, folderId, logKey, now } = options
  const policyClock = options.policyClock ?? { hideBy: now, destroyBy: now }
  const notices = new Notices(now)
  for (const text of checkMain({ folder, folderId, logKey }, now())) notices.add(text)
  const { on, tell } = createEvents()
  let watch: StorageWatch | undefined
  const onError = (fault: Error) => {
    watch?.failed()
    tell('disk failed', fault)
  }
  const { threads, stop } = await startThreads(options, onError)
  const { writer, history, reader } = threads
  const storage = await watchStorage(folder, options.reserve)
  watch = storage

  const archiver = new Archiver(writer, history, { now, destroyBy: policyClock.destroyBy }, onError)
  for (const text of checkDays(folder, dayFiles(folder, logKey))) notices.add(text)
  archiver.add(await history.days.finished(MOVED_AT_START))
  for (const day of await finishDestruction({ writer, history, now }))
    notices.add(`the samples of ${day} cannot be read: ${SAMPLES_WAIT}`)
  // whoever reads a day's file that cannot be opened is told of it
  reader.log.warm().catch(() => undefined)
  const stopMaintenance = startMaintenance(writer, history, now)
  const sampleMoves = startSampleMoves(writer, history, onError)
  sampleMoves.wake()

  const subjects = await storeParts(options, policyClock, { ...threads, archiver, sampleMoves, tell, notices, storage })
  return {
    notices: notices.list,
    ...subjects,
    throttle: {
      load: () => reader.directory.throttle(),
      save: (entries, entry) => writer.directory.saveThrottle(entries, entry),
    },
    storage: () => storage.report(),
    lastId: () => reader.log.lastId(),
    on,
    async stop() {
      await storage.stop()
      await stopMaintenance()
      await archiver.stop()
      await sampleMoves.stop()
      await stop()
      unlock()
    },
  }
}

interface Parts extends Threads {
  archiver: Archiver
  sampleMoves: ReturnType<typeof startSampleMoves>
  tell: ReturnType<typeof createEvents>['tell']
  notices: Notices
  storage: StorageWatch
}

/** The parts of the store, each over the threads and those it needs. */
async function storeParts(options: StoreOptions, policyClock: PolicyClock, parts: Parts) {
  const { folder, logKey, now } = options
  const { writer, reader, history, archiver, sampleMoves, tell } = parts
  const { hideBy } = policyClock
  const directory = createDirectory(await reader.directory.contents(), writer, now)
  const { replaceAccount: changeAccount, changePolicy } = directory
  const queue = createQueue(parts)
  const rewrites = new DayRewrites({ writer, history, reader, archiver, sampleMoves })
  const held = new HeldRecords(parts, rewrites)
  const shortened = new ShortenedRecords(parts, rewrites)
  const holds = createHolds({ writer, reader, held, changeAccount })
  return {
    directory,
    queue,
    log: createLog(reader, hideBy, parts.notices.add),
    cases: createCases(writer, reader, now, hideBy, changeAccount),
    samples: createSamples(reader, hideBy),
    ...createSignals(writer, reader, tell),
    requests: createRequests(writer, reader, tell),
    trust: createTrust({ writer, history, reader, now, sampleMoves, changeAccount }),
    trustRequests: createTrustRequests(writer, reader),
    users: createUsers(writer, reader, now),
    subjects: createSubjects({
      ...{ writer, history, reader, archiver, sampleMoves, rewrites, logKey, now, hideBy },
      suppressions: await reader.subjects.suppressions(),
      cancel: (filter, reason, at) => queue.act('cancel', filter, reason, at),
    }),
    dataExports: joined([ExportReader, reader.dataExports], [ExportWriter, writer.dataExports]),
    settings: createSettings(writer, reader),
    audit: createAuditLog(writer, reader),
    holds,
    ...createRegisters({ writer, reader, holds, changePolicy }),
    keys: createKeys(writer, reader, { folder, logKey }, now),
    retention: createRetention({
      ...{ folder, writer, history, reader, archiver, rewrites, held, shortened, sampleMoves, now, changePolicy },
    }),
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
