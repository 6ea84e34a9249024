/**
 * Takes an opened sample apart without risk to the relay: in a worker of its own, with bounded memory and time, which
 * ends with the one message. Nothing is written anywhere.
 */

import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { asItIs, type TakenApart } from './parse.ts'

const MEMORY_MB = 256
const TIME_MS = 10_000

/** The worker's file: beside the bundle when built, else the source. */
function workerFile(): string {
  const built = fileURLToPath(new URL('./viewer.cjs', import.meta.url))
  return existsSync(built) ? built : fileURLToPath(new URL('./worker.ts', import.meta.url))
}

type Answer = { taken: TakenApart } | { problem: string }

function answerOf(worker: Worker): Promise<Answer> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ problem: 'it takes too long' }), TIME_MS)
    worker.once('message', (answer: Answer) => resolve(answer))
    // out of memory, or a fault of the parser: nothing of the content is in these words
    worker.once('error', () => resolve({ problem: 'it takes too much memory, or is broken' }))
    worker.once('exit', () => resolve({ problem: 'it could not be read' }))
    worker.once('exit', () => clearTimeout(timer))
  })
}

/** Takes a message apart; one that is too deep, too large or broken is shown as it is. */
export async function viewMessage(bytes: Uint8Array): Promise<TakenApart> {
  const worker = new Worker(workerFile(), {
    workerData: bytes,
    name: 'sample-viewer',
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    // an error must not print content
    stdout: true,
    stderr: true,
  })
  try {
    const answer = await answerOf(worker)
    return 'taken' in answer ? answer.taken : asItIs(bytes, answer.problem)
  } finally {
    await worker.terminate()
  }
}
