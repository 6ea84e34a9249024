/** Makes the file that is handed over: a ZIP whose entries are encrypted (AES-256, WinZip AE-2), as common tools open it. */

import { Readable, Writable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { configure, Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js'
import { MOST_HEADER_FILES, MOST_HEADERS } from './content.ts'
import { containerSink, type Place, readHead, readRecords, type Written } from './exportStore.ts'
import { exportTexts } from './files.ts'

/** AES-256 (APPNOTE 7.3, AE-x strength 3) */
const STRENGTH = 3
const PIECE = 64 * 1024
/** Header blocks that are made into entries at once: deriving their keys is most of the work. */
const AT_ONCE = 8

async function* bytesOf(text: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let waiting = ''
  for await (const piece of text) {
    waiting += piece
    if (waiting.length < PIECE) continue
    yield Buffer.from(waiting)
    waiting = ''
  }
  yield Buffer.from(waiting)
}

type Zip = ZipWriter<unknown>

function streamOf(text: AsyncIterable<string>): globalThis.ReadableStream {
  return Readable.toWeb(Readable.from(bytesOf(text))) as ReadableStream as globalThis.ReadableStream
}

/** Adds the header blocks of the first messages as files. */
async function addHeaders(zip: Zip, folder: string, from: Place): Promise<void> {
  let adding: Promise<unknown>[] = []
  let added = 0
  for await (const { id, headers } of readRecords(from)) {
    if (added++ === MOST_HEADERS) break
    adding.push(zip.add(`${folder}${id}.eml`, new Uint8ArrayReader(Buffer.from(headers))))
    if (adding.length < AT_ONCE) continue
    await Promise.all(adding)
    adding = []
  }
  await Promise.all(adding)
}

/** An archive of the header blocks. Neither packed nor encrypted: the entry that holds it is both. */
function headerArchive(from: Place): { readable: globalThis.ReadableStream; written: Promise<void> } {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const archive: Zip = new ZipWriter(writable, { level: 0 })
  const write = async (): Promise<void> => {
    await addHeaders(archive, '', from)
    await archive.close()
  }
  return { readable, written: write() }
}

/**
 * Makes the ZIP of a package.
 * @param count header records in it
 */
export async function zipExport(from: Place, to: Place, count: number, passphrase: string): Promise<Written> {
  // it runs in a worker already
  configure({ useWebWorkers: false })
  const { sink, finished } = containerSink(to)
  const zip: Zip = new ZipWriter(Writable.toWeb(sink), { password: passphrase, encryptionStrength: STRENGTH, level: 6 })
  const head = await readHead(from)
  for (const { name, text } of exportTexts(head, count, () => readRecords(from))) await zip.add(name, streamOf(text))
  if (count > MOST_HEADER_FILES) {
    const { readable, written } = headerArchive(from)
    await Promise.all([zip.add('headers.zip', readable), written])
  } else {
    await addHeaders(zip, 'headers/', from)
  }
  await zip.close()
  return finished()
}
