/** The review desk as the store offers it. */

import type { AccountChange, CaseStore } from '../../cases.ts'
import type { KeptDirectory } from '../directory/client.ts'
import type { Channel } from '../thread/channel.ts'

interface Added {
  id: number
  change: AccountChange | undefined
}

/**
 * Builds the part of the store that keeps cases.
 * @param hideBy the moment by which samples whose time is over are not there any more, in milliseconds
 * @param changeAccount keeps the directory in step with what actions change
 */
export function createCases(
  writer: Channel,
  reader: Channel,
  now: () => number,
  hideBy: () => number,
  changeAccount: KeptDirectory['replaceAccount'],
): CaseStore {
  function changed(change: AccountChange | undefined): void {
    if (!change) return
    const { account, ...rest } = change
    changeAccount(account, rest)
  }
  return {
    list: (filter, limit, cursor, at) => reader.call('cases', { ...filter, limit, cursor, now: at }),
    desk: (at) => reader.call('caseOperations', at),
    get: (id, at) => reader.call('case', [id, at, hideBy()]),
    open: (given, actor, at) => writer.call('openCase', { ...given, actor, at }),
    addSignals: (id, signals, actor, at) => writer.call('addCaseSignals', [{ case: id, actor, at }, signals]),
    assign: (id, owner, actor, at) => writer.call('assignCase', [{ case: id, actor, at }, owner]),
    note: (id, text, actor, at) => writer.call('noteCase', [{ case: id, actor, at }, text]),
    decide: (id, verdict, note, actor, at) => writer.call('decideCase', [{ case: id, actor, at }, verdict, note]),
    close: (id, note, actor, at) => writer.call('closeCase', [{ case: id, actor, at }, note]),
    reopen: (id, reason, actor, at) => writer.call('reopenCase', [{ case: id, actor, at }, reason]),
    appeal: (given, at) => writer.call('appealCase', { ...given, at }),
    async addAction(action, actor) {
      const added = await writer.call<Added>('addCaseAction', [action, actor])
      changed(added.change)
      return added.id
    },
    action: (id) => reader.call('caseAction', id),
    async undoAction(id, reason, actor, at) {
      changed(await writer.call<AccountChange | undefined>('undoCaseAction', [id, reason, actor, at]))
    },
    async brake(order, actor) {
      const braked = await writer.call<(Added & { case: number }) | undefined>('holdAccount', { ...order, actor })
      changed(braked?.change)
      return braked && { case: braked.case, id: braked.id }
    },
    pendingActions: () => writer.call('pendingCaseActions', undefined),
    actionNotified: (id, message) => writer.call('caseActionNotified', [id, message]),
    actionDone: (id) => writer.call('caseActionDone', id),
    accessReport: (account) => reader.call('accessReport', [account, now()]),
    requestOpening: (given, policy, actor, at) =>
      writer.call('requestOpening', { ...given, policy, actor, at, hideBy: hideBy() }),
    approveOpening: (id, policy, actor, at) =>
      writer.call('approveOpening', [{ id, actor, at, hideBy: hideBy() }, policy]),
    refuseOpening: (id, reason, actor, at) => writer.call('refuseOpening', [{ id, actor, at }, reason]),
    revokeOpening: (id, reason, actor, at) => writer.call('revokeOpening', [{ id, actor, at }, reason]),
    takeOpening: (id, actor, at) => writer.call('takeOpening', { id, actor, at, hideBy: hideBy() }),
    opening: (id) => reader.call('opening', [id, now()]),
  }
}
