/** Searches everything for data subjects, and says where they are named. */

import type { SubjectSearch } from '../../subjects.ts'
import { Look } from './look.ts'

export class Search extends Look {
  private readonly accounts = new Map<number, number>()
  private oldestAt: number | undefined
  private isFound = false

  async run(): Promise<SubjectSearch | undefined> {
    const { meant } = this.pass
    const { reader, now } = this.parts
    // what is finished meanwhile is met in its day
    await this.live((found) => {
      this.countLive(found)
      for (const { account, isOpen, acceptedAt } of found)
        if (isOpen) {
          this.countAccount(account, 1)
          this.noteAge(acceptedAt)
        }
    })
    await this.days((day, looked) =>
      this.day(day, (slice) => {
        this.countDay(slice)
        for (const [account, records] of slice.accounts) this.countAccount(account, records)
        if (slice.oldestAt !== undefined) this.noteAge(slice.oldestAt)
        looked(slice.looked)
      }),
    )
    const samples = await reader.subjects.samples(meant)
    this.places.add('samples', samples.going.length)
    this.places.stay('samples', 'hold', undefined, samples.held)
    await this.tables(async (_, found) => {
      this.countRows(found)
      this.isFound ||= found.length > 0
    })
    if (this.isCancelled) return undefined
    const dataExports = await reader.subjects.dataExports(meant)
    this.places.add('packages', dataExports.filter(({ isOwn }) => isOwn).length)
    const since = this.oldestAt ?? (this.isFound ? 0 : now())
    const backups = await reader.subjects.backups(since, now())
    this.places.dated('backups', backups, (day) => `destroyed by ${day}; a restore erases first, by the erasure ledger`)
    if (meant.subjects.some(({ key }) => key === undefined))
      this.places.stay('accounts and contacts', 'kept', 'data of the account itself: gone with the account')
    const accounts = [...this.accounts].map(([account, records]) => ({ account, records }))
    return { places: this.places.list(), accounts: accounts.sort((a, b) => b.records - a.records) }
  }

  private noteAge(at: number): void {
    this.oldestAt = Math.min(at, this.oldestAt ?? at)
  }

  private countAccount(account: number, records: number): void {
    this.accounts.set(account, (this.accounts.get(account) ?? 0) + records)
  }
}
