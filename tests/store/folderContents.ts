/**
 * What a data folder holds, asked of the store. Only values are taken, in the order they sort in: what a field or a
 * column is called may change from one version to the next, what a person once wrote into it may not.
 */

import { createHash } from 'node:crypto'
import type { Store } from '../../src/store/store.ts'

/** The values of one thing, as JSON; long texts and bytes as their hash. */
export type Facts = string[]

/** Everything in a folder, by subject. */
export type Contents = Record<string, Facts[]>

function hashed(bytes: Uint8Array | string): string {
  return `sha256 ${createHash('sha256').update(bytes).digest('hex')}`
}

function* leaves(value: unknown): Generator<string> {
  if (value === undefined || value === null) return
  if (value instanceof Uint8Array) yield hashed(value)
  else if (typeof value === 'string') yield JSON.stringify(value.length > 100 ? hashed(value) : value)
  else if (typeof value === 'object') for (const part of Object.values(value)) yield* leaves(part)
  else yield JSON.stringify(value)
}

/** The values in a thing. */
export function factsOf(value: unknown): Facts {
  return [...leaves(value)].sort()
}

async function each<T, R>(things: readonly T[], ask: (thing: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = []
  for (const thing of things) answers.push(await ask(thing))
  return answers
}

/** Keys of settings that a folder may have. */
const SETTINGS = [
  'retention.clock',
  'people.policy',
  'review.policy',
  'review.reasons',
  'requests.policy',
  'signals.thresholds',
  'signals.traps',
  'scoring',
  'self-made certificate',
  'desk.domains',
  'audit.place',
  'appeals.secret',
  'public.url',
]

const ALL = 10_000
const SEARCH_MS = 60_000

/**
 * Asks the store for everything.
 * @param now milliseconds: sessions and the like that have expired by then are not asked for
 * @param sealPrivateKey opens the samples
 */
export async function contentsOf(store: Store, folderId: string, now: number, sealPrivateKey: Uint8Array) {
  const users = await store.users.list()
  const { rows: messages } = await store.log.search({}, ALL, undefined, SEARCH_MS)
  const accounts = store.directory.accounts()
  const query = { kind: undefined, since: undefined, before: undefined, unmatched: false, unassigned: false }
  const { cases } = await store.cases.list({}, ALL, undefined, now)
  const requests = (await store.requests.list({ state: 'all', limit: ALL, cursor: undefined })).requests
  const samples = (
    await store.samples.list({ account: undefined, flagged: undefined, before: undefined, limit: ALL, now })
  ).rows
  const held = await store.holds.list()
  const verdict = await store.audit.verify(folderId, [])
  const found = {
    users: await each(users, async (user) => [
      user,
      await store.users.byEmail(user.email),
      await store.users.sessions(user.id, now),
      await store.users.tokens(user.id),
      await store.users.secondFactor(user.id),
    ]),
    invitations: await store.users.invitations(),
    accounts: [...accounts],
    credentials: [...store.directory.credentials()],
    routes: [...store.directory.routes()],
    retentionDays: [store.directory.policy()],
    messages: await each(messages, async (row) => [row, await store.log.get(row.id)]),
    days: await store.log.days(),
    queue: (await store.queue.list({}, ALL, undefined)).rows,
    queueCounts: [await store.queue.counts()],
    samples: await each(samples, async (row) => [row, await store.samples.open(row.message, sealPrivateKey)]),
    samplesByAddress: [await store.samples.findByAddress('reader@plover.example')],
    signals: (await store.signals.list({ ...query, account: undefined, limit: ALL })).signals,
    cases: await each(cases, ({ id }) => store.cases.get(id, now)),
    accessReports: await each(accounts, ({ id }) => store.cases.accessReport(id)),
    trust: (await each(accounts, ({ id }) => store.trust.history(id))).flat(),
    complaints: (await each(accounts, ({ id }) => store.trust.complaints(id))).flat(),
    trustRequests: await store.trustRequests.list(),
    requests: await each(requests, ({ id }) => store.requests.get(id)),
    exports: (await each(requests, ({ id }) => store.dataExports.list(id))).flat(),
    legalRequests: await store.legalRequests.list(ALL, undefined),
    legalHolds: held,
    policyVersions: await store.policy.versions(),
    policyLetters: await store.policy.letters(),
    consents: await store.consents.list({}),
    receipts: await store.retention.receipts(ALL, undefined),
    audit: (await store.audit.list({}, ALL, undefined)).rows,
    auditCheck: [verdict],
    draws: [await store.audit.replayDraws(now)],
    checkpoints: await store.audit.checkpoints(ALL),
    sealKey: [await store.keys.sealKey()],
    wrappedDays: await store.keys.wrappedDays(),
    backups: await store.keys.backups(),
    suppressions: [...store.subjects.suppressions()],
    throttle: await store.throttle.load(),
    waitingMail: [await store.desk.waiting()],
    settings: await each(SETTINGS, (key) => store.settings.get(key)),
  }
  return Object.fromEntries(
    Object.entries(found).map(([subject, things]) => [subject, things.map(factsOf)]),
  ) as Contents
}
