/** How long things are kept, as the settings have it: the policy's days, and every order that shortened them. */

import { DAY_MS, KEEP_DAYS, type RetentionRules, withDays } from '../../../model/retention.ts'
import type { Connection } from '../thread/connection.ts'

/** The setting: a {@link RetentionRules} as JSON. An undefined account is left out, and reads as undefined again. */
const KEEP_POLICY = 'retention.days'

/** The policy in force; read by every thread that has to go by it. */
export function retentionRulesOf(database: Connection): RetentionRules {
  const text = database.prepare('SELECT value FROM setting WHERE key = ?').pluck().get(KEEP_POLICY) as
    | string
    | undefined
  return text === undefined ? { days: KEEP_DAYS, shortenings: [] } : (JSON.parse(text) as RetentionRules)
}

/** Writes the policy; inside the transaction of the act that changes it. */
export function writeRetentionRules(database: Connection, policy: RetentionRules): void {
  database
    .prepare('INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value')
    .run(KEEP_POLICY, JSON.stringify(policy))
}

/**
 * Sets the days of the policy. What is kept already can only be shortened: of header records the policy itself tells,
 * samples are in a list and shortened one by one. To be called inside the transaction of the act.
 */
export function changePolicyDays(
  database: Connection,
  days: number,
  at: number,
): { before: RetentionRules; after: RetentionRules } {
  const before = retentionRulesOf(database)
  const after = withDays(before, days, at)
  writeRetentionRules(database, after)
  if (days < before.days)
    database
      .prepare('UPDATE sample SET keep_until = min(keep_until, accepted_at + ?) WHERE accepted_at < ?')
      .run(days * DAY_MS, at)
  return { before, after }
}
