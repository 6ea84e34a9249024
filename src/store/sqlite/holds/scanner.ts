/**
 * Looks through days for what a legal hold covers and for what is over before its day is. In slices, so that the thread
 * answers other calls between them.
 */

import type { HoldScope } from '../../../model/hold.ts'
import { dayOf, endOf, keepUntil } from '../../../model/retention.ts'
import { HELD_DAY } from '../days/dayFile.ts'
import type { DayFiles } from '../days/dayFiles.ts'
import { retentionRulesOf } from '../retention/rules.ts'
import type { Connection } from '../thread/connection.ts'
import { matcherOf } from './matcher.ts'

/** Records looked at in one slice. */
const LOOKED_AT = 5000

/** Ids found in a slice, and after which id to go on; undefined when everything has been looked at. */
export interface Slice {
  ids: number[]
  next: number | undefined
}

/** What of one account is over in a day. */
export interface OverSlice extends Slice {
  /** whether another record of the account stays, other than by a hold */
  staying: boolean
  /** end of the record that has been over longest */
  oldestEnd: number | undefined
}

interface LookedAt {
  id: number
  account: number
  accepted_at: number
  sender: string
  recipients: string
}

/** Messages of live mail that were drawn, as they are looked at. */
const LIVE_SAMPLES = `SELECT message.id, message.account, message.accepted_at, message.sender,
    (SELECT json_group_array(recipient) FROM delivery WHERE delivery.message = message.id) AS recipients
  FROM sample JOIN message ON message.id = sample.message`

function holdable({ id, account, accepted_at, sender, recipients }: LookedAt) {
  return { id, account, acceptedAt: accepted_at, from: sender, to: JSON.parse(recipients) as string[] }
}

export class Scanner {
  private readonly main: Connection
  private readonly days: DayFiles

  constructor(main: Connection, days: DayFiles) {
    this.main = main
    this.days = days
  }

  /** Records of a day that the scopes cover, above an id. */
  covered(day: string, scopes: readonly HoldScope[], after: number): Slice {
    const covers = matcherOf(scopes)
    return this.select(day, after, (row) => covers(holdable(row)))
  }

  /** Records in the hold that the scopes no longer cover, above an id. What is still in its day leaves with its day. */
  ended(scopes: readonly HoldScope[], after: number): Slice {
    const covers = matcherOf(scopes)
    return this.select(HELD_DAY, after, (row) => !covers(holdable(row)) && !this.days.file(dayOf(row.accepted_at)))
  }

  /**
   * Samples of a day whose messages are still in live mail, and which the scopes cover. Their records come to the hold
   * when they are finished; the samples have to go there with the others of their day.
   */
  coveredLive(day: string, scopes: readonly HoldScope[]): number[] {
    const covers = matcherOf(scopes)
    const rows = this.main
      .prepare(`${LIVE_SAMPLES} WHERE sample.day = ? AND sample.held = 0 ORDER BY message.id`)
      .all(day) as LookedAt[]
    return rows.filter((row) => covers(holdable(row))).map(({ id }) => id)
  }

  /** How many samples of a day, that are not set aside, belong to messages that the scopes cover. */
  countCoveredSamples(day: string, scopes: readonly HoldScope[]): number {
    const covers = matcherOf(scopes)
    const samples = this.main.prepare('SELECT message FROM sample WHERE day = ? AND held = 0').pluck().all(day)
    const recorded = this.days.reading<number>(day, 0, (source) => {
      const select = source.prepare('SELECT id, account, accepted_at, sender, recipients FROM record WHERE id = ?')
      const rows = (samples as number[]).flatMap((id) => (select.get(id) as LookedAt | undefined) ?? [])
      return rows.filter((row) => covers(holdable(row))).length
    })
    return recorded + this.coveredLive(day, scopes).length
  }

  /** Those of the messages of a day, or of the hold, of which there is a sample. */
  samplesAmong(day: string, messages: number[]): number[] {
    const select =
      day === HELD_DAY
        ? this.main.prepare('SELECT 1 FROM sample WHERE message = ? AND held = 1')
        : this.main.prepare('SELECT 1 FROM sample WHERE message = ? AND held = 0')
    return messages.filter((message) => select.get(message) !== undefined)
  }

  /** Samples in the hold without their record, which it does not have yet or never will, that nothing keeps any more. */
  endedSamples(scopes: readonly HoldScope[]): number[] {
    const held = this.main.prepare('SELECT message, accepted_at FROM sample WHERE held = 1 ORDER BY message').all() as {
      message: number
      accepted_at: number
    }[]
    if (held.length === 0) return []
    const covers = matcherOf(scopes)
    const selectLive = this.main.prepare(`${LIVE_SAMPLES} WHERE message.id = ?`)
    const recorded = this.days.reading<Set<number>>(HELD_DAY, new Set(), (source) => {
      const select = source.prepare('SELECT 1 FROM record WHERE id = ?').pluck()
      return new Set(held.flatMap(({ message }) => (select.get(message) === undefined ? [] : [message])))
    })
    return held.flatMap(({ message, accepted_at }) => {
      if (recorded.has(message)) return []
      const live = selectLive.get(message) as LookedAt | undefined
      const isKept = live ? covers(holdable(live)) : this.days.file(dayOf(accepted_at)) !== undefined
      return isKept ? [] : [message]
    })
  }

  private select(day: string, after: number, wanted: (row: LookedAt) => boolean): Slice {
    return this.days.reading<Slice>(day, { ids: [], next: undefined }, (source) => {
      const rows = source
        .prepare(
          `SELECT id, account, accepted_at, sender, recipients FROM record WHERE id > ? ORDER BY id LIMIT ${LOOKED_AT}`,
        )
        .all(after) as LookedAt[]
      return {
        ids: rows.filter(wanted).map(({ id }) => id),
        next: rows.length < LOOKED_AT ? undefined : rows.at(-1)!.id,
      }
    })
  }

  /** Accounts whose mail ends before the policy says so, with the fewest days of each. */
  private shortened(): Map<number, number> {
    const rows = this.main.prepare('SELECT id, keep_days FROM account WHERE keep_days IS NOT NULL').all()
    const fewest = new Map((rows as { id: number; keep_days: number }[]).map(({ id, keep_days }) => [id, keep_days]))
    for (const { account, days } of retentionRulesOf(this.main).shortenings)
      if (account !== undefined) fewest.set(account, Math.min(days, fewest.get(account) ?? days))
    return fewest
  }

  /** Days, with accounts of which something may be over although the day is not. No day's file is read for it. */
  shortenedDays(now: number): { day: string; accounts: number[] }[] {
    const fewest = [...this.shortened()]
    if (fewest.length === 0) return []
    const days = this.main.prepare('SELECT day, oldest_at FROM day WHERE records > 0 AND day <> ? ORDER BY day')
    return (days.all(HELD_DAY) as { day: string; oldest_at: number }[]).flatMap(({ day, oldest_at }) => {
      const accounts = fewest.filter(([, days]) => keepUntil(oldest_at, days) <= now).map(([account]) => account)
      return accounts.length === 0 ? [] : [{ day, accounts }]
    })
  }

  /** Those of the accounts that have a record in a day. */
  present(day: string, accounts: number[]): number[] {
    return this.days.reading<number[]>(day, [], (source) => {
      const find = source.prepare('SELECT rowid FROM search WHERE search MATCH ? LIMIT 1')
      return accounts.filter((account) => find.get(`a${account}`) !== undefined)
    })
  }

  /** Records of an account in a day that are over and under no hold, above an id. */
  over(day: string, account: number, scopes: readonly HoldScope[], now: number, after: number): OverSlice {
    const slice: OverSlice = { ids: [], next: undefined, staying: false, oldestEnd: undefined }
    const covers = matcherOf(scopes)
    const { shortenings } = retentionRulesOf(this.main)
    return this.days.reading(day, slice, (source) => {
      const found = idsOf(source, account, after)
      slice.next = found.length < LOOKED_AT ? undefined : found.at(-1)
      const select = source.prepare(
        'SELECT id, account, accepted_at, sender, recipients, keep_until FROM record WHERE id = ?',
      )
      for (const id of found) {
        const row = select.get(id) as LookedAt & { keep_until: number }
        if (row.account !== account || covers(holdable(row))) continue
        const end = endOf(row.accepted_at, row.keep_until, account, shortenings)
        if (end > now) slice.staying = true
        else {
          slice.ids.push(id)
          slice.oldestEnd = Math.min(end, slice.oldestEnd ?? end)
        }
      }
      return slice
    })
  }

  /** How many records in the hold each of the scopes covers, above an id. */
  countHeld(scopes: readonly HoldScope[], after: number): { counts: number[]; next: number | undefined } {
    const covers = scopes.map((scope) => matcherOf([scope]))
    const counts = scopes.map(() => 0)
    const { next } = this.select(HELD_DAY, after, (row) => {
      const message = holdable(row)
      covers.forEach((covered, index) => {
        if (covered(message)) counts[index]!++
      })
      return false
    })
    return { counts, next }
  }
}

/** Records of an account in a day's file above an id, by the search index. */
function idsOf(source: Connection, account: number, after: number): number[] {
  return source
    .prepare(`SELECT rowid FROM search WHERE search MATCH ? AND rowid > ? ORDER BY rowid LIMIT ${LOOKED_AT}`)
    .pluck()
    .all(`a${account}`, after) as number[]
}
