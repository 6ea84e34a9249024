/** The review desk as the store offers it. */

import type { AccountChange, CaseStore } from '../../cases.ts'
import type { KeptDirectory } from '../directory/client.ts'
import type { Reader, Writer } from '../threads/threads.ts'

/**
 * Builds the part of the store that keeps cases.
 * @param hideBy the moment by which samples whose time is over are not there any more, in milliseconds
 * @param changeAccount keeps the directory in step with what actions change
 */
export function createCases(
  writer: Writer,
  reader: Reader,
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
    list: (filter, limit, cursor, at) => reader.cases.list({ ...filter, limit, cursor, now: at }),
    desk: (at) => reader.cases.desk(at),
    get: (id, at) => reader.cases.get(id, at, hideBy()),
    open: (given, actor, at) => writer.cases.open({ ...given, actor, at }),
    addSignals: (id, signals, actor, at) => writer.cases.addSignals({ case: id, actor, at }, signals),
    assign: (id, owner, actor, at) => writer.cases.assign({ case: id, actor, at }, owner),
    note: (id, text, actor, at) => writer.cases.note({ case: id, actor, at }, text),
    decide: (id, verdict, note, actor, at) => writer.openings.decideCase({ case: id, actor, at }, verdict, note),
    close: (id, note, actor, at) => writer.cases.close({ case: id, actor, at }, note),
    reopen: (id, reason, actor, at) => writer.cases.reopen({ case: id, actor, at }, reason),
    appeal: (given, at) => writer.cases.appeal({ ...given, at }),
    async addAction(action, actor) {
      const added = await writer.actions.add(action, actor)
      changed(added.change)
      return added.id
    },
    action: (id) => reader.cases.action(id),
    async undoAction(id, reason, actor, at) {
      changed(await writer.actions.undo(id, reason, actor, at))
    },
    async brake(order, actor) {
      const braked = await writer.actions.brake({ ...order, actor })
      changed(braked?.change)
      return braked && { case: braked.case, id: braked.id }
    },
    pendingActions: () => writer.actions.pending(),
    actionNotified: (id, message) => writer.actions.told(id, message),
    actionDone: (id) => writer.actions.done(id),
    accessReport: (account) => reader.cases.accessReport(account, now()),
    requestOpening: (given, policy, actor, at) =>
      writer.openings.request({ ...given, policy, actor, at, hideBy: hideBy() }),
    approveOpening: (id, policy, actor, at) => writer.openings.approve({ id, actor, at, hideBy: hideBy() }, policy),
    refuseOpening: (id, reason, actor, at) => writer.openings.refuse({ id, actor, at }, reason),
    revokeOpening: (id, reason, actor, at) => writer.openings.revoke({ id, actor, at }, reason),
    takeOpening: (id, actor, at) => writer.openings.use({ id, actor, at, hideBy: hideBy() }),
    opening: (id) => reader.cases.opening(id, now()),
  }
}
