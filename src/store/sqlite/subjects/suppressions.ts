/** The suppression list in memory: read at start, changed after each durable write. */

import { type ColumnCount, EVERY_ACCOUNT, type Suppression } from '../../subjects.ts'
import type { Writer } from '../threads/threads.ts'

/** The addresses accounts do not write to, in memory. */
export function createSuppressions(writer: Writer, suppressions: readonly Suppression[]) {
  let all: readonly Suppression[] = suppressions
  let byAccount = index(all)
  const change = (changed: readonly Suppression[]): void => {
    all = changed
    byAccount = index(all)
  }
  return {
    list: () => all,
    has: (account: number) => byAccount.has(account) || byAccount.has(EVERY_ACCOUNT),
    names: (account: number, hash: string) =>
      [account, EVERY_ACCOUNT].some((one) => byAccount.get(one)?.has(hash) === true),
    async add(suppression: Suppression, actor: string) {
      const added = await writer.subjects.suppress(suppression, actor)
      if (added) change([...all, suppression])
    },
    async remove(account: number, hash: string, actor: string, at: number) {
      await writer.subjects.unsuppress(account, hash, actor, at)
      change(all.filter((one) => one.account !== account || one.hash !== hash))
    },
    async place(hash: string, account: number | undefined): Promise<ColumnCount[]> {
      const accounts = [account, EVERY_ACCOUNT]
      const count = all.filter(
        (one) => one.hash === hash && (account === undefined || accounts.includes(one.account)),
      ).length
      const why = 'a keyed hash alone: so that it is never written to again'
      return count === 0 ? [] : [{ place: 'suppression list', count, excepted: count, why, cause: 'kept' }]
    },
  }
}

function index(all: readonly Suppression[]): Map<number, Set<string>> {
  const result = new Map<number, Set<string>>()
  for (const { account, hash } of all) result.set(account, (result.get(account) ?? new Set()).add(hash))
  return result
}
