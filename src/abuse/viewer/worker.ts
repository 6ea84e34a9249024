/** Entry of the worker that takes one opened sample apart and ends. */

import { parentPort, workerData } from 'node:worker_threads'
import { takeApart } from './parse.ts'

takeApart(workerData as Uint8Array).then(
  (taken) => parentPort!.postMessage({ taken }),
  (error: Error) => parentPort!.postMessage({ problem: error.message }),
)
