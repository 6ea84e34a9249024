/** A worker thread that only reads: what it offers, by subject. */

import { join } from 'node:path'
import type { MessagePort } from 'node:worker_threads'
import { AuditReader } from '../audit/reader.ts'
import { AuditChecks } from '../audit/verify/checks.ts'
import { CaseReader } from '../cases/reader.ts'
import { ConsentReader } from '../consents/reader.ts'
import { DayReaders } from '../days/reader.ts'
import { DirectoryReader } from '../directory/reader.ts'
import { ExportReader } from '../exports/reader.ts'
import { HoldReader } from '../holds/reader.ts'
import { KeyReader } from '../keys/reader.ts'
import { DisclosureReader } from '../legalRequests/reader.ts'
import { LogReader } from '../messages/reader.ts'
import { PolicyReader } from '../policy/reader.ts'
import { QueueReader } from '../queue/reader.ts'
import { RequestReader } from '../requests/reader.ts'
import { RetentionReader } from '../retention/reader.ts'
import { SampleReader } from '../samples/reader.ts'
import { SignalReader } from '../signals/reader.ts'
import { SubjectReader } from '../subjects/reader.ts'
import { type Connection, openConnection } from '../thread/connection.ts'
import type { WorkerData } from '../thread/protocol.ts'
import { serve } from '../thread/serve.ts'
import { TrustReader } from '../trust/reader.ts'
import { UserReader } from '../users/reader.ts'

function readerSubjects(main: Connection, files: DayReaders, folder: string) {
  const log = new LogReader(main, files)
  return {
    log,
    queue: new QueueReader(main),
    directory: new DirectoryReader(main),
    users: new UserReader(main),
    subjects: new SubjectReader(main, folder, log),
    requests: new RequestReader(main),
    dataExports: new ExportReader(main),
    retention: new RetentionReader(main, folder),
    holds: new HoldReader(main),
    samples: new SampleReader(main, folder),
    keys: new KeyReader(main),
    trust: new TrustReader(main),
    signals: new SignalReader(main),
    cases: new CaseReader(main),
    policy: new PolicyReader(main),
    consents: new ConsentReader(main),
    legalRequests: new DisclosureReader(main),
    audit: new AuditReader(main),
    checks: new AuditChecks(main),
  }
}

export type ReaderSubjects = ReturnType<typeof readerSubjects>

/** Starts the reader in this worker thread. */
export function startReader(port: MessagePort, data: WorkerData): void {
  const path = join(data.folder, 'mailward.db')
  const main = openConnection({ path, key: data.logKey, readonly: true, cacheKiB: 8192 })
  const files = new DayReaders(main, data.folder)
  serve(port, readerSubjects(main, files, data.folder), () => {
    files.close()
    main.close()
  })
}
