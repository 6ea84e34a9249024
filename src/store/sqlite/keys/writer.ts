/** The seal key in force, and the days it wraps. Only public parts and wrapped keys ever come here. */

import type { SealKeyChange, SealKeyPublic } from '../../keys.ts'
import type { AuditWriter } from '../audit/writer.ts'
import type { Connection } from '../thread/connection.ts'
import { currentSealKey } from './sealKey.ts'

export class SealKeyWriter {
  private readonly database: Connection
  private readonly audit: AuditWriter

  constructor(database: Connection, audit: AuditWriter) {
    this.database = database
    this.audit = audit
  }

  /** Sets the key of a folder that has none. Returns whether it was set. */
  first({ id, publicKey, now }: SealKeyPublic & { now: number }): boolean {
    if (currentSealKey(this.database)) return false
    this.insert({ id, publicKey }, now)
    const facts = { id, publicKey: Buffer.from(publicKey).toString('hex') }
    this.audit.appendSystem(now, 'custody.sealKey', `seal key ${id}`, facts)
    return true
  }

  /** Replaces the key. Returns false, changing nothing, when what was prepared is not what is there any more. */
  rotate({ key, from, days, entry }: SealKeyChange): boolean {
    const current = currentSealKey(this.database)
    if (current?.id !== from || current.days !== days.length || !this.unchanged(days)) return false
    const update = this.database.prepare('UPDATE sample_key SET wrapped = ?, seal = ? WHERE day = ?')
    for (const { day, wrapped } of days) update.run(wrapped, key.id, day)
    // the newest row is the one in force, also after the clock has jumped back
    this.insert(key, Math.max(entry.at, current.createdAt))
    this.audit.append(entry)
    return true
  }

  private unchanged(days: SealKeyChange['days']): boolean {
    const select = this.database.prepare('SELECT wrapped FROM sample_key WHERE day = ?').pluck()
    return days.every(({ day, before }) => {
      const wrapped = select.get(day) as Buffer | null | undefined
      return wrapped?.equals(before) ?? false
    })
  }

  private insert({ id, publicKey }: SealKeyPublic, createdAt: number): void {
    this.database
      .prepare('INSERT INTO seal_key (id, public, created_at) VALUES (?, ?, ?)')
      .run(id, publicKey, createdAt)
  }
}
