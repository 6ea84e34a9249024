/** Empties the log of the main database, in which destroyed keys may be read up to then. */

import { setTimeout as sleep } from 'node:timers/promises'
import type { Writer } from '../threads/threads.ts'

/** How often it is tried while somebody reads, and the pause between, in milliseconds. */
const TRIES = 100
const PAUSE_MS = 20

/** @throws when somebody reads all the time */
export async function truncateLog(writer: Writer): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    if (await writer.log.truncate()) return
    await sleep(PAUSE_MS)
  }
  throw new Error('the log of the main database could not be truncated: somebody reads all the time')
}
