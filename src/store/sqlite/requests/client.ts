/** Data subjects' requests as the store offers them. */

import type { Tell } from '../../events.ts'
import type { RequestStore } from '../../requests.ts'
import { joined } from '../thread/remote.ts'
import type { Reader, Writer } from '../threads/threads.ts'
import { RequestReader } from './reader.ts'
import { RequestWriter } from './writer.ts'

/** Builds the part of the store that keeps requests. Whoever works on them is told of each that comes in. */
export function createRequests(writer: Writer, reader: Reader, tell: Tell): RequestStore {
  const requests = joined([RequestReader, reader.requests], [RequestWriter, writer.requests])
  return {
    ...requests,
    async open(given, actor, at) {
      const opened = await requests.open(given, actor, at)
      if (opened.kind !== 'gone') tell('request received', opened.id)
      return opened
    },
    async tryCode(act, hashes) {
      const verdict = await requests.tryCode(act, hashes)
      tell('request received', act.request)
      return verdict
    },
    async attach(act, text, inbox) {
      const attached = await requests.attach(act, text, inbox)
      tell('request received', act.request)
      return attached
    },
  }
}
