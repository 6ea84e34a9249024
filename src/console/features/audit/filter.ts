/** The filter of the audit log in its written form: `action: actor: since: until:` and words. */

import { parseTime, tokenize } from '../../../model/filter.ts'
import type { Vocabulary } from '../../components/filter-words.ts'
import { text } from '../../text.ts'

export interface AuditFilter {
  since?: string
  until?: string
  action?: string
  actor?: string
  text?: string
}

export type ParsedAuditFilter = { ok: true; filter: AuditFilter } | { ok: false; token: string; problem: string }

const words = text.audit
type Key = 'action' | 'actor' | 'since' | 'until'

function isKey(key: string): key is Key {
  return key === 'action' || key === 'actor' || key === 'since' || key === 'until'
}

/**
 * Reads a written filter.
 * @param now milliseconds, Unix time; what ages such as `7d` count from
 */
export function parseAuditFilter(written: string, now: number): ParsedAuditFilter {
  const filter: AuditFilter = {}
  const bare: string[] = []
  for (const { key, value } of tokenize(written)) {
    const refuse = (problem: string): ParsedAuditFilter => ({ ok: false, token: `${key}:${value}`, problem })
    if (key === 'text') {
      bare.push(value)
      continue
    }
    if (!isKey(key)) return refuse(words.problems.unknown)
    if (filter[key] !== undefined) return refuse(words.problems.twice)
    if (key === 'action' || key === 'actor') {
      filter[key] = value
      continue
    }
    const at = parseTime(value, now)
    if (at === undefined) return refuse(words.problems.time)
    filter[key] = new Date(at).toISOString()
  }
  if (bare.length > 0) filter.text = bare.join(' ')
  return { ok: true, filter }
}

/** The first parts of actions, then the actions. */
const actionValues: readonly { value: string; help: string }[] = [
  ...[...new Set(words.actionCodes.map((code) => code.slice(0, code.indexOf('.'))))].map((value) => ({
    value,
    help: words.group,
  })),
  ...words.actionCodes.map((value) => ({ value, help: words.action(value) })),
]

function pairs(record: Record<string, string>): { value: string; help: string }[] {
  return Object.entries(record).map(([value, help]) => ({ value, help }))
}

/** The keys of the filter and their values. `people`: e-mail addresses to suggest. */
export function auditVocabulary(users: readonly string[]): Vocabulary {
  return {
    keys: words.complete,
    valuesOf: (key) => {
      if (key === 'action') return actionValues
      if (key === 'since' || key === 'until') return pairs(words.ages)
      if (key === 'actor') return [...pairs(words.actors), ...users.map((value) => ({ value, help: '' }))]
      return []
    },
  }
}
