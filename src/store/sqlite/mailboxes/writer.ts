/** Writes of mail to the relay itself: taken durably, read once, destroyed with what it said. */

import type { MailboxMail, NewComplaint, NewSignal, WaitingMail } from '../../signals.ts'
import type { SignalWriter } from '../signals/writer.ts'
import type { Connection } from '../thread/connection.ts'

interface InboxRow {
  id: number
  desk: string
  received_at: number
  client: string
  tries: number
  content: Uint8Array
}

export class MailboxWriter {
  private readonly database: Connection
  private readonly signals: SignalWriter

  constructor(database: Connection, signals: SignalWriter) {
    this.database = database
    this.signals = signals
  }

  take({ desk, receivedAt, client, content }: MailboxMail): void {
    this.database
      .prepare('INSERT INTO inbox (desk, received_at, client, content) VALUES (?, ?, ?, ?)')
      .run(desk, receivedAt, client, content)
  }

  /** The try is counted before the mail is read: one that kills its reader comes last, and in the end not again. */
  next(desk: string, mostTries: number): WaitingMail | undefined {
    const row = this.database
      .prepare(
        `UPDATE inbox SET tries = tries + 1 WHERE id =
           (SELECT id FROM inbox WHERE desk = ? AND tries < ? ORDER BY tries, id LIMIT 1) RETURNING *`,
      )
      .get(desk, mostTries) as InboxRow | undefined
    if (!row) return undefined
    const { received_at, ...mail } = row
    return { ...mail, receivedAt: received_at }
  }

  finish(id: number, signals: readonly NewSignal[], complaints: readonly NewComplaint[]): number[] | undefined {
    if (this.database.prepare('DELETE FROM inbox WHERE id = ?').run(id).changes === 0) return undefined
    this.signals.add(signals)
    return complaints.flatMap((complaint) => this.signals.complain(complaint) ?? [])
  }
}
