/** The store room is in charge of all SQL and all files on disk. */

export type { BackupRecord } from './backup.ts'
export type { KeyStore, SealKeyRecord } from './keys.ts'
export { type KeyPair, makeKeyPair, publicKeyOf, unwrapDayKey, wrapDayKey } from './seal.ts'
export { restoreBackup } from './sqlite/backup/restore.ts'
export { hashFile } from './sqlite/backup/write.ts'
export { WrongKey, WrongMain } from './sqlite/thread/integrity.ts'
export { FolderInUse } from './sqlite/thread/lock.ts'
export { openStore } from './sqlite/threads/open.ts'
