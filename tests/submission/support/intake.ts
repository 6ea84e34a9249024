/** An intake on real sockets, with what it handed over. */

import { afterEach } from 'vitest'
import { defaultLimits, type EngineLimits } from '../../../src/mta/limits.ts'
import type { Accept, RoleMailboxes, Submission } from '../../../src/mta/ports.ts'
import { type CertificateAndKey, makeSelfSignedCertificate } from '../../../src/mta/submission/certificate.ts'
import {
  createSubmissionServer,
  type SubmissionOptions,
  type SubmissionServer,
  type Tunables,
} from '../../../src/mta/submission/index.ts'
import type { ThrottleEntry } from '../../../src/store/store.ts'
import { Client } from './client.ts'
import { type Contents, directoryOf } from './directory.ts'

export interface Setup extends Contents {
  tls?: CertificateAndKey
  limits?: Partial<EngineLimits>
  tunables?: Partial<Tunables>
  accept?: Accept
  mailboxes?: RoleMailboxes
  /** wrong passwords from an earlier run; changed by this one */
  throttle?: Map<string, ThrottleEntry>
  clock?: { now(): number }
  host?: string
  smtps?: boolean
}

export interface Running {
  submissionServer: SubmissionServer
  port: number
  /** of the listener with implicit TLS */
  securePort: number
  submissions: Submission[]
  directory: ReturnType<typeof directoryOf>
  /** what was logged, in order */
  logged: { fields: Record<string, unknown>; message: string }[]
  /** connects, reads the greeting and says EHLO */
  greet(): Promise<Client>
  open(): Promise<Client>
}

const cleanups: (() => Promise<void> | void)[] = []
let certificate: CertificateAndKey | undefined

/** A certificate, made once for all tests of a file. */
export async function testCertificate(): Promise<CertificateAndKey> {
  certificate ??= await makeSelfSignedCertificate('relay.example')
  return certificate
}

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** Keeps a client to be closed after the test. */
export function kept(client: Client): Client {
  cleanups.push(() => client.close())
  return client
}

function throttleOf(entries: Map<string, ThrottleEntry>) {
  return {
    load: async () => [...entries.values()],
    save: async (changed: ThrottleEntry[]) => {
      for (const entry of changed) {
        if (entry.failures > 0) entries.set(entry.key, entry)
        else entries.delete(entry.key)
      }
    },
  }
}

/** What an intake is built from, and what it will have handed over and logged. */
export async function optionsOf(setup: Setup = {}) {
  const submissions: Submission[] = []
  const logged: Running['logged'] = []
  const note = (fields: Record<string, unknown>, message: string) => void logged.push({ fields, message })
  const directory = directoryOf(setup)
  const accept: Accept = async (submission) => {
    submissions.push({ ...submission, data: Buffer.from(submission.data) })
    return { kind: 'accepted', id: submissions.length }
  }
  const host = setup.host ?? '127.0.0.1'
  const options: SubmissionOptions = {
    directory,
    throttle: throttleOf(setup.throttle ?? new Map()),
    accept: setup.accept ?? accept,
    mailboxes: setup.mailboxes,
    hostname: 'relay.example',
    smtp: [{ host, port: 0 }],
    smtps: setup.smtps ? [{ host, port: 0 }] : [],
    tls: setup.tls ?? (await testCertificate()),
    limits: { ...defaultLimits, ...setup.limits },
    log: { debug: note, info: note, warn: note, error: note },
    clock: setup.clock ?? { now: () => Date.now() },
    steady: setup.clock,
    tunables: setup.tunables,
  }
  return { options, submissions, logged, directory, host }
}

/** Starts an intake on 127.0.0.1; it is stopped after the test. */
export async function startIntake(setup: Setup = {}): Promise<Running> {
  const { options, host, ...seen } = await optionsOf(setup)
  const submissionServer = createSubmissionServer(options)
  const [plain, secure] = await submissionServer.start()
  cleanups.push(() => submissionServer.stop(0))
  const open = async () => kept(await Client.open(plain!.port, host))
  return {
    submissionServer,
    port: plain!.port,
    securePort: secure?.port ?? 0,
    ...seen,
    open,
    async greet() {
      const client = await open()
      await client.expect('250', 'EHLO client.example')
      return client
    },
  }
}

/** A short message from the default account. */
export const message = 'From: Ann <a@acme.example>\r\nSubject: hello\r\nMessage-ID: <1@acme.example>\r\n\r\nHi.\r\n'

/** The initial response of AUTH PLAIN. */
export function plain(user: string, password: string): string {
  return Buffer.from(`\0${user}\0${password}`).toString('base64')
}
