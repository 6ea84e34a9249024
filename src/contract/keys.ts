/** Keys and backups: who holds what, and until when. */

import { z } from 'zod'
import { procedure } from './procedure.ts'
import { timeShape } from './shapes.ts'

export const sealKeyShape = z.object({
  /** 16 hex digits */
  id: z.string(),
  createdAt: timeShape,
  /** X25519, raw, hex */
  publicKey: z.string(),
  /** where its private part is kept */
  keys: z.enum(['file', 'passphrase', 'keychain', 'missing']),
  /** file or keychain entry; null when it is only in a person's head */
  place: z.string().nullable(),
  /** days whose sample keys it wraps */
  days: z.number().int(),
})
export type SealKeyView = z.infer<typeof sealKeyShape>

export const backupShape = z.object({
  /** 16 hex digits */
  id: z.string(),
  folder: z.string(),
  createdAt: timeShape,
  /** on this day the backup has to be destroyed: its youngest record is 70 days old then */
  destroyBy: timeShape,
  days: z.number().int(),
  headers: z.number().int(),
  /** unfinished messages in it */
  live: z.number().int(),
  bytes: z.number().int(),
  /** whether its files are still where they were written */
  present: z.boolean(),
  /** days that are not in it, because their file was damaged or lost; `held`: what legal holds keep */
  leftOut: z.array(z.string()),
})
export type BackupView = z.infer<typeof backupShape>

export const keys = {
  sealKey: procedure({ roles: ['admin', 'auditor'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/keys/seal-key', summary: 'The seal key in force' })
    .output(sealKeyShape),
  /** Makes a new seal key and wraps every day's key with it. Passphrases are needed where the old or new key has one. */
  rotateSealKey: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/keys/seal-key/rotate', summary: 'Replace the seal key' })
    .input(
      z.object({
        passphrase: z.string().max(1000).optional(),
        /** protects the new key; empty: kept in a file */
        newPassphrase: z.string().max(1000).optional(),
        reason: z.string().trim().min(1).max(1000),
      }),
    )
    .output(sealKeyShape),
  backups: procedure({ roles: ['admin', 'auditor'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/keys/backups', summary: 'Backups that were made' })
    .output(z.array(backupShape)),
  /** While the relay runs. The folder must be new or empty, and outside the data folder. */
  backup: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/keys/backups', summary: 'Make a backup', successStatus: 201 })
    .input(z.object({ folder: z.string().min(1).max(4096) }))
    .output(backupShape),
}
