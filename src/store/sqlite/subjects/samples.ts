/** Samples that name persons, by the blind index: none is opened. */

import type { HoldableSample } from '../holds/heldSamples.ts'
import { blindKeyOf } from '../samples/sampling.ts'
import type { Connection } from '../thread/connection.ts'
import { blindMailbox, blindRelated } from './blindIndex.ts'
import type { Meant } from './match.ts'

/** A sample, and when it ends: milliseconds, Unix time. */
interface FoundSample extends HoldableSample {
  keep_until: number
}

/** Persons of whom only a hash is known are not found: a restore, which alone asks for them, brings no samples back. */
export function sampleCandidates(main: Connection, { subjects, secret, isRelated }: Meant): FoundSample[] {
  if (secret) return []
  const found = new Map<number, FoundSample>()
  for (const { key, account, until } of subjects) {
    const rows = key === undefined ? ofAccount(main, account) : naming(main, key, isRelated === true)
    for (const row of rows)
      if ((account === undefined || row.account === account) && row.accepted_at <= (until ?? row.accepted_at))
        found.set(row.message, row)
  }
  return [...found.values()].sort((a, b) => a.message - b.message)
}

const COLUMNS = 'sample.message, sample.account, sample.accepted_at, sample.held, sample.keep_until'

function ofAccount(main: Connection, account: number | undefined): FoundSample[] {
  return main.prepare(`SELECT ${COLUMNS} FROM sample WHERE account = ?`).all(account ?? null) as FoundSample[]
}

/** Samples that name exactly this mailbox; with `isRelated`, those that name only others it may belong together with. */
function naming(main: Connection, key: string, isRelated: boolean): FoundSample[] {
  const secret = blindKeyOf(main)
  if (!secret) return []
  const select = main.prepare(
    `SELECT ${COLUMNS} FROM sample JOIN sample_address ON sample_address.message = sample.message WHERE address = ?`,
  )
  const rows = (hashes: Uint8Array[]) => hashes.flatMap((hash) => select.all(hash) as FoundSample[])
  const exact = rows(blindMailbox(secret, key))
  if (!isRelated) return exact
  const named = new Set(exact.map(({ message }) => message))
  return rows(blindRelated(secret, key)).filter(({ message }) => !named.has(message))
}
