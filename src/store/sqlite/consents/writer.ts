/** Writes of consents, each with its entry in the audit log: numbers and the purpose, never the address. */

import { sameMailbox } from '../../../model/addressKey.ts'
import { DAY_MS } from '../../../model/retention.ts'
import type { Consent, WithdrawnBy } from '../../consents.ts'
import type { Act } from '../../trust.ts'
import type { AuditWriter } from '../audit/writer.ts'
import { type ConsentRow, decodeConsent } from '../policy/rows.ts'
import type { Connection } from '../thread/connection.ts'

/** A mailing is not on its way any more after this: the queue gives up earlier. */
const ON_ITS_WAY_MS = 10 * DAY_MS

export type GivenConsent = Pick<Consent, 'account' | 'address' | 'purpose' | 'source'>

export class ConsentWriter {
  private readonly database: Connection
  private readonly audit: AuditWriter

  constructor(database: Connection, audit: AuditWriter) {
    this.database = database
    this.audit = audit
  }

  give({ account, address, purpose, source }: GivenConsent, act: Act): Consent | undefined {
    const { lastInsertRowid, changes } = this.database
      .prepare(
        `INSERT INTO consent (account, address, purpose, given_at, source) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT DO NOTHING`,
      )
      .run(account, address, purpose, act.at, source)
    if (changes === 0) return undefined
    const id = Number(lastInsertRowid)
    this.tell('consents.give', id, { account, purpose }, act)
    return this.find(id)
  }

  withdraw(id: number, by: WithdrawnBy, act: Act): { consent: Consent; messages: number[] } | undefined {
    const named = this.find(id)
    if (!named) return undefined
    const standing = this.database
      .prepare('SELECT id, address FROM consent WHERE withdrawn_at IS NULL AND account = ? AND purpose = ?')
      .all(named.account, named.purpose) as { id: number; address: string }[]
    const same = standing.flatMap(({ id: one, address }) => (sameMailbox(address, named.address) ? [one] : []))
    for (const one of same) {
      this.database.prepare('UPDATE consent SET withdrawn_at = ?, withdrawn_by = ? WHERE id = ?').run(act.at, by, one)
      this.tell('consents.withdraw', one, { account: named.account, purpose: named.purpose, by }, act)
    }
    return { consent: this.find(id)!, messages: [...new Set([id, ...same])].flatMap((one) => this.messages(one)) }
  }

  /** Remembers a mailing on its way; forgets those that are not any more. */
  mailed(id: number, message: number, at: number): boolean {
    this.database.prepare('DELETE FROM mailing_message WHERE sent_at < ?').run(at - ON_ITS_WAY_MS)
    this.database.prepare('INSERT INTO mailing_message VALUES (?, ?, ?)').run(message, id, at)
    return this.find(id)?.withdrawn === undefined
  }

  private messages(id: number): number[] {
    return this.database.prepare('SELECT message FROM mailing_message WHERE consent = ?').pluck().all(id) as number[]
  }

  private find(id: number): Consent | undefined {
    const row = this.database.prepare('SELECT * FROM consent WHERE id = ?').get(id)
    return row === undefined ? undefined : decodeConsent(row as ConsentRow)
  }

  private tell(action: string, id: number, facts: object, act: Act): void {
    this.audit.append({ ...act, action, object: `consent ${id}`, details: {}, facts: { consent: id, ...facts } })
  }
}
