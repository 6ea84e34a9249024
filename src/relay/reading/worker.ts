/** Entry of the worker that reads mail of strangers, one after the other, until it is ended. */

import { parentPort } from 'node:worker_threads'
import { abuseJobs } from '../../abuse/readingJobs.ts'
import { letterJobs } from '../../mta/mailboxes/readingJobs.ts'
import type { ReadingAnswer, ReadingJob } from '../../mta/reading/reader.ts'

const jobs: Record<string, (input: never) => Promise<unknown>> = { ...letterJobs, ...abuseJobs }

parentPort!.on('message', ({ name, input }: ReadingJob) => {
  const answer = (said: ReadingAnswer) => parentPort!.postMessage(said)
  // what an error says may quote the mail: it stays here
  jobs[name]!(input).then(
    (value) => answer({ value }),
    () => answer({}),
  )
})
