/** Writes about samples besides the draw: their move into their day's file, and the seal key. */

import type { Connection } from '../thread/connection.ts'

export interface SealKey {
  /** 16 hex digits */
  id: string
  /** raw X25519, 32 bytes */
  publicKey: Uint8Array
  /** milliseconds, Unix time */
  createdAt: number
}

export class SamplesWriter {
  private readonly database: Connection
  private readonly forgetContent

  constructor(database: Connection) {
    this.database = database
    this.forgetContent = database.prepare('UPDATE sample SET content = NULL WHERE message = ?')
  }

  /** Ends the move of sealed bytes into their day's file. */
  moved(messages: number[]): void {
    for (const message of messages) this.forgetContent.run(message)
  }

  /** Keeps the first seal key of a folder; one that is there already stays. */
  addSealKey({ id, publicKey, createdAt }: SealKey): void {
    this.database
      .prepare('INSERT INTO seal_key (id, public, created_at) SELECT ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM seal_key)')
      .run(id, publicKey, createdAt)
  }
}
