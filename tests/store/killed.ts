/**
 * Run as a process of its own, to be killed at a system call: `killed.ts SCENARIO FOLDER`. Does to the files of a data
 * folder what a relay does to them, and writes down what it may be held to: a line with the id of each message that was
 * accepted, and `done` at the end.
 */

import { existsSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { DAY_MS } from '../../src/model/retention.ts'
import { openLedger } from '../../src/relay/keys/erasureLedger.ts'
import { openFolder } from '../../src/relay/keys/logKey.ts'
import { writeSealFile } from '../../src/relay/keys/sealFile.ts'
import { openSamples } from '../../src/store/sqlite/samples/move.ts'
import { checkMain } from '../../src/store/sqlite/thread/integrity.ts'
import { attemptResult, delivered, logKey, StoreFixture, sealPair } from '../support/storeFixture.ts'

export const noon = Date.UTC(2026, 8, 1, 12)
const act = { actor: 'ann@relay.example', at: noon, reason: 'court order 7' }

/** Everything a store makes, moves, writes anew and destroys, once. */
async function store(folder: string): Promise<void> {
  const fixture = await StoreFixture.on(folder, logKey, noon)
  const { directory, queue, holds, retention } = fixture.store
  for (const name of ['acme', 'globex', 'initech'])
    await directory.addAccount({ name, contact: `ops@${name}.example`, domains: [`${name}.example`] })
  const accept = async (account: number, body: string) => {
    const message = fixture.message({ account, body, state: 'sending' })
    await queue.accept(message)
    writeSync(1, `${message.record.id}\n`)
    return message
  }
  const large = 'x'.repeat(100_000)
  const messages = [await accept(1, 'short'), await accept(2, large), await accept(3, 'short')]
  await accept(1, large)
  for (const message of messages) await queue.recordResult(attemptResult(message, delivered))
  await fixture.archived(3)
  // what is written anew: a day without the records of an account
  await holds.setKeepDays(2, 1, act)
  await retention.purge(noon + 10 * DAY_MS)
  // what is set aside, and what is unlinked
  await holds.place({ kind: 'account', account: 1 }, act)
  await retention.purge(noon + 80 * DAY_MS)
  await fixture.store.stop()
}

/** A file of samples. */
function samples(folder: string): void {
  const database = openSamples(folder, '2026-09-01', { file: logKey, generation: 0 })
  database.prepare('INSERT OR IGNORE INTO sample VALUES (1, ?)').run(Buffer.from('sealed'))
  database.pragma('wal_checkpoint(TRUNCATE)')
  database.close()
}

/** A main database that was damaged. */
function rescue(folder: string): void {
  checkMain({ folder, folderId: undefined, logKey }, noon)
}

/** What lies beside the data folder and in it, and is no database. */
async function keys(folder: string): Promise<void> {
  const place = { folder: join(folder, 'data'), keyFolder: join(folder, 'keys'), keyFile: undefined }
  const opened = await openFolder(place, noon)
  await openLedger(opened.ledgerFile, opened.card.id, noon)
  if (!existsSync(opened.sealFile)) await writeSealFile(opened.sealFile, sealPair, { form: 'file' })
}

export const scenarios = { store, samples, rescue, keys }

if (process.argv[1] === import.meta.filename) {
  const [name, folder] = process.argv.slice(2) as [keyof typeof scenarios, string]
  await scenarios[name](folder)
  writeSync(1, 'done\n')
}
