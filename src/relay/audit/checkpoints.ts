/**
 * Signed checkpoints of the audit log: at start, every hour and at stop, exported to the place a person chose. At start,
 * what lies there is compared with the log, so that a log that was put back is told of at once.
 */

import { errorFields } from '../../base/errorFields.ts'
import type { Clock, Log } from '../../mta/ports.ts'
import type { AuditEntry, SignedCheckpoint, Store } from '../../store/store.ts'
import { version } from '../host/version.ts'
import { BadPath, exportCheckpoint, exportedCheckpoints, type Place, placeAt } from './checkpointTarget.ts'

const SETTING = 'audit.place'
const HOUR = 3_600_000
/** How often it is looked whether one is due, and how soon a failed export is tried again, in milliseconds. */
const LOOK = 60_000
/** How many exported ones are compared at start: enough to find the row from which a log differs, read in a moment. */
const COMPARED_AT_START = 100
/** How many exported ones a full verification reads: two years of them. */
const COMPARED = 17_520

interface Notice {
  at: number
  text: string
}

export interface Checkpoints {
  /** folder or file they are exported to; undefined when none was chosen */
  place(): string | undefined
  /** why the last one could not be exported; undefined when it could */
  problem(): string | undefined
  /** what a person should know: a log that was put back, an export that fails */
  notices(): Notice[]
  /** Signs the present state and exports it. A failing export is a problem, no error. */
  take(): Promise<SignedCheckpoint>
  /**
   * Chooses another place, or none. The entry is written with it.
   * Rejects with BadPath, changing nothing, when nothing can be written there.
   */
  setTarget(place: string | undefined, entry: AuditEntry): Promise<void>
  /** Exported checkpoints of this log. Rejects with BadPath when they cannot be read. */
  exported(): Promise<SignedCheckpoint[]>
  /** Writes that the relay stops, and the last checkpoint. */
  stop(): Promise<void>
}

interface Needed {
  store: Pick<Store, 'audit' | 'settings' | 'notices'>
  /** data folder, and its id */
  folder: string
  id: string
  clock: Clock
  log: Log
}

class CheckpointKeeper implements Checkpoints {
  private readonly needed: Needed
  private chosen: Place | undefined
  private failing: Notice | undefined
  private readonly found: Notice[] = []
  private timer: NodeJS.Timeout | undefined
  /** `performance.now()` of the last one */
  private takenAt = Number.NEGATIVE_INFINITY
  /** what was exported last: the same state is not written twice */
  private exportedLast: { place: string; sequence: number } | undefined
  private turn: Promise<unknown> = Promise.resolve()

  constructor(needed: Needed) {
    this.needed = needed
  }

  place(): string | undefined {
    return this.chosen?.path
  }

  problem(): string | undefined {
    return this.failing?.text
  }

  notices(): Notice[] {
    return this.failing ? [...this.found, this.failing] : [...this.found]
  }

  take(): Promise<SignedCheckpoint> {
    return this.inTurn(() => this.takeNow())
  }

  setTarget(path: string | undefined, entry: AuditEntry): Promise<void> {
    return this.inTurn(async () => {
      const { store, folder } = this.needed
      const before = this.chosen
      const place = path === undefined ? undefined : await placeAt(path)
      if (place !== undefined) await exportCheckpoint(folder, place, await this.sign())
      await store.settings.set(SETTING, place ?? null, entry)
      this.chosen = place
      this.failing = undefined
      // that exports go elsewhere from now on, or nowhere, is told where they went until now
      if (before !== undefined && before.path !== path) await this.export(before, await this.sign(), false)
      await this.takeNow()
    })
  }

  async exported(): Promise<SignedCheckpoint[]> {
    if (this.chosen === undefined) return []
    return exportedCheckpoints(this.chosen, this.needed.id, COMPARED)
  }

  async start(): Promise<void> {
    const { store, id } = this.needed
    this.chosen = (await store.settings.get<Place | null>(SETTING)) ?? undefined
    await this.compare()
    const publicKey = await store.audit.publicKey()
    await this.append('relay.start', { facts: { version, folder: id, publicKey } })
    for (const { text } of store.notices) await this.append('relay.notice', { details: { text } })
    await this.take()
    this.timer = setInterval(() => void this.poll(), LOOK).unref()
  }

  async stop(): Promise<void> {
    clearInterval(this.timer)
    try {
      await this.append('relay.stop', {})
      await this.take()
    } catch (fault) {
      // the disk has failed: there is nothing to write to
      this.needed.log.error(errorFields(fault), 'the last checkpoint could not be written')
    }
  }

  /** One after the other: two exports at once could write into each other's lines. */
  private inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.turn.then(act)
    this.turn = done.catch(() => undefined)
    return done
  }

  private sign(): Promise<SignedCheckpoint> {
    const { store, id, clock } = this.needed
    return store.audit.checkpoint(id, clock.now())
  }

  private async takeNow(): Promise<SignedCheckpoint> {
    this.takenAt = performance.now()
    const checkpoint = await this.sign()
    if (this.chosen !== undefined) await this.export(this.chosen, checkpoint, true)
    return checkpoint
  }

  private async export(place: Place, checkpoint: SignedCheckpoint, matters: boolean): Promise<void> {
    const { folder, log, clock } = this.needed
    const last = this.exportedLast
    if (last?.place === place.path && last.sequence === checkpoint.sequence) return
    try {
      await exportCheckpoint(folder, place, checkpoint)
      this.exportedLast = { place: place.path, sequence: checkpoint.sequence }
      if (matters) this.failing = undefined
    } catch (fault) {
      if (!(fault instanceof BadPath)) throw fault
      log.warn({ sequence: checkpoint.sequence }, 'a checkpoint of the audit log could not be exported')
      if (matters) this.failing = { at: this.failing?.at ?? clock.now(), text: `${fault.message}: ${fault.change}` }
    }
  }

  /** Looks whether what was exported still fits the log. */
  private async compare(): Promise<void> {
    const { store, id, clock, log } = this.needed
    if (this.chosen === undefined) return
    try {
      const findings = await store.audit.compare(id, await exportedCheckpoints(this.chosen, id, COMPARED_AT_START))
      for (const { kind, sequence, text } of findings) {
        log.error({ kind, sequence }, 'the audit log is not the one that was signed')
        this.found.push({ at: clock.now(), text: `audit log, ${kind}: ${text}` })
        await this.append('audit.finding', { facts: { kind, sequence: sequence ?? null } })
      }
    } catch (fault) {
      if (!(fault instanceof BadPath)) throw fault
      this.failing = { at: clock.now(), text: `${fault.message}: ${fault.change}` }
    }
  }

  private async poll(): Promise<void> {
    if (!this.failing && performance.now() - this.takenAt < HOUR) return
    try {
      await this.take()
    } catch (fault) {
      this.needed.log.error(errorFields(fault), 'a checkpoint of the audit log could not be written')
    }
  }

  private append(action: string, said: Partial<Pick<AuditEntry, 'facts' | 'details'>>): Promise<void> {
    const at = this.needed.clock.now()
    return this.needed.store.audit.append({
      at,
      actor: 'system',
      action,
      object: 'relay',
      reason: '',
      details: {},
      ...said,
    })
  }
}

/** Compares what was exported, writes that the relay starts, takes the first checkpoint and goes on every hour. */
export async function startCheckpoints(needed: Needed): Promise<Checkpoints> {
  const keeper = new CheckpointKeeper(needed)
  await keeper.start()
  return keeper
}
