/**
 * A file that only its key can open: AES-256-GCM in chunks, so that it is written and read piece by piece. Each file has
 * a key of its own; the nonce of a chunk is its number, and says whether it is the last, so that a file that was cut off
 * or put together anew is noticed.
 */

import { createCipheriv, createDecipheriv, createHash, type Hash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

const CHUNK = 64 * 1024
const TAG = 16
const CIPHER = 'aes-256-gcm'

function nonce(number: number, isLast: boolean): Buffer {
  const bytes = Buffer.alloc(12)
  bytes.writeUInt8(isLast ? 1 : 0, 0)
  bytes.writeUIntBE(number, 6, 6)
  return bytes
}

/** Writes such a file, in a worker thread: every call blocks. */
export class ContainerWriter {
  /** bytes of the content */
  bytes = 0
  private readonly file: number
  private readonly key: Uint8Array
  private readonly hash: Hash = createHash('sha256')
  private waiting: Uint8Array[] = []
  private waitingBytes = 0
  private number = 0

  /** @throws when the file is there already */
  constructor(path: string, key: Uint8Array) {
    this.key = key
    this.file = openSync(path, 'wx', 0o600)
  }

  write(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.hash.update(bytes)
    this.bytes += bytes.length
    this.waiting.push(bytes)
    this.waitingBytes += bytes.length
    if (this.waitingBytes > CHUNK) this.flush()
  }

  /** Ends the file durably. Returns the SHA-256 of the content, hex. */
  finish(): string {
    const rest = Buffer.concat(this.waiting)
    this.seal(rest, true)
    fsyncSync(this.file)
    closeSync(this.file)
    return this.hash.digest('hex')
  }

  /** Writes full chunks and keeps what may be the last. */
  private flush(): void {
    const all = Buffer.concat(this.waiting)
    let from = 0
    for (; all.length - from > CHUNK; from += CHUNK) this.seal(all.subarray(from, from + CHUNK), false)
    this.waiting = [all.subarray(from)]
    this.waitingBytes = all.length - from
  }

  private seal(chunk: Uint8Array, isLast: boolean): void {
    const cipher = createCipheriv(CIPHER, this.key, nonce(this.number++, isLast))
    writeSync(this.file, Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()]))
  }
}

async function readChunk(file: FileHandle, number: number): Promise<Buffer> {
  const chunk = Buffer.alloc(CHUNK + TAG)
  let length = 0
  for (;;) {
    const { bytesRead } = await file.read(chunk, length, chunk.length - length, number * chunk.length + length)
    length += bytesRead
    if (bytesRead === 0 || length === chunk.length) return chunk.subarray(0, length)
  }
}

/**
 * Reads such a file piece by piece.
 * @throws when the key is not its key, or the file is not whole
 */
export async function* readContainer(path: string, key: Uint8Array): AsyncGenerator<Buffer> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const last = Math.max(0, Math.ceil(size / (CHUNK + TAG)) - 1)
    for (let number = 0; number <= last; number++) {
      const chunk = await readChunk(file, number)
      const decipher = createDecipheriv(CIPHER, key, nonce(number, number === last), { authTagLength: TAG })
      decipher.setAuthTag(chunk.subarray(chunk.length - TAG))
      yield Buffer.concat([decipher.update(chunk.subarray(0, chunk.length - TAG)), decipher.final()])
    }
  } finally {
    await file.close()
  }
}
