/** Reads samples without opening them. */

import { existsSync } from 'node:fs'
import type { SamplePage, SampleQuery } from '../../samples.ts'
import { HeldSamples, KEPT } from '../holds/heldSamples.ts'
import { blindRelated } from '../subjects/blindIndex.ts'
import { type Connection, openConnection } from '../thread/connection.ts'
import { listSamples } from './list.ts'
import { type SamplesFile, samplesPath } from './move.ts'
import { blindKeyOf } from './sampling.ts'

/** A sample as it lies on the disk, with what its day's private key is wrapped in. */
export interface SealedSample {
  day: string
  sealed: Uint8Array
  wrapped: Uint8Array
}

export class SampleReader {
  private readonly main: Connection
  private readonly folder: string
  private readonly select

  constructor(main: Connection, folder: string) {
    this.main = main
    this.folder = folder
    this.select = main.prepare(
      `SELECT sample.day, sample.content, sample.held, sample_key.wrapped FROM sample
       JOIN sample_key ON sample_key.day = sample.day WHERE message = ? AND ${KEPT}`,
    )
  }

  /** The sealed bytes of a sample; undefined when there is none whose time is not over. */
  sealed(message: number, hideBy: number): SealedSample | undefined {
    const row = this.select.get(message, hideBy, new HeldSamples(this.main).beyond(hideBy)) as
      | { day: string; content: Uint8Array | null; held: number; wrapped: Uint8Array }
      | undefined
    if (!row) return undefined
    const sealed = row.content ?? this.moved(row.held === 1 ? 'held' : row.day, message)
    return sealed && { day: row.day, sealed, wrapped: row.wrapped }
  }

  private moved(file: string, message: number): Uint8Array | undefined {
    const known = this.main.prepare('SELECT file, generation FROM sample_key WHERE day = ?').get(file) as
      | SamplesFile
      | undefined
    if (!known) return undefined
    const path = samplesPath(this.folder, file, known.generation)
    if (!existsSync(path)) return undefined
    const database = openConnection({ path, key: known.file, readonly: true, cacheKiB: 256 })
    try {
      return database.prepare('SELECT content FROM sample WHERE message = ?').pluck().get(message) as
        | Uint8Array
        | undefined
    } finally {
      database.close()
    }
  }

  list(query: SampleQuery): SamplePage {
    return listSamples(this.main, query)
  }

  /** Messages whose samples name an address, or one that may belong together with it. */
  byAddress(address: string): number[] {
    const key = blindKeyOf(this.main)
    if (!key) return []
    const select = this.main.prepare('SELECT message FROM sample_address WHERE address = ?').pluck()
    const messages = new Set(blindRelated(key, address).flatMap((hash) => select.all(hash) as number[]))
    return [...messages].sort((a, b) => a - b)
  }
}
