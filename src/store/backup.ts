/** What goes into a backup and comes out of one, in the words of the model. How its key is kept is not the store's business. */

/** One file of a backup. */
export interface BackupFile {
  /** within the backup's folder, with `/` */
  path: string
  /** bytes */
  size: number
  /** hex */
  sha256: string
}

/** What was written. */
export interface BackupContents {
  /** days with header records */
  days: number
  /** header records, those of live mail included */
  headers: number
  /** unfinished messages */
  live: number
  /** when the youngest record was accepted; undefined when there is none */
  youngestAt: number | undefined
  /** days that are not in it, because their file was damaged or lost; `held`: what legal holds keep */
  leftOut: string[]
  files: BackupFile[]
}

export interface BackupRecord {
  /** 16 hex digits */
  id: string
  folder: string
  createdAt: number
  destroyBy: number
  days: number
  headers: number
  live: number
  bytes: number
}

export interface RestoreOptions {
  /** folder of the backup */
  from: string
  /** 32 bytes: what its files are encrypted with */
  key: Uint8Array
  /** the new data folder */
  folder: string
  /** 32 bytes, of the new data folder */
  logKey: Uint8Array
}

/** What came back, before anything that is overdue is destroyed. */
export interface Restored {
  days: number
  headers: number
  /** unfinished messages */
  live: number
}
