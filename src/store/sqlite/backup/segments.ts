/** Bodies in segment files as a snapshot of the main database names them, read while the relay goes on. */

import { closeSync, openSync, readSync } from 'node:fs'
import { decryptBody, type SegmentBody, segmentPath } from '../bodies/writer.ts'
import type { Connection } from '../thread/connection.ts'

export class SegmentFiles {
  private readonly files: Map<number, number>

  private constructor(files: Map<number, number>) {
    this.files = files
  }

  /**
   * Opens every segment the running transaction of `database` sees. They are only ever appended to, and stay readable
   * here when they are unlinked. Undefined when one of them went before it could be opened.
   */
  static open(database: Connection, folder: string): SegmentFiles | undefined {
    const numbers = database.prepare('SELECT DISTINCT segment FROM body WHERE segment IS NOT NULL').pluck().all()
    const files = new SegmentFiles(new Map())
    try {
      for (const number of numbers as number[]) files.files.set(number, openSync(segmentPath(folder, number), 'r'))
      return files
    } catch (error) {
      files.close()
      if ((error as { code?: string }).code === 'ENOENT') return undefined
      throw error
    }
  }

  /** @throws when the bytes are not the ones that were written */
  read(body: SegmentBody): Uint8Array {
    const sealed = Buffer.allocUnsafeSlow(body.length)
    readSync(this.files.get(body.segment)!, sealed, 0, body.length, body.offset)
    return decryptBody(sealed, body.secret)
  }

  close(): void {
    for (const file of this.files.values()) closeSync(file)
  }
}
