/** The store's words about keys and backups, over its worker threads. */

import type { KeyStore } from '../../keys.ts'
import type { BackupSubjects } from '../backup/write.ts'
import { Channel } from '../thread/channel.ts'
import type { WorkerData } from '../thread/protocol.ts'
import type { Reader, Writer } from '../threads/threads.ts'

/** @param data what a worker thread for a backup is started with */
export function createKeys(
  writer: Writer,
  reader: Reader,
  data: Omit<WorkerData, 'role'>,
  now: () => number,
): KeyStore {
  return {
    sealKey: () => reader.keys.sealKey(),
    setFirstSealKey: (key) => writer.sealKeys.first({ ...key, now: now() }),
    wrappedDays: () => reader.keys.wrappedDays(),
    rotateSealKey: (change) => writer.sealKeys.rotate(change),
    async backup(target) {
      const worker = new Channel<BackupSubjects>({ ...data, role: 'backup' })
      try {
        return await worker.calls.backup.write(target)
      } finally {
        await worker.stop()
      }
    },
    addBackup: (record, entry) => writer.backups.add(record, entry),
    backups: () => reader.keys.backups(),
  }
}
