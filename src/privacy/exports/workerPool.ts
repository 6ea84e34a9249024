/** Starts the workers that make the files of packages: one a file, with bounded memory. */

import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { MessageDetail } from '../../model/message.ts'
import type { Written } from './exportStore.ts'
import type { BuildJob, Said, ZipJob } from './worker.ts'

const MEMORY_MB = 256
/** Short-lived objects; left alone it takes 48 MB and more. */
const YOUNG_MB = 12

/** The worker's file: beside the bundle when built, else the source. */
function workerFile(): string {
  const built = fileURLToPath(new URL('./packager.cjs', import.meta.url))
  return existsSync(built) ? built : fileURLToPath(new URL('./worker.ts', import.meta.url))
}

/** Gives the next records; undefined when there are no more. */
export type NextRecords = () => Promise<MessageDetail[] | undefined>

/**
 * Makes one file. Rejects when it cannot be written, or when `next` rejects; what is there of the file is to be removed
 * then.
 */
export async function makeFile(job: BuildJob | ZipJob, next?: NextRecords): Promise<Written> {
  const worker = new Worker(workerFile(), {
    workerData: job,
    name: 'packager',
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB, maxYoungGenerationSizeMb: YOUNG_MB },
    // an error must not print content
    stdout: true,
    stderr: true,
  })
  try {
    return await new Promise<Written>((resolve, reject) => {
      worker.on('message', (said: Said) => {
        if (said !== 'more') resolve(said)
        else next?.().then((batch) => worker.postMessage(batch), reject)
      })
      worker.once('error', reject)
      worker.once('exit', () => reject(new Error('a package could not be written')))
    })
  } finally {
    await worker.terminate()
  }
}
