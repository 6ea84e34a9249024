/** The store room is in charge of all SQL and all files on disk. */

export type { BackupRecord } from './backup.ts'
export type { CustodyStore, SealKeyRecord } from './custody.ts'
export { type KeyPair, makeKeyPair, publicKeyOf, unwrapDayKey, wrapDayKey } from './seal.ts'
export { restoreBackup } from './sqlite/backup/restore.ts'
export { hashFile } from './sqlite/backup/write.ts'
export { WrongKey, WrongMain } from './sqlite/integrity.ts'
export { FolderInUse } from './sqlite/lock.ts'
export { openStore } from './sqlite/open.ts'
