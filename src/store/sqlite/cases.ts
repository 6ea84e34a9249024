/** The review desk as the store offers it. */

import type { CaseStore } from '../cases.ts'
import type { Channel } from './channel.ts'

/**
 * Builds the part of the store that keeps cases.
 * @param hideBy the moment by which samples whose time is over are not there any more, in milliseconds
 */
export function createCases(writer: Channel, reader: Channel, now: () => number, hideBy: () => number): CaseStore {
  return {
    list: (filter, limit, cursor, at) => reader.call('cases', { ...filter, limit, cursor, now: at }),
    desk: (at) => reader.call('reviewDesk', at),
    get: (id, at) => reader.call('case', [id, at, hideBy()]),
    open: (given, actor, at) => writer.call('openCase', { ...given, actor, at }),
    addSignals: (id, signals, actor, at) => writer.call('addCaseSignals', [{ case: id, actor, at }, signals]),
    assign: (id, owner, actor, at) => writer.call('assignCase', [{ case: id, actor, at }, owner]),
    note: (id, text, actor, at) => writer.call('noteCase', [{ case: id, actor, at }, text]),
    decide: (id, verdict, note, actor, at) => writer.call('decideCase', [{ case: id, actor, at }, verdict, note]),
    close: (id, note, actor, at) => writer.call('closeCase', [{ case: id, actor, at }, note]),
    reopen: (id, reason, actor, at) => writer.call('reopenCase', [{ case: id, actor, at }, reason]),
    addAction: (action, actor) => writer.call('addCaseAction', [action, actor]),
    action: (id) => reader.call('caseAction', id),
    undoAction: (id, reason, actor, at) => writer.call('undoCaseAction', [id, reason, actor, at]),
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
