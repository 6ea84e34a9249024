/** Appends to the audit log, in the transaction of what it is about. */

import { randomBytes } from 'node:crypto'
import type { AuditEntry } from '../../store.ts'
import type { Connection } from '../thread/connection.ts'
import { commitmentOf, hashOf } from './chain.ts'

export class AuditWriter {
  private readonly selectLast
  private readonly insert

  constructor(database: Connection) {
    this.selectLast = database.prepare('SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1')
    this.insert = database.prepare(
      'INSERT INTO audit (sequence, at, action, facts, personal, commitment, hash) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
  }

  /** Appends an entry. Who, what on and why are personal and can be erased; facts are in the chain and stay. */
  append(entry: AuditEntry): { sequence: number; hash: string } {
    const { at, action, facts: given, ...rest } = entry
    const personal = JSON.stringify({ salt: randomBytes(16).toString('hex'), ...rest })
    const facts = given === undefined ? null : JSON.stringify(given)
    const commitment = commitmentOf(personal)
    const last = this.selectLast.get() as { sequence: number; hash: string } | undefined
    const sequence = (last?.sequence ?? 0) + 1
    const hash = hashOf(last?.hash ?? '', { sequence, at, action, facts, commitment })
    this.insert.run(sequence, at, action, facts, personal, commitment, hash)
    return { sequence, hash }
  }

  /**
   * Appends the entry of an act in the act's own transaction, so that neither is without the other; unless the act was
   * refused, which `false` and undefined say. `{id}` in the entry's object stands for the id of what was made.
   */
  after<T>(result: T, entry: AuditEntry | undefined): T {
    if (!entry || result === false || result === undefined) return result
    const made = (result as { id?: number }).id
    this.append({ ...entry, object: made === undefined ? entry.object : entry.object.replace('{id}', String(made)) })
    return result
  }

  /** Appends what the relay itself did; nothing of it is personal. */
  appendSystem(
    at: number,
    action: string,
    object: string,
    facts: Record<string, unknown>,
  ): { sequence: number; hash: string } {
    return this.append({ at, actor: 'system', action, object, reason: '', details: {}, facts })
  }
}
