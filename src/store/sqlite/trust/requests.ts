/** Requests for trust as the store offers them. */

import type { TrustRequestStore } from '../../trustRequests.ts'
import type { Reader, Writer } from '../threads/threads.ts'

/** Builds the part of the store that keeps requests for trust. */
export function createTrustRequests(writer: Writer, reader: Reader): TrustRequestStore {
  const list = () => reader.trust.requests()
  return {
    list,
    of: async (account) => (await list()).find((request) => request.account === account),
    ask: (request, entry) => writer.trustRequests.ask(request, entry),
  }
}
