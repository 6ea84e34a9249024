/** Legal holds as the store offers them. */

import type { Account } from '../../../model/account.ts'
import type { HoldRecord, HoldStore } from '../../holds.ts'
import type { Reader, Writer } from '../threads/threads.ts'
import type { HeldRecords } from './heldRecords.ts'

interface HoldParts {
  writer: Writer
  reader: Reader
  held: HeldRecords
  /** tells the directory in memory what became of an account */
  changeAccount(id: number, change: Partial<Account>): void
}

/** Builds the part of the store that keeps legal holds, and how long each account's mail is kept. */
export function createHolds({ writer, reader, held, changeAccount }: HoldParts): HoldStore {
  async function list(): Promise<HoldRecord[]> {
    const records = await reader.holds.list()
    const active = records.filter(({ released }) => released === undefined)
    const counts = await held.countHeld(active)
    return records.map((record) => ({ ...record, headers: counts.get(record.id) ?? record.headers }))
  }
  async function find(id: number): Promise<HoldRecord | undefined> {
    return (await list()).find((record) => record.id === id)
  }

  return {
    list,
    async place(scope, act) {
      const id = await writer.holds.place(scope, act)
      return (await find(id))!
    },
    async release(id, act) {
      const headers = (await find(id))?.headers ?? 0
      const released = await writer.holds.release(id, headers, act)
      return released ? find(id) : undefined
    },
    async setKeepDays(account, days, act) {
      await writer.holds.setKeepDays(account, days ?? null, act)
      changeAccount(account, { keepDays: days })
    },
  }
}
