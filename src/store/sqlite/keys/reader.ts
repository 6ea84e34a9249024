/** Answers what there is of seal keys and backups. */

import type { BackupRecord } from '../../backup.ts'
import type { SealKeyRecord, WrappedDay } from '../../keys.ts'
import { listBackups } from '../backup/list.ts'
import type { Connection } from '../thread/connection.ts'
import { currentSealKey, wrappedDays } from './sealKey.ts'

export class KeyReader {
  private readonly main: Connection

  constructor(main: Connection) {
    this.main = main
  }

  sealKey(): SealKeyRecord | undefined {
    return currentSealKey(this.main)
  }

  wrappedDays(): WrappedDay[] {
    return wrappedDays(this.main)
  }

  backups(): BackupRecord[] {
    return listBackups(this.main)
  }
}
