/** The store's words about the seal key, over its worker threads. */

import type { CustodyStore } from '../custody.ts'
import type { Channel } from './channel.ts'

export function createCustody(writer: Channel, reader: Channel, now: () => number): CustodyStore {
  return {
    sealKey: () => reader.call('sealKey', undefined),
    setFirstSealKey: (key) => writer.call('firstSealKey', { ...key, now: now() }),
    wrappedDays: () => reader.call('wrappedDays', undefined),
    rotateSealKey: (change) => writer.call('rotateSealKey', change),
  }
}
