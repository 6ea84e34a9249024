/** The records of a package on disk: a head and then one record a line, compressed, in a container only its key opens. */

import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { ContainerWriter, readContainer } from './container.ts'
import type { ExportHead, PackedRecord } from './content.ts'

/** A file in the data folder and what opens it. */
export interface Place {
  path: string
  /** 32 bytes */
  key: Uint8Array
}

export interface Written {
  bytes: number
  /** of the content, hex */
  sha256: string
}

/** A stream into a container; `finished` is to be called once it has ended. */
export function containerSink({ path, key }: Place): { sink: Writable; finished(): Written } {
  const container = new ContainerWriter(path, key)
  const sink = new Writable({
    write(chunk: Uint8Array, _, done) {
      container.write(chunk)
      done()
    },
  })
  return {
    sink,
    finished() {
      const sha256 = container.finish()
      return { bytes: container.bytes, sha256 }
    },
  }
}

async function* lines(head: ExportHead, records: AsyncIterable<PackedRecord>): AsyncGenerator<string> {
  yield `${JSON.stringify(head)}\n`
  for await (const record of records) yield `${JSON.stringify(record)}\n`
}

/** Writes a package. Resolves when it is durable. */
export async function writeExport(
  place: Place,
  head: ExportHead,
  records: AsyncIterable<PackedRecord>,
): Promise<Written> {
  const { sink, finished } = containerSink(place)
  await pipeline(Readable.from(lines(head, records)), createGzip({ level: 4 }), sink)
  return finished()
}

async function* readLines({ path, key }: Place): AsyncGenerator<string> {
  const plain = createGunzip()
  const reading = pipeline(Readable.from(readContainer(path, key)), plain)
  // told by the loop below, which sees the stream end with it
  reading.catch(() => undefined)
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of plain) {
    const parts = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n')
    rest = parts.pop()!
    yield* parts
  }
  await reading
}

/** What a package says about itself. */
export async function readHead(place: Place): Promise<ExportHead> {
  for await (const line of readLines(place)) return JSON.parse(line) as ExportHead
  throw new Error('a package is empty')
}

/** The records of a package, from the beginning. */
export async function* readRecords(place: Place): AsyncGenerator<PackedRecord> {
  let isHead = true
  for await (const line of readLines(place)) {
    if (!isHead) yield JSON.parse(line) as PackedRecord
    isHead = false
  }
}
