/** Whatever is sent, held, released and shortened, in any order: what is seen and what lies on the disk is what the rules say. */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY_MS, dayOf } from '../../src/model/retention.ts'
import { StoreFixture } from '../support/storeFixture.ts'
import { recordsOnDisk, settled } from './daysOnDisk.ts'

const start = Date.UTC(2026, 0, 5, 9)
const KEEP = 70 * DAY_MS
const HOUR = 3_600_000

interface Record {
  id: number
  account: number
  at: number
  /** when it ends, as shortened since */
  end: number
  place: 'day' | 'hold' | 'nowhere'
}

interface ModelHold {
  id: number
  account: number | undefined
  since: number
  until: number
}

/** The rules, written down a second time and without any file. */
class Model {
  records: Record[] = []
  holds: ModelHold[] = []

  isHeld({ account, at }: Record): boolean {
    return this.holds.some(
      (hold) => (hold.account === undefined || hold.account === account) && at >= hold.since && at < hold.until,
    )
  }

  shorten(account: number, days: number): void {
    for (const record of this.records)
      if (record.account === account) record.end = Math.min(record.end, record.at + days * DAY_MS)
  }

  private inDays(): Map<string, Record[]> {
    const days = new Map<string, Record[]>()
    for (const record of this.records.filter(({ place }) => place === 'day'))
      days.set(dayOf(record.at), [...(days.get(dayOf(record.at)) ?? []), record])
    return days
  }

  run(now: number): void {
    for (const records of this.inDays().values()) this.shortened(records, now)
    for (const records of this.inDays().values()) {
      if (Math.max(...records.map(({ at }) => at)) + KEEP > now) continue
      for (const record of records) record.place = this.isHeld(record) ? 'hold' : 'nowhere'
    }
    for (const record of this.records) if (record.place === 'hold' && !this.isHeld(record)) record.place = 'nowhere'
  }

  /** All of an account in a day is over, or some of it for a day: what is over goes. */
  private shortened(records: Record[], now: number): void {
    for (const account of new Set(records.map((record) => record.account))) {
      const own = records.filter((record) => record.account === account && !this.isHeld(record))
      const over = own.filter(({ end }) => end <= now)
      const isShort = own.some(({ at, end }) => end < at + KEEP)
      const isDue = over.length === own.length || over.some(({ end }) => end <= now - DAY_MS)
      if (isShort && isDue) for (const record of over) record.place = 'nowhere'
    }
  }

  seen(now: number): number[] {
    const seen = this.records.filter(
      (record) => record.place !== 'nowhere' && (record.end > now || this.isHeld(record)),
    )
    return seen.map(({ id }) => id).sort((a, b) => b - a)
  }

  onDisk(): { [day: string]: number[] } {
    const disk: { [day: string]: number[] } = {}
    for (const { id, at, place } of this.records) {
      if (place === 'nowhere') continue
      const day = place === 'day' ? dayOf(at) : 'held'
      disk[day] = [...(disk[day] ?? []), id]
    }
    for (const ids of Object.values(disk)) ids.sort((a, b) => a - b)
    return disk
  }
}

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      accounts: fc.array(fc.nat(2), { minLength: 1, maxLength: 5 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.constantFrom(1, 7, 30, 24 * 9, 24 * 33) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('hold' as const),
      account: fc.option(fc.nat(2), { nil: undefined }),
      back: fc.integer({ min: 1, max: 80 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('release' as const), which: fc.nat(9) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('shorten' as const),
      account: fc.nat(2),
      days: fc.constantFrom(1, 5, 20, 45),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lengthen' as const), account: fc.nat(2) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('run' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

class World {
  readonly model = new Model()
  private readonly keepDays = new Map<number, number>()
  private readonly fixture: StoreFixture

  constructor(fixture: StoreFixture) {
    this.fixture = fixture
  }

  private act() {
    return { actor: 'local', at: this.fixture.time, reason: 'because' }
  }

  async take(next: Step): Promise<void> {
    const { fixture, model } = this
    const { holds } = fixture.store
    switch (next.do) {
      case 'send':
        for (const account of next.accounts) await this.send(account + 1)
        return settled(fixture.folder)
      case 'wait':
        fixture.time += next.hours * HOUR
        return
      case 'hold': {
        const account = next.account === undefined ? undefined : next.account + 1
        const [since, until] =
          account === undefined ? [fixture.time - next.back * DAY_MS, fixture.time - DAY_MS / 2] : [0, Infinity]
        const placed = await holds.place(
          account === undefined ? { kind: 'period', since, until } : { kind: 'account', account },
          this.act(),
        )
        model.holds.push({ id: placed.id, account, since, until })
        return
      }
      case 'release': {
        const [hold] = model.holds.splice(next.which % Math.max(1, model.holds.length), 1)
        if (hold) await holds.release(hold.id, this.act())
        return
      }
      case 'shorten':
        return this.setKeepDays(next.account + 1, next.days)
      case 'lengthen':
        return this.setKeepDays(next.account + 1, undefined)
      case 'run':
        await fixture.store.retention.purge(fixture.time)
        model.run(fixture.time)
        expect(recordsOnDisk(fixture.folder)).toEqual(model.onDisk())
    }
  }

  private async send(account: number): Promise<void> {
    const at = this.fixture.time++
    const id = await this.fixture.deliver({ account, acceptedAt: at })
    this.model.records.push({ id, account, at, end: at + KEEP, place: 'day' })
  }

  private async setKeepDays(account: number, days: number | undefined): Promise<void> {
    await this.fixture.store.holds.setKeepDays(account, days, this.act())
    // what is sent in the same millisecond would be bound too
    this.fixture.time++
    // what was sent while fewer days were in force stays bound to them, and to the new ones if these are fewer
    const binding = Math.min(days ?? Infinity, this.keepDays.get(account) ?? Infinity)
    if (binding < Infinity) this.model.shorten(account, binding)
    if (days === undefined) this.keepDays.delete(account)
    else this.keepDays.set(account, days)
  }

  async poll(): Promise<void> {
    const { rows, partial } = await this.fixture.store.log.search({}, 1000, undefined, 20_000)
    expect(partial).toBe(false)
    expect(rows.map(({ id }) => id)).toEqual(this.model.seen(this.fixture.time))
    for (const row of rows) {
      const record = this.model.records.find(({ id }) => id === row.id)!
      expect(row.held).toBe(this.model.isHeld(record))
      expect(row.keepUntil).toBe(record.end)
    }
  }
}

test('what is seen and what lies on the disk follows from mail, holds, releases and shortenings', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 16 }), async (steps) => {
      const fixture = await StoreFixture.open(start)
      try {
        for (const name of ['b', 'c']) await fixture.store.directory.addAccount({ name, contact: '', domains: [] })
        const world = new World(fixture)
        for (const next of steps) {
          await world.take(next)
          await world.poll()
        }
        fixture.time += 200 * DAY_MS
        await world.take({ do: 'run' })
        await world.poll()
      } finally {
        await fixture.close()
      }
    }),
    { numRuns: 12, endOnFailure: true },
  )
}, 180_000)
