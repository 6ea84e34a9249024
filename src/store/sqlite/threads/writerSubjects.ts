/** What the writer offers, by subject, and what it is made of. */

import { join } from 'node:path'
import { AuditMaintenance } from '../audit/maintenance.ts'
import { Signer } from '../audit/signer.ts'
import { AuditWriter } from '../audit/writer.ts'
import { BackupList } from '../backup/writer.ts'
import { Bodies } from '../bodies/writer.ts'
import { ActionWriter } from '../cases/actions.ts'
import { OpeningWriter } from '../cases/openings.ts'
import { CaseWriter } from '../cases/writer.ts'
import { ConsentWriter } from '../consents/writer.ts'
import { Days } from '../days/writer.ts'
import { DirectoryWriter } from '../directory/writer.ts'
import { ExportWriter } from '../exports/writer.ts'
import { HoldRetentionWriter } from '../holds/retentionWriter.ts'
import { HoldWriter } from '../holds/writer.ts'
import { SealKeyWriter } from '../keys/writer.ts'
import { LegalRequestWriter } from '../legalRequests/writer.ts'
import { MailboxWriter } from '../mailboxes/writer.ts'
import { PolicyWriter } from '../policy/writer.ts'
import { Orders } from '../queue/actions.ts'
import { QueueWriter } from '../queue/writer.ts'
import { RequestWriter } from '../requests/writer.ts'
import { Receipts } from '../retention/receipts.ts'
import { RetentionWriter } from '../retention/writer.ts'
import { Sampling } from '../samples/sampling.ts'
import { SamplesWriter } from '../samples/writer.ts'
import { SignalWriter } from '../signals/writer.ts'
import { SubjectWriter } from '../subjects/writer.ts'
import type { Connection } from '../thread/connection.ts'
import { TrustRequestWriter } from '../trust/requestWriter.ts'
import { Volume } from '../trust/volume.ts'
import { TrustWriter } from '../trust/writer.ts'
import { UserWriter } from '../users/writer.ts'

/** Parts that keep something in memory which belongs to the running transaction. */
export interface TransactionParts {
  audit: AuditWriter
  bodies: Bodies
  sampling: Sampling
  volume: Volume
  signer: Signer
}

export function transactionParts(database: Connection, folder: string): TransactionParts {
  const audit = new AuditWriter(database)
  return {
    audit,
    bodies: new Bodies(database, join(folder, 'bodies')),
    sampling: new Sampling(database, audit),
    volume: new Volume(database),
    signer: new Signer(database),
  }
}

/** Builds the subjects over the database, each from those it needs. */
export function writerSubjects(database: Connection, parts: TransactionParts) {
  const { audit, bodies, sampling, volume, signer } = parts
  const queue = new QueueWriter(database, bodies, sampling, volume)
  const receipts = new Receipts(database, audit, signer)
  const trust = new TrustWriter(database, audit, receipts)
  const signals = new SignalWriter(database, audit)
  const policy = new PolicyWriter(database, audit)
  const cases = new CaseWriter(database, audit)
  const openings = new OpeningWriter(database, cases)
  const care = new AuditMaintenance(database, audit, signer)
  const holds = new HoldWriter(database, audit)
  return {
    queue: queue as Pick<QueueWriter, 'accept' | 'claim' | 'recordResult'>,
    orders: new Orders(database, queue),
    bodies: bodies as Pick<Bodies, 'sweep'>,
    volume: volume as Pick<Volume, 'flush'>,
    audit: audit as Pick<AuditWriter, 'append'>,
    receipts: receipts as Pick<Receipts, 'finish'>,
    directory: new DirectoryWriter(database, audit),
    users: new UserWriter(database, audit, openings),
    subjects: new SubjectWriter(database, audit, care, receipts),
    requests: new RequestWriter(database, audit),
    dataExports: new ExportWriter(database, audit),
    days: new Days(database, sampling),
    retention: new RetentionWriter(database, audit, receipts, policy, sampling),
    holdRetention: new HoldRetentionWriter(database, audit, receipts),
    holds,
    samples: new SamplesWriter(database),
    sealKeys: new SealKeyWriter(database, audit),
    backups: new BackupList(database, audit),
    trust,
    trustRequests: new TrustRequestWriter(database, audit),
    signals,
    desk: new MailboxWriter(database, signals),
    cases,
    actions: new ActionWriter(database, cases, trust),
    openings,
    policy,
    consents: new ConsentWriter(database, audit),
    legalRequests: new LegalRequestWriter(database, audit, holds),
    care,
  }
}

/** The log of the main database; what is asked of it runs outside of any transaction. */
export interface DatabaseLog {
  /** Folds the log into the database and empties it. Answers whether nobody was reading. */
  truncate(): boolean
}

export type WriterSubjects = ReturnType<typeof writerSubjects> & { log: DatabaseLog }
