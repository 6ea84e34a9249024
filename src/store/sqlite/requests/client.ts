/** The request desk as the store offers it. */

import type { RequestStore } from '../../requests.ts'
import type { Channel } from '../thread/channel.ts'

/** Builds the part of the store that keeps requests. */
export function createRequests(writer: Channel, reader: Channel): RequestStore {
  return {
    list: (query) => reader.call('requests', query),
    get: (id) => reader.call('request', id),
    counts: (now) => reader.call('requestCounts', now),
    erasedBy: (id) => reader.call('erasedByRequest', id),
    underWay: () => reader.call('requestsUnderWay', undefined),
    aged: (closedBefore) => reader.call('agedRequests', closedBefore),
    reasons: (id) => reader.call('requestReasons', id),
    unsent: () => reader.call('unsentLetters', undefined),
    open: (given, actor, at) => writer.call('openRequest', [given, actor, at]),
    change: (act, change, reason) => writer.call('changeRequest', [act, change, reason]),
    note: (act, text) => writer.call('noteRequest', [act, text]),
    attach: (act, text, inbox) => writer.call('attachToRequest', [act, text, inbox]),
    codeSent: (act, hash, letter) => writer.call('requestCodeSent', [act, hash, letter]),
    tryCode: (act, hashes) => writer.call('tryRequestCode', [act, hashes]),
    confirm: (act, how) => writer.call('confirmRequest', [act, how]),
    step: (act, step) => writer.call('stepRequest', [act, step]),
    extend: (act, letter, reason) => writer.call('extendRequest', [act, letter, reason]),
    searched: (act, search) => writer.call('searchedRequest', [act, search]),
    executed: (id, execution, receipts) => writer.call('executedRequest', [id, execution, receipts]),
    bindHold: (act, hold, text) => writer.call('bindRequestHold', [act, hold, text]),
    letterSent: (letter, message) => writer.call('requestLetterSent', [letter, message]),
    forget: (act, hash) => writer.call('forgetRequest', [act, hash]),
  }
}
