/** `mailward backup …`, while the relay runs, and `mailward restore`, which starts none. */

import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { BackupView } from '../../contract/keys.ts'
import { dataFolder } from '../client.ts'
import {
  counted,
  localTime,
  printable,
  printDocument,
  printLine,
  printNote,
  printObjects,
  printTable,
} from '../output.ts'
import { type CommonOptions, withRelay } from '../run.ts'
import { addCommand } from './common.ts'
import { loadRelayEntry } from './relayEntry.ts'

interface RestoreEntry {
  /** @returns the exit status */
  runRestore(options: { from: string; folder: string; keyFile: string | undefined; json: boolean }): Promise<number>
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}

function print(backup: BackupView): void {
  const { id, folder, headers, days, live, bytes, leftOut } = backup
  printLine(`backup    ${id} in ${printable(folder)}, ${megabytes(bytes)}`)
  printLine(`holds     ${counted(headers, 'header record', 'header records')} of ${counted(days, 'day', 'days')},`)
  printLine(`          ${counted(live, 'unfinished message', 'unfinished messages')}; no samples`)
  if (leftOut.length > 0) printLine(`without   ${leftOut.join(', ')}: cannot be read, see mailward status`)
  printLine(`destroy   by ${localTime(backup.destroyBy)}`)
  printLine('The log key opens it: keep a copy of its file apart from the backup.')
}

function addBackupCommand(program: Command): void {
  const backup = addCommand(program, 'backup <DIR>', 'Make a backup in a new or empty folder').action(
    (directory: string, options: CommonOptions) =>
      withRelay(options, async (client) => {
        const made = await client.keys.backup({ folder: resolve(directory) })
        if (options.json) printDocument(made)
        else print(made)
      }),
  )

  addCommand(backup, 'list', 'List the backups that were made').action((_: unknown, command: Command) => {
    const options = command.optsWithGlobals<CommonOptions>()
    return withRelay(options, async (client) => {
      const backups = await client.keys.backups()
      if (options.json) return printObjects(backups)
      for (const { id, leftOut } of backups)
        if (leftOut.length > 0)
          printNote(`backup ${id} was made without ${leftOut.join(', ')}, which could not be read`)
      const rows = backups.map(({ id, createdAt, destroyBy, bytes, present, folder }) => [
        id,
        localTime(createdAt),
        localTime(destroyBy),
        megabytes(bytes),
        present ? 'yes' : 'no',
        folder,
      ])
      printTable(['ID', 'MADE', 'DESTROY BY', 'SIZE', 'THERE', 'FOLDER'], rows, [16, 19, 19, 12, 5, 80])
    })
  })
}

function addRestoreCommand(program: Command): void {
  addCommand(program, 'restore <DIR>', 'Put a backup into a new data folder; what is overdue is destroyed at once')
    .option('--key-file <FILE>', 'log key of the data folder the backup was made of (default: where keys lie)')
    .action(async (directory: string, options: CommonOptions & { keyFile?: string }) => {
      const { runRestore } = await loadRelayEntry<RestoreEntry>('restore')
      const keyFile = options.keyFile === undefined ? undefined : resolve(options.keyFile)
      const folder = dataFolder(options.data)
      process.exit(await runRestore({ from: resolve(directory), folder, keyFile, json: options.json ?? false }))
    })
}

export function addBackupCommands(program: Command): void {
  addBackupCommand(program)
  addRestoreCommand(program)
}
