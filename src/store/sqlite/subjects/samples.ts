/** Samples that name persons, by the blind index: none is opened. */

import type { HoldableSample } from '../holds/heldSamples.ts'
import { blindKeyOf } from '../samples/sampling.ts'
import type { Connection } from '../thread/connection.ts'
import { blind } from './blindIndex.ts'
import type { Meant } from './match.ts'

/** Persons of whom only a hash is known are not found: a restore, which alone asks for them, brings no samples back. */
export function sampleCandidates(main: Connection, { subjects, secret }: Meant): HoldableSample[] {
  if (secret) return []
  const found = new Map<number, HoldableSample>()
  for (const { key, account, until } of subjects) {
    const rows = key === undefined ? ofAccount(main, account) : naming(main, key)
    for (const row of rows)
      if ((account === undefined || row.account === account) && row.accepted_at <= (until ?? row.accepted_at))
        found.set(row.message, row)
  }
  return [...found.values()].sort((a, b) => a.message - b.message)
}

const COLUMNS = 'sample.message, sample.account, sample.accepted_at, sample.held'

function ofAccount(main: Connection, account: number | undefined): HoldableSample[] {
  return main.prepare(`SELECT ${COLUMNS} FROM sample WHERE account = ?`).all(account ?? null) as HoldableSample[]
}

function naming(main: Connection, key: string): HoldableSample[] {
  const secret = blindKeyOf(main)
  if (!secret) return []
  return main
    .prepare(
      `SELECT ${COLUMNS} FROM sample JOIN sample_address ON sample_address.message = sample.message WHERE address = ?`,
    )
    .all(blind(secret, key)) as HoldableSample[]
}
