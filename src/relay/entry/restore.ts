/** `mailward restore`: puts a backup into a new data folder, in this process. */

import { type RestoreReport, restore } from '../backup/restore.ts'
import { ConfigError } from '../host/configError.ts'
import { configure } from '../host/configuration.ts'
import { thisMachine } from '../host/machine.ts'

export interface RestoreWords {
  /** folder of the backup, absolute */
  from: string
  /** the new data folder, absolute */
  folder: string
  /** log key of the folder the backup was made of, absolute; undefined: where keys lie */
  keyFile: string | undefined
  /** one JSON document instead of sentences */
  json: boolean
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function report(done: RestoreReport, { folder, keyFile }: RestoreWords): void {
  const { headers, days, held, destroyed, erasures, leftOut } = done
  say(`Backup ${done.backup} of ${done.createdAt} is in ${folder}`)
  say(`  back       ${headers} header records of ${days} days and live mail`)
  say(`  held       ${held} unfinished deliveries: they may have been made since; release or cancel them`)
  for (const { day, headers: gone } of destroyed) say(`  destroyed  ${day}: ${gone} header records, their time is up`)
  if (leftOut.length > 0)
    say(`  without    ${leftOut.join(', ')}: could not be read when the backup was made, and is not in it`)
  if (Date.parse(done.destroyBy) <= Date.now())
    say(`  overdue    destroy the backup itself: it had to be gone by ${done.destroyBy}`)
  if (erasures === null)
    say('  erasures   no erasure ledger was found beside the key: what was erased by order is back')
  else say(`  erasures   ${erasures} repeated from the erasure ledger`)
  say('  samples    none: a backup never holds any')
  say('  look at    accounts: who was suspended or trusted since the backup was made is as it was then')
  say(`Start it: mailward serve --data ${folder}${keyFile === undefined ? '' : ` --key-file ${keyFile}`}`)
}

/** @returns the exit status: 0 done, 1 refused */
export async function runRestore(words: RestoreWords): Promise<number> {
  const keyOption = words.keyFile === undefined ? [] : [`--key-file=${words.keyFile}`]
  const configured = configure([`--data=${words.folder}`, ...keyOption], thisMachine())
  if (!configured.ok) throw new Error(configured.problem)
  try {
    const done = await restore({ ...configured.configuration, from: words.from }, Date.now())
    if (words.json) say(JSON.stringify(done, undefined, 2))
    else report(done, words)
    return 0
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`mailward: ${error.message}\n`)
    return 1
  }
}
