import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { suggest } from '../../src/console/components/filter-words.ts'
import { filterOfDay, nextToGo, stripDays } from '../../src/console/components/kept/strip-days.ts'
import { fromLocalInput, toLocalInput } from '../../src/console/components/local-time.ts'
import { type ChainRow, factsOf, personalOf, recompute } from '../../src/console/features/audit/chain.ts'
import { readCheckpoints } from '../../src/console/features/audit/checkpoint-file.ts'
import { auditVocabulary, parseAuditFilter } from '../../src/console/features/audit/filter.ts'
import { readAuditSearch } from '../../src/console/features/audit/view.ts'
import { readRetentionSearch, readView } from '../../src/console/features/retention/view.ts'
import type { RetainedDay } from '../../src/contract/retention.ts'
import { parseFilter } from '../../src/model/filter.ts'

const now = Date.parse('2026-11-23T14:05:00Z')

function kept(day: string, goesAt = `${day}T23:00:00.000Z`): RetainedDay {
  return { day, headers: 3, samples: 1, bytes: 4096, oldestAt: null, youngestAt: null, goesAt, held: 0 }
}

describe('the days of the strip', () => {
  test('are all days of the policy up to today, also those without mail', () => {
    const slots = stripDays([kept('2026-11-20')], 70, now)
    expect(slots).toHaveLength(70)
    expect(slots[0]!.day).toBe('2026-09-15')
    expect(slots.at(-1)!.day).toBe('2026-11-23')
    expect(slots.filter((slot) => slot.kept).map((slot) => slot.day)).toEqual(['2026-11-20'])
  })

  test('begin earlier when an older day is still there, and end later when the clock was ahead', () => {
    const slots = stripDays([kept('2026-11-25'), kept('2026-09-14')], 70, now)
    expect(slots[0]!.day).toBe('2026-09-14')
    expect(slots.at(-1)!.day).toBe('2026-11-25')
  })

  test('stay within what can be seen, the newest kept', () => {
    const slots = stripDays([kept('2020-01-01')], 70, now)
    expect(slots).toHaveLength(120)
    expect(slots.at(-1)!.day).toBe('2026-11-23')
  })

  test('the first to go is the one with the earliest time, whatever its name', () => {
    expect(nextToGo([])).toBeUndefined()
    const early = kept('2026-10-02', '2026-10-03T00:00:00.000Z')
    expect(nextToGo([kept('2026-10-01', '2026-12-01T00:00:00.000Z'), early])).toBe(early)
  })

  test('a day leads to the messages of just that day', () => {
    expect(filterOfDay('2028-02-29')).toBe('since:2028-02-29 until:2028-03-01')
    expect(parseFilter(filterOfDay('2026-12-31'), now)).toEqual({
      ok: true,
      filter: { since: Date.parse('2026-12-31T00:00:00Z'), until: Date.parse('2027-01-01T00:00:00Z') },
    })
  })
})

describe('the filter of the audit log', () => {
  test('is read from tokens and words', () => {
    expect(parseAuditFilter('action:accounts actor:ines@mailward.example since:2026-11-01 two words', now)).toEqual({
      ok: true,
      filter: {
        action: 'accounts',
        actor: 'ines@mailward.example',
        since: '2026-11-01T00:00:00.000Z',
        text: 'two words',
      },
    })
    expect(parseAuditFilter('until:1h', now)).toEqual({ ok: true, filter: { until: '2026-11-23T13:05:00.000Z' } })
    expect(parseAuditFilter('', now)).toEqual({ ok: true, filter: {} })
  })

  test('names the token that cannot be used', () => {
    const refused = ['since:never', 'from:acme', 'action:a action:b'].map((written) => parseAuditFilter(written, now))
    expect(refused.map((parsed) => !parsed.ok && parsed.token)).toEqual(['since:never', 'from:acme', 'action:b'])
  })

  test('suggests keys, kinds of action, actions and people', () => {
    const words = auditVocabulary(['ines@mailward.example'])
    expect(suggest('ac', words).map(({ insert }) => insert)).toEqual(['action:', 'actor:'])
    expect(suggest('action:hol', words).map(({ insert }) => insert)).toEqual([
      'action:holds',
      'action:holds.place',
      'action:holds.release',
    ])
    expect(suggest('actor:in', words).map(({ insert }) => insert)).toEqual(['actor:ines@mailward.example'])
  })
})

function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex')
}

function chained(previous: string, part: Partial<ChainRow> = {}): ChainRow {
  const personal = JSON.stringify({ salt: 'ab', actor: 'ines', object: 'account acme', reason: 'asked', details: {} })
  const row = { sequence: 2, at: 1, action: 'accounts.add', facts: null, personal, ...part }
  const commitment = part.commitment ?? sha256(personal)
  const parts = [previous, row.sequence, row.at, row.action, ...(row.facts === null ? [] : [row.facts]), commitment]
  return { ...row, commitment, hash: sha256(JSON.stringify(parts)) }
}

describe('a row, recomputed in the browser', () => {
  test('agrees with the hash and the commitment that the relay wrote', async () => {
    expect(await recompute(chained('f00'), 'f00')).toBe('agrees')
    expect(await recompute(chained('f00', { facts: '{"block":3}' }), 'f00')).toBe('agrees')
    expect(await recompute({ ...chained('f00'), personal: null }, 'f00')).toBe('agreesErased')
  })

  test('shows what was changed', async () => {
    expect(await recompute(chained('f00'), 'f01')).toBe('wrongHash')
    expect(await recompute({ ...chained('f00'), action: 'accounts.close' }, 'f00')).toBe('wrongHash')
    expect(await recompute({ ...chained('f00'), personal: '{"actor":"jon"}' }, 'f00')).toBe('wrongCommitment')
  })

  test('tells who, on what and why, unless that was erased', () => {
    expect(personalOf(chained(''))).toEqual({ actor: 'ines', object: 'account acme', reason: 'asked', details: {} })
    expect(personalOf({ ...chained(''), personal: null })).toBeUndefined()
    expect(factsOf(chained('', { facts: '{"block":3}' }))).toEqual({ block: 3 })
    expect(factsOf(chained('', { facts: '[1]' }))).toEqual({})
  })
})

describe('a file of checkpoints', () => {
  const one = { folder: 'f', sequence: 7, head: 'h', at: '2026-11-23T14:00:00.000Z', publicKey: 'k', signature: 's' }

  test('may be one document, or one a line', () => {
    expect(readCheckpoints(JSON.stringify(one, null, 2))).toEqual([one])
    expect(readCheckpoints(`${JSON.stringify(one)}\n${JSON.stringify({ ...one, sequence: 8 })}\n`)).toHaveLength(2)
  })

  test('gives what is whole, and nothing else', () => {
    expect(readCheckpoints(`${JSON.stringify(one)}\n{"folder":"f","sequ`)).toEqual([one])
    expect(readCheckpoints('Dear auditor')).toEqual([])
    expect(readCheckpoints('{"sequence":7}')).toEqual([])
  })
})

test('addresses keep what can be understood', () => {
  expect(readRetentionSearch({ ask: 'run' })).toEqual({ ask: 'run' })
  expect(readRetentionSearch({ ask: 'erase everything' })).toEqual({})
  expect([readView('holds'), readView('receipts'), readView('x'), readView(undefined)]).toEqual([
    'holds',
    'receipts',
    undefined,
    undefined,
  ])
  expect(readAuditSearch({ q: 'actor:system', ask: 'verify', more: 1 })).toEqual({ q: 'actor:system', ask: 'verify' })
  expect(readAuditSearch({ q: 7, ask: 'x' })).toEqual({})
})

test('a point in time survives the browser’s field, to the minute', () => {
  const at = new Date(2026, 2, 1, 9, 5).getTime()
  expect(toLocalInput(at)).toBe('2026-03-01T09:05')
  expect(fromLocalInput(toLocalInput(at))).toBe(new Date(at).toISOString())
  expect(fromLocalInput('')).toBeUndefined()
})
