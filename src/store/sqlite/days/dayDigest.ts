/** The digest of a day's record ids, from its covering index: the records themselves are not touched. */

import { createHash } from 'node:crypto'
import type { Connection } from '../thread/connection.ts'

/** Ids read in one step: some milliseconds of work. */
const STEP = 20_000

/** Stands for the digest of a day whose file was damaged or lost: which records went with it cannot be said. */
export const UNREADABLE = 'unreadable'

/** Same as `digestOf`, over ids in any order, fast enough for a million. Sorts the ids. */
function digestOfMany(ids: Float64Array): string {
  ids.sort()
  const bytes = Buffer.allocUnsafe(ids.length * 8)
  ids.forEach((id, index) => {
    bytes.writeUInt32BE(Math.floor(id / 2 ** 32), index * 8)
    bytes.writeUInt32BE(id % 2 ** 32, index * 8 + 4)
  })
  return createHash('sha256').update(bytes).digest('hex')
}

export interface Digest {
  /** SHA-256, hex, or UNREADABLE */
  digest: string
  records: number
}

/** A digest in the making, a step at a time. */
export class DigestWork {
  private ids = new Float64Array(STEP)
  private count = 0
  private readonly select
  private last: [number, number] = [-1, -1]

  private readonly except: ReadonlySet<number>

  /** @param except ids that are left out */
  constructor(day: Connection, except: ReadonlySet<number> = new Set()) {
    this.except = except
    this.select = day
      .prepare(
        `SELECT size, id FROM record INDEXED BY record_size WHERE (size, id) > (?, ?)
         ORDER BY size, id LIMIT ${STEP}`,
      )
      .raw()
  }

  /** Reads on. Returns the digest when everything has been read. */
  step(): Digest | undefined {
    const rows = this.select.all(...this.last) as [number, number][]
    if (this.count + rows.length > this.ids.length) this.grow()
    for (const [, id] of rows) if (!this.except.has(id)) this.ids[this.count++] = id
    this.last = rows.at(-1) ?? this.last
    if (rows.length === STEP) return undefined
    return { digest: digestOfMany(this.ids.subarray(0, this.count)), records: this.count }
  }

  private grow(): void {
    const larger = new Float64Array(this.ids.length * 2)
    larger.set(this.ids)
    this.ids = larger
  }
}

/** The digest of a day at once, without some ids. */
export function dayDigest(day: Connection, except: ReadonlySet<number>): Digest {
  const work = new DigestWork(day, except)
  for (;;) {
    const digest = work.step()
    if (digest) return digest
  }
}
