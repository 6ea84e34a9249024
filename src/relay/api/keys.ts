/** Calls about keys and backups. */

import { isAbsolute } from 'node:path'
import type { BackupView, SealKeyView as SealKeyOutput } from '../../contract/keys.ts'
import { actorName } from '../auth/authorise.ts'
import { BackupRefused, type MadeBackup } from '../backup/backups.ts'
import { SealKeyRefused, type SealKeyView } from '../keys/sealKey.ts'
import type { Guarded } from './base.ts'
import type { Parts } from './context.ts'
import { refused } from './errors.ts'

function sealKeyView({ id, createdAt, publicKey, keys, place, days }: SealKeyView): SealKeyOutput {
  const hex = Buffer.from(publicKey).toString('hex')
  return { id, createdAt: new Date(createdAt).toISOString(), publicKey: hex, keys, place, days }
}

function backupView(backup: MadeBackup): BackupView {
  const { createdAt, destroyBy } = backup
  return { ...backup, createdAt: new Date(createdAt).toISOString(), destroyBy: new Date(destroyBy).toISOString() }
}

/** What a person can put right becomes an answer; the rest is a fault. */
function orRefuse(error: unknown): never {
  if (error instanceof SealKeyRefused || error instanceof BackupRefused) throw refused(error.message, error.change)
  throw error
}

export function keyCalls(os: Guarded, { sealKey, backups, clock }: Parts) {
  return {
    sealKey: os.keys.sealKey.handler(async () => sealKeyView(await sealKey.view())),

    rotateSealKey: os.keys.rotateSealKey.handler(async ({ input, context }) => {
      const { reason, ...passphrases } = input
      const entry = { at: clock.now(), actor: actorName(context.actor), reason }
      return sealKeyView(await sealKey.rotate({ ...passphrases, entry }).catch(orRefuse))
    }),

    backups: os.keys.backups.handler(async () => (await backups.list()).map(backupView)),

    backup: os.keys.backup.handler(async ({ input, context }) => {
      if (!isAbsolute(input.folder))
        throw refused(`${input.folder} is not an absolute path`, 'name the folder from the root on')
      return backupView(await backups.make(input.folder, actorName(context.actor)).catch(orRefuse))
    }),
  }
}
