/**
 * The erasure ledger: what was erased by order, kept beside the keys and outside the data folder, so that a backup made
 * before an erasure cannot bring back what was erased, and which legal holds keep it. One JSON object a line, each with a hash over the one
 * before; it names rows by number and commitment, accounts by number and persons by keyed hash, never an address. What is written here is on
 * the disk before the erasure is carried out.
 */

import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { z } from 'zod'
import { writeDurably } from '../../base/durableFile.ts'
import { sameMailbox } from '../../model/addressKey.ts'
import { daysInEffect } from '../../model/privacyPolicy.ts'
import { type ConsentStore, withdrawnBy } from '../../store/consents.ts'
import type { Store } from '../../store/store.ts'
import type { SubjectStore } from '../../store/subjects.ts'
import {
  holdPlacedShape,
  holdReleasedShape,
  holdsWithLedger,
  legalRequestsWithLedger,
  replayHold,
} from './holdLedger.ts'

const erasureShape = z.discriminatedUnion('kind', [
  /** the first line: the data folder it belongs to */
  z.object({ kind: z.literal('ledger'), at: z.number().int(), folder: z.string() }),
  /** the personal part of rows of the audit log */
  z.object({
    kind: z.literal('audit rows'),
    at: z.number().int(),
    rows: z.array(z.object({ sequence: z.number().int(), commitment: z.string() })),
  }),
  /** how long all mail is kept, in days */
  z.object({ kind: z.literal('policy days'), at: z.number().int(), days: z.number().int() }),
  /** how long mail of an account is kept, in days; null: as long as all mail */
  z.object({
    kind: z.literal('account days'),
    at: z.number().int(),
    account: z.number().int(),
    days: z.number().int().nullable(),
  }),
  /** a person, by keyed hash; `hash` null: everything of the account; `account` null: of all */
  z.object({
    kind: z.literal('person'),
    at: z.number().int(),
    hash: z.string().nullable(),
    account: z.number().int().nullable(),
    request: z.number().int(),
    /** whether the person was taken out of the request itself */
    isLast: z.boolean(),
  }),
  /** an address an account does not write to any more, by keyed hash, or that it may write to again */
  z.object({
    kind: z.literal('suppression'),
    at: z.number().int(),
    account: z.number().int(),
    hash: z.string(),
    request: z.number().int().nullable(),
    lifted: z.boolean(),
  }),
  /** a consent to mailings that was withdrawn */
  z.object({ kind: z.literal('consent'), at: z.number().int(), consent: z.number().int(), by: z.enum(withdrawnBy) }),
  /** legal holds: see holdLedger.ts */
  holdPlacedShape,
  holdReleasedShape,
  /** a change of the policy that was withdrawn, and must not take effect after all */
  z.object({ kind: z.literal('policy withdrawn'), at: z.number().int(), version: z.number().int() }),
])

export type Erasure = z.infer<typeof erasureShape>

const lineShape = z.object({ erasure: erasureShape, hash: z.string() })

export interface LedgerContents {
  erasures: Erasure[]
  /** hash of the last line */
  head: string
  /** what is wrong with it, naming the line; what stands before is good */
  problem: string | undefined
}

function hashOf(before: string, erasure: Erasure): string {
  return createHash('sha256')
    .update(`${before}${JSON.stringify(erasure)}`)
    .digest('hex')
}

function parseLine(line: string): z.infer<typeof lineShape> | undefined {
  try {
    return lineShape.parse(JSON.parse(line))
  } catch {
    // no JSON, or not of this form
    return undefined
  }
}

/** Reads a ledger; undefined when there is none. What an interrupted write left at its end is no problem: it was not carried out. */
export async function readLedger(file: string): Promise<LedgerContents | undefined> {
  if (!existsSync(file)) return undefined
  const lines = (await readFile(file, 'utf8')).split('\n')
  // what follows the last line end is empty, or was cut short
  lines.pop()
  const contents: LedgerContents = { erasures: [], head: '', problem: undefined }
  for (const [index, line] of lines.entries()) {
    const parsed = parseLine(line)
    if (!parsed || parsed.hash !== hashOf(contents.head, parsed.erasure)) {
      return { ...contents, problem: `line ${index + 1} of ${file} was changed, or one before it is missing` }
    }
    contents.erasures.push(parsed.erasure)
    contents.head = parsed.hash
  }
  return contents
}

export interface ErasureLedger {
  /** Resolves when it is on the disk: then the erasure may be carried out. */
  append(erasure: Erasure): Promise<void>
  /** what a person should know, found when it was opened */
  notices: string[]
}

class Ledger implements ErasureLedger {
  readonly notices: string[]
  private readonly file: string
  private head: string
  private last: Promise<void> = Promise.resolve()

  constructor(file: string, { head, problem }: LedgerContents) {
    this.file = file
    this.head = head
    this.notices = problem === undefined ? [] : [`the erasure ledger is broken: ${problem}; put it back from a copy`]
  }

  append(erasure: Erasure): Promise<void> {
    const written = this.last.then(() => this.write(erasure))
    // one that failed does not keep the next from being tried
    this.last = written.catch(() => undefined)
    return written
  }

  private async write(given: Erasure): Promise<void> {
    // its fields in the order in which they are read, over which the hash is
    const erasure = erasureShape.parse(given)
    const hash = hashOf(this.head, erasure)
    const file = await open(this.file, 'a', 0o600)
    try {
      await file.appendFile(`${JSON.stringify({ erasure, hash })}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    this.head = hash
  }
}

/** Takes away what an interrupted write left after the last line end. */
async function cutToLines(file: string): Promise<void> {
  const content = await readFile(file)
  const end = content.lastIndexOf('\n') + 1
  if (end === content.length) return
  const handle = await open(file, 'r+')
  try {
    await handle.truncate(end)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Opens the ledger of a data folder; made when there is none. */
export async function openLedger(file: string, folder: string, now: number): Promise<ErasureLedger> {
  if (!existsSync(file)) {
    const erasure: Erasure = { kind: 'ledger', at: now, folder }
    await writeDurably(file, `${JSON.stringify({ erasure, hash: hashOf('', erasure) })}\n`, 0o600)
  }
  await cutToLines(file)
  return new Ledger(file, (await readLedger(file))!)
}

/** The rows as the log has them now; those that are not there are left out. */
async function rowsOf(store: Pick<Store, 'audit'>, sequences: readonly number[]) {
  const rows = await Promise.all(sequences.map((sequence) => store.audit.rows(sequence - 1, 1)))
  return rows.flat().filter(({ sequence }) => sequences.includes(sequence))
}

/** Persons, with every erasure and suppression written down first. An erasure that is repeated is written down once. */
function subjectsWithLedger(subjects: SubjectStore, ledger: ErasureLedger): SubjectStore {
  const written = new Set<string>()
  return {
    ...subjects,
    async erase(scope, order, work) {
      const hash = scope.address === undefined ? null : subjects.mailboxHash(scope.address)
      // the last run takes letters and the request itself, which the first left
      const isLast = order.keepRequests.length === 0
      const person = { hash, account: scope.account ?? null, request: order.request, isLast }
      const run = JSON.stringify(person)
      if (!written.has(run)) await ledger.append({ kind: 'person', at: order.at, ...person })
      written.add(run)
      return subjects.erase(scope, order, work)
    },
    async suppress(suppression, actor) {
      const { request, ...rest } = suppression
      await ledger.append({ kind: 'suppression', ...rest, request: request ?? null, lifted: false })
      return subjects.suppress(suppression, actor)
    },
    async unsuppress(account, hash, actor, at) {
      await ledger.append({ kind: 'suppression', at, account, hash, request: null, lifted: true })
      return subjects.unsuppress(account, hash, actor, at)
    },
  }
}

/** Consents, with every withdrawal written down first: a backup must not bring back what somebody took back. */
function consentsWithLedger(consents: ConsentStore, ledger: ErasureLedger): ConsentStore {
  return {
    ...consents,
    async withdraw(id, by, act) {
      const named = await consents.get(id)
      const { account, purpose } = named ?? {}
      const standing = named ? await consents.list({ account, purpose, standing: true }) : []
      for (const { id: consent, address } of standing)
        if (sameMailbox(address, named!.address)) await ledger.append({ kind: 'consent', at: act.at, consent, by })
      return consents.withdraw(id, by, act)
    },
  }
}

/** The store, with every erasure by order written to the ledger before it is carried out. */
export function withLedger(store: Store, ledger: ErasureLedger): Store {
  const { audit, consents, legalRequests, subjects, policy, retention } = store
  const holds = holdsWithLedger(store.holds, ledger)
  return {
    ...store,
    subjects: subjectsWithLedger(subjects, ledger),
    consents: consentsWithLedger(consents, ledger),
    legalRequests: legalRequestsWithLedger(legalRequests, store.holds, ledger),
    audit: {
      ...audit,
      async erase(sequences, erasure) {
        const rows = (await rowsOf(store, sequences)).map(({ sequence, commitment }) => ({ sequence, commitment }))
        await ledger.append({ kind: 'audit rows', at: erasure.at, rows })
        return audit.erase(sequences, erasure)
      },
    },
    retention: {
      ...retention,
      async setDays(days, entry) {
        await ledger.append({ kind: 'policy days', at: entry.at, days })
        return retention.setDays(days, entry)
      },
    },
    policy: {
      ...policy,
      async takeEffect(version, at) {
        const versions = await policy.versions()
        const found = versions.find((one) => one.version === version)
        const current = versions.find(({ state }) => state === 'in force')
        if (found?.state === 'announced')
          await ledger.append({ kind: 'policy days', at, days: daysInEffect(found, current) })
        return policy.takeEffect(version, at)
      },
      async withdraw(version, act) {
        const state = (await policy.get(version))?.state
        if (state === 'announced') await ledger.append({ kind: 'policy withdrawn', at: act.at, version })
        return policy.withdraw(version, act)
      },
    },
    holds: {
      ...holds,
      async setKeepDays(account, days, act) {
        await ledger.append({ kind: 'account days', at: act.at, account, days: days ?? null })
        return holds.setKeepDays(account, days, act)
      },
    },
  }
}

const ACTOR = 'system'
const REASON = 'erased by order before, as the erasure ledger says'

async function replayOne(store: Store, erasure: Erasure, now: number): Promise<number> {
  switch (erasure.kind) {
    case 'ledger':
    // all persons are looked for at once, in the end
    case 'person':
      return 0
    case 'suppression': {
      const { account, hash, at, request, lifted } = erasure
      if (lifted) await store.subjects.unsuppress(account, hash, ACTOR, at)
      else await store.subjects.suppress({ account, hash, at, request: request ?? undefined }, ACTOR)
      return 1
    }
    case 'audit rows': {
      // after a restore another row may have the number of one that was erased: the commitment tells them apart
      const found = await rowsOf(
        store,
        erasure.rows.map(({ sequence }) => sequence),
      )
      const commitments = new Map(erasure.rows.map(({ sequence, commitment }) => [sequence, commitment]))
      const same = found.filter((row) => row.commitment === commitments.get(row.sequence) && row.personal !== null)
      if (same.length === 0) return 0
      const sequences = same.map(({ sequence }) => sequence)
      return store.audit.erase(sequences, { at: now, actor: ACTOR, reason: REASON })
    }
    case 'policy days': {
      const entry = { at: erasure.at, actor: ACTOR, action: 'retention.setDays', object: 'retention', reason: REASON }
      await store.retention.setDays(erasure.days, { ...entry, details: {}, facts: { days: erasure.days } })
      return 1
    }
    case 'account days': {
      const { account, days, at } = erasure
      // an account that is younger than the backup is not there
      if (!store.directory.accountById(account)) return 0
      await store.holds.setKeepDays(account, days ?? undefined, { at, actor: ACTOR, reason: REASON })
      return 1
    }
    case 'consent': {
      const { consent, by, at } = erasure
      const found = await store.consents.get(consent)
      // after a restore another consent may have the number of one that was withdrawn: it is younger
      if (!found || found.withdrawn || found.givenAt > at) return 0
      await store.consents.withdraw(consent, by, { at, actor: ACTOR, reason: REASON })
      return 1
    }
    case 'hold placed':
    case 'hold released':
      return replayHold(store, erasure)
    case 'policy withdrawn': {
      const { version, at } = erasure
      const found = await store.policy.get(version)
      if (found?.state !== 'announced' || (found.announcedAt ?? 0) > at) return 0
      await store.policy.withdraw(version, { at, actor: ACTOR, reason: REASON })
      return 1
    }
  }
}

/** Carries out again what was erased by order, oldest first. Returns how many rows were erased and orders repeated. */
export async function replayErasures(store: Store, erasures: readonly Erasure[], now: number): Promise<number> {
  let count = 0
  for (const erasure of erasures) count += await replayOne(store, erasure, now)
  const subjects = erasures.filter((erasure) => erasure.kind === 'person')
  if (subjects.length === 0) return count
  const { headers, redacted, rows } = await store.subjects.eraseAgain(subjects, now)
  return count + headers + redacted + rows
}
