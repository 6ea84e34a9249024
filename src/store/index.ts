/** The store room is in charge of all SQL and all files on disk. */

export { restoreBackup } from './sqlite/backup/restore.ts'
export { hashFile } from './sqlite/backup/write.ts'
export { WrongKey } from './sqlite/integrity.ts'
export { FolderInUse } from './sqlite/lock.ts'
export { openStore } from './sqlite/open.ts'
