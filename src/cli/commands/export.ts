/** `mailward request package`: the file that answers a request, for who may hand it over. */

import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import type { ExportView } from '../../contract/requests.ts'
import { dataFolder, download } from '../client.ts'
import { Failure } from '../failure.ts'
import { localTime, printable, printDocument, printLine, printNote } from '../output.ts'
import { type CommonOptions, withRelay } from '../run.ts'
import { addCommand } from './common.ts'

type Options = CommonOptions & { out: string }

/** Writes what the link leads to into a new file that only its owner can read. */
async function write(options: Options, path: string): Promise<string> {
  const file = resolve(options.out)
  const content = await download(dataFolder(options.data), path)
  const target = createWriteStream(file, { flags: 'wx', mode: 0o600 })
  try {
    await pipeline(content, target)
    return file
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') throw new Failure(`${file} is there already: name a new file`)
    await rm(file, { force: true })
    throw code === undefined ? error : new Failure(`${file} cannot be written (${code})`)
  }
}

function newest(dataExports: readonly ExportView[], request: number): ExportView {
  const found = dataExports.filter(({ available }) => available).at(-1)
  if (!found) throw new Failure(`request ${request} has no package: carry it out first`)
  return found
}

/** Adds `package` to the commands of requests. */
export function addExportCommand(requests: Command): void {
  const command = addCommand(requests, 'package <ID>', 'Write the package of a request; an earlier link to it ends')
  command
    .requiredOption('--out <FILE>', 'a new file; its passphrase is told once, on stderr')
    .action((id: string, options: Options) => {
      if (!/^\d{1,15}$/.test(id)) command.error(`error: ${id}: give the number of a request`)
      return withRelay(options, async (client) => {
        const request = await client.requests.get({ id: Number(id) })
        const made = newest(request.dataExports, request.id)
        const { path, passphrase } = await client.requests.handOver({ id: made.id, hours: 1 })
        const file = await write(options, path)
        const written = newest((await client.requests.get({ id: request.id })).dataExports, request.id)
        const { bytes, sha256, records, expiresAt } = written
        printNote(`passphrase ${passphrase}`)
        if (options.json) return printDocument({ request: request.id, package: made.id, file, bytes, sha256, records })
        printLine(printable(`package   ${made.id} of request ${request.id} in ${file}`))
        printLine(`holds     ${records} header records, ${bytes} bytes, SHA-256 ${sha256}`)
        printLine(`destroyed here on ${localTime(expiresAt)}`)
        printLine('Tell its passphrase another way than the file goes.')
      })
    })
}
