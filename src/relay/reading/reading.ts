/** Starts what reads mail of strangers, for all that is read so. */

import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { AbuseJobs } from '../../abuse/readingJobs.ts'
import type { LetterJobs } from '../../mta/mailboxes/readingJobs.ts'
import type { Log } from '../../mta/ports.ts'
import { createMailReader, type MailReader, type ReadingLimits } from '../../mta/reading/reader.ts'

/** The worker's file: beside the bundle when built, else the source. */
function workerFile(): string {
  const built = fileURLToPath(new URL('./reading.cjs', import.meta.url))
  return existsSync(built) ? built : fileURLToPath(new URL('./worker.ts', import.meta.url))
}

/** Builds the reader of the relay. */
export function createReading(log: Log, limits?: ReadingLimits): MailReader<LetterJobs & AbuseJobs> {
  return createMailReader(workerFile(), log, limits)
}
