/** Writes of the policy in its versions. What a version comes to is decided inside the transaction, with its audit entry. */

import { createHash } from 'node:crypto'
import {
  daysInEffect,
  type PolicyContent,
  type PolicyEvent,
  policyDocument,
  transitionPolicy,
} from '../../../model/privacyPolicy.ts'
import type { RetentionRules } from '../../../model/retention.ts'
import type { LetterKey, PolicyEvidence, PolicyRefusal, PolicyResult, PolicyVersion, SentLetter } from '../../policy.ts'
import type { AuditEntry } from '../../store.ts'
import type { Act } from '../../trust.ts'
import type { AuditWriter } from '../audit/writer.ts'
import { changePolicyDays, retentionRulesOf } from '../retention/rules.ts'
import type { Connection } from '../thread/connection.ts'
import { decodePolicy, type PolicyRow } from './rows.ts'

function refuse(refusal: PolicyRefusal): PolicyResult {
  return { ok: false, refusal }
}

/** What the audit log says of a version for good: no word of it, and yet which words they were. */
function factsOf(version: number, content: PolicyContent): Record<string, unknown> {
  const digest = createHash('sha256').update(policyDocument(content).join('\n')).digest('hex')
  return { version, keepDays: content.keepDays, digest }
}

export class PolicyWriter {
  private readonly database: Connection
  private readonly audit: AuditWriter

  constructor(database: Connection, audit: AuditWriter) {
    this.database = database
    this.audit = audit
  }

  /** The first version, in force at once, with the days in force. */
  begin({ text, owner }: { text: string; owner: string }, at: number): void {
    if (this.database.prepare('SELECT 1 FROM policy_version').get() !== undefined) return
    const content = { text, owner, keepDays: retentionRulesOf(this.database).days }
    const act = { actor: 'system', at, reason: 'the first version' }
    const version = this.insert(content, act, 'in force')
    this.tell('policy.begin', version, content, act)
  }

  prepare(content: PolicyContent, act: Act): PolicyResult {
    if (this.database.prepare("SELECT 1 FROM policy_version WHERE state = 'draft'").get() !== undefined)
      return refuse('another draft')
    const version = this.insert(content, act, 'draft')
    this.tell('policy.prepare', version, content, act)
    return this.result(version)
  }

  revise(version: number, content: PolicyContent, act: Act): PolicyResult {
    const found = this.find(version)
    if (!found) return refuse('not found')
    if (found.state !== 'draft') return refuse('wrong state')
    const { text, owner, keepDays } = content
    this.database
      .prepare('UPDATE policy_version SET text = ?, owner = ?, keep_days = ?, reason = ? WHERE version = ?')
      .run(text, owner, keepDays, act.reason, version)
    this.tell('policy.revise', version, content, act)
    return this.result(version)
  }

  announce(version: number, effectiveAt: number, act: Act): PolicyResult {
    const found = this.find(version)
    if (!found) return refuse('not found')
    if (!transitionPolicy(found.state, 'announce')) return refuse('wrong state')
    if (this.database.prepare("SELECT 1 FROM policy_version WHERE state = 'announced'").get() !== undefined)
      return refuse('another announced')
    this.change(found, 'announce')
    this.database
      .prepare('UPDATE policy_version SET announced_at = ?, effective_at = ? WHERE version = ?')
      .run(act.at, effectiveAt, version)
    const accounts = this.addressAll(version)
    this.tell('policy.announce', version, found, act, { effectiveAt, accounts })
    return this.result(version)
  }

  /**
   * Accounts that came since a version was announced are to be told as well, and those whose contact was corrected after
   * the letter to it had failed.
   */
  addressNew(version: number, at: number): void {
    const found = this.find(version)
    if (found?.state !== 'announced') return
    this.addressAll(version)
    const corrected = this.database
      .prepare(
        `SELECT policy_notice.account, message, state, contact FROM policy_notice JOIN account ON account.id = account
         WHERE version = ? AND about = 'change' AND recipient <> contact
           AND (message IS NULL OR state IN ('failed', 'expired', 'cancelled'))`,
      )
      .all(version) as { account: number; message: number | null; state: string | null; contact: string }[]
    for (const { account, message, state, contact } of corrected) {
      this.database
        .prepare(
          `UPDATE policy_notice SET recipient = ?, message = NULL, state = NULL, at = NULL, reply = NULL
           WHERE version = ? AND account = ? AND about = 'change'`,
        )
        .run(contact, version, account)
      const act = { actor: 'system', at, reason: 'the contact was corrected' }
      this.tell('policy.readdress', version, found, act, { account, before: { message, state } })
    }
  }

  /** Puts down who is to be told. Returns how many are added. */
  private addressAll(version: number): number {
    return this.database
      .prepare(
        `INSERT INTO policy_notice (version, account, about, recipient)
         SELECT ?, id, 'change', contact FROM account WHERE true ORDER BY id ON CONFLICT DO NOTHING`,
      )
      .run(version).changes
  }

  withdraw(version: number, act: Act): PolicyResult {
    const found = this.find(version)
    if (!found) return refuse('not found')
    if (!transitionPolicy(found.state, 'withdraw')) return refuse('wrong state')
    this.change(found, 'withdraw')
    const own = { version }
    this.database
      .prepare("DELETE FROM policy_notice WHERE version = @version AND about = 'change' AND message IS NULL")
      .run(own)
    this.database
      .prepare(
        `INSERT INTO policy_notice (version, account, about, recipient)
         SELECT version, account, 'withdrawal', recipient FROM policy_notice WHERE version = @version AND about = 'change'`,
      )
      .run(own)
    this.tell('policy.withdraw', version, found, act)
    return this.result(version)
  }

  /** Returns the policy of retention that is in force with it; undefined when the version is not announced. */
  takeEffect(version: number, at: number): RetentionRules | undefined {
    const found = this.find(version)
    if (!found || !transitionPolicy(found.state, 'take effect')) return undefined
    const keepDays = daysInEffect(found, this.current()[0])
    this.replaceCurrent()
    this.change(found, 'take effect')
    this.database
      .prepare('UPDATE policy_version SET in_force_at = ?, keep_days = ? WHERE version = ?')
      .run(at, keepDays, version)
    const { before, after } = changePolicyDays(this.database, keepDays, at)
    const act = { actor: 'system', at, reason: found.reason }
    this.tell('policy.takeEffect', version, { ...found, keepDays }, act, { before: before.days, days: after.days })
    return after
  }

  /**
   * Keeps the register true when days are set directly: a version like the one in force, with other days. Returns its
   * number; undefined when there is none in force, or it says so already.
   */
  setDays(days: number, { actor, at, reason }: AuditEntry): number | undefined {
    const row = this.database.prepare("SELECT * FROM policy_version WHERE state = 'in force'").get()
    if (row === undefined) return undefined
    const { text, owner, keepDays } = decodePolicy(row as PolicyRow)
    if (keepDays === days) return undefined
    this.replaceCurrent()
    return this.insert({ text, owner, keepDays: days }, { actor, at, reason }, 'in force')
  }

  /** A letter about a change that was withdrawn while it was being written is taken back like any other. */
  sent({ version, account, about, to }: SentLetter, message: number): void {
    const { changes } = this.database
      .prepare('UPDATE policy_notice SET message = ? WHERE version = ? AND account = ? AND about = ?')
      .run(message, version, account, about)
    if (changes > 0) return
    const insert = this.database.prepare(
      'INSERT INTO policy_notice (version, account, about, recipient, message) VALUES (?, ?, ?, ?, ?)',
    )
    insert.run(version, account, about, to, message)
    insert.run(version, account, 'withdrawal', to, null)
  }

  settled({ version, account, about }: LetterKey, { state, at, reply }: PolicyEvidence): void {
    this.database
      .prepare('UPDATE policy_notice SET state = ?, at = ?, reply = ? WHERE version = ? AND account = ? AND about = ?')
      .run(state, at ?? null, reply, version, account, about)
  }

  private replaceCurrent(): void {
    for (const version of this.current()) this.change(version, 'replace')
  }

  private current(): PolicyVersion[] {
    const rows = this.database.prepare("SELECT * FROM policy_version WHERE state = 'in force'").all() as PolicyRow[]
    return rows.map(decodePolicy)
  }

  private insert({ text, owner, keepDays }: PolicyContent, { actor, at, reason }: Act, state: string): number {
    const inForceAt = state === 'in force' ? at : null
    const { lastInsertRowid } = this.database
      .prepare(
        `INSERT INTO policy_version (state, text, owner, keep_days, prepared_by, prepared_at, effective_at, in_force_at, reason)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(state, text, owner, keepDays, actor, at, inForceAt, inForceAt, reason)
    return Number(lastInsertRowid)
  }

  private change({ version, state }: PolicyVersion, event: PolicyEvent): void {
    const next = transitionPolicy(state, event)!
    this.database.prepare('UPDATE policy_version SET state = ? WHERE version = ?').run(next, version)
  }

  private find(version: number): PolicyVersion | undefined {
    const row = this.database.prepare('SELECT * FROM policy_version WHERE version = ?').get(version)
    return row === undefined ? undefined : decodePolicy(row as PolicyRow)
  }

  private result(version: number): PolicyResult {
    return { ok: true, version: this.find(version)! }
  }

  private tell(action: string, version: number, content: PolicyContent, act: Act, facts: object = {}): void {
    const entry = { ...act, action, object: `policy version ${version}`, details: {} }
    this.audit.append({ ...entry, facts: { ...factsOf(version, content), ...facts } })
  }
}
