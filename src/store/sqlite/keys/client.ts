/** The store's words about keys and backups, over its worker threads. */

import type { BackupContents } from '../../backup.ts'
import type { KeyStore } from '../../keys.ts'
import { Channel } from '../thread/channel.ts'
import type { WorkerData } from '../thread/protocol.ts'

/** @param data what a worker thread for a backup is started with */
export function createKeys(
  writer: Channel,
  reader: Channel,
  data: Omit<WorkerData, 'role'>,
  now: () => number,
): KeyStore {
  return {
    sealKey: () => reader.call('sealKey', undefined),
    setFirstSealKey: (key) => writer.call('firstSealKey', { ...key, now: now() }),
    wrappedDays: () => reader.call('wrappedDays', undefined),
    rotateSealKey: (change) => writer.call('rotateSealKey', change),
    async backup(target) {
      const worker = new Channel({ ...data, role: 'backup' })
      try {
        return await worker.call<BackupContents>('write', target)
      } finally {
        await worker.stop()
      }
    },
    addBackup: (record, entry) => writer.call('addBackup', [record, entry]),
    backups: () => reader.call('backups', undefined),
  }
}
