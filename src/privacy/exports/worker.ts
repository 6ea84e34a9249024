/** Entry of the worker that makes one file of a package and ends, so that mail does not wait for it. */

import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import type { MessageDetail } from '../../model/message.ts'
import type { ExportHead, PackedRecord } from './content.ts'
import { type Place, type Written, writeExport } from './exportStore.ts'
import { createPacker, type KnownAccount } from './handedOver.ts'
import { zipExport } from './zip.ts'

/** Packs the records it is handed. */
export interface BuildJob {
  kind: 'build'
  to: Place
  head: ExportHead
  /** as mailboxKey writes it; undefined: nothing is redacted */
  person: string | undefined
  accounts: KnownAccount[]
}

/** Makes the file that is handed over. */
export interface ZipJob {
  kind: 'zip'
  from: Place
  to: Place
  records: number
  passphrase: string
}

/** What the worker says: that it wants more records, or that it is done. */
export type Said = 'more' | Written

/** The records, batch by batch as they are asked for; undefined ends them. */
async function* handedOver(): AsyncGenerator<MessageDetail> {
  for (;;) {
    parentPort!.postMessage('more' satisfies Said)
    const [batch] = (await once(parentPort!, 'message')) as [MessageDetail[] | undefined]
    if (!batch) return
    yield* batch
  }
}

async function build({ to, head, person, accounts }: BuildJob): Promise<Written> {
  const pack = createPacker(person, accounts)
  async function* packed(): AsyncGenerator<PackedRecord> {
    for await (const detail of handedOver()) yield pack(detail)
  }
  return writeExport(to, head, packed())
}

async function run(job: BuildJob | ZipJob): Promise<void> {
  const written =
    job.kind === 'build' ? await build(job) : await zipExport(job.from, job.to, job.records, job.passphrase)
  parentPort!.postMessage(written satisfies Said)
  parentPort!.close()
}

void run(workerData as BuildJob | ZipJob)
