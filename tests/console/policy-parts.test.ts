import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { needsOf } from '../../src/console/features/overview/needs.ts'
import { nearness, worstOf } from '../../src/console/features/overview/rates.ts'
import { type DiffRow, diffRows } from '../../src/console/features/settings/policy/diff-rows.ts'
import { wordDifferences } from '../../src/console/features/settings/policy/differences.ts'
import { readSettingsSearch } from '../../src/console/features/settings/view.ts'
import type { AccountFigures } from '../../src/contract/accounts.ts'
import type { StatusReport } from '../../src/contract/status.ts'
import { diffLines } from '../../src/model/diff.ts'

/** The lines a person sees on one side, folded ones included. */
function linesOf(rows: readonly DiffRow[], side: 'out' | 'in'): string[] {
  return rows.flatMap((row) => {
    if (row.kind === 'fold') return row.lines
    return row.mark === 'same' || row.mark === side ? [row.pieces.map(({ text }) => text).join('')] : []
  })
}

describe('a change of the policy', () => {
  const line = fc.constantFrom('', 'kept 70 days', 'kept 30 days', 'nothing is sold', 'a', 'b b', 'we answer')

  test('shows every line of both texts once, in order', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), fc.array(line, { maxLength: 30 }), (before, after) => {
        const rows = diffRows(diffLines(before, after))
        expect(linesOf(rows, 'out')).toEqual(before)
        expect(linesOf(rows, 'in')).toEqual(after)
      }),
    )
  })

  test('marks the words of a line that differ, and joins their neighbours', () => {
    expect(wordDifferences('kept for 70 days here', 'kept for 30 short days here')).toEqual([
      { kind: 'same', text: 'kept for ' },
      { kind: 'out', text: '70' },
      { kind: 'in', text: '30 short' },
      { kind: 'same', text: ' days here' },
    ])
  })

  test('takes lines with nothing in common for two lines', () => {
    expect(wordDifferences('Nothing is sold.', 'We answer within a month.')).toBeUndefined()
  })

  test('folds what is far from a change, and nothing that is near', () => {
    const far = Array.from({ length: 20 }, (_, at) => `line ${at}`)
    const rows = diffRows(diffLines([...far, 'old'], [...far, 'new']))
    expect(rows[0]).toMatchObject({ kind: 'fold', lines: far.slice(0, 18) })
    expect(rows.slice(1).map((row) => row.kind)).toEqual(['line', 'line', 'line', 'line'])
  })
})

test('an address of the settings leaves out what it cannot understand', () => {
  expect(readSettingsSearch({ version: '2', ask: 'announce', days: '30' })).toEqual({
    version: 2,
    ask: 'announce',
    days: 30,
  })
  expect(readSettingsSearch({ version: '0', ask: 'destroy', days: '71' })).toEqual({})
})

const now = Date.UTC(2026, 10, 24)
const DAY = 86_400_000

function statusWith(part: Partial<StatusReport>): StatusReport {
  return {
    version: '1',
    startedAt: new Date(now).toISOString(),
    demo: false,
    listeners: [],
    hostname: 'relay.test',
    certificate: {
      selfMade: true,
      subject: 'relay.test',
      expiresAt: new Date(now + 90 * DAY).toISOString(),
      fingerprint: '',
    },
    queue: { queued: 0, sending: 0, deferred: 0, held: 0, inDoubt: 0, oldestSeconds: 0 },
    rate: { in: 0, out: 0 },
    samples: { stored: 0 },
    retention: { lastRun: null, nextRun: null, oldestHeader: null, oldestSample: null, overdue: 0, alarms: [] },
    storage: { state: 'well', freeBytes: 1e12, reserveBytes: 256e6 },
    requests: { open: 0, dueSoon: 0, overdue: 0 },
    audit: { entries: 0, head: '' },
    notices: [],
    ...part,
  }
}

function figuresOf(account: string, part: Partial<AccountFigures>): AccountFigures {
  const none = {
    messages: 5000,
    volume: [],
    bounceRate: 0,
    complaints: 0,
    complaintRate: 0,
    samples: 0,
    reviewDue: false,
    trustRequested: false,
  }
  return { account, ...none, ...part }
}

describe('what needs a person today', () => {
  const desk = { approvals: 0, active: 0, unowned: 0 }

  test('is nothing when all is well', () => {
    expect(needsOf({ role: 'admin', status: statusWith({}), desk, figures: [], untold: undefined, now })).toEqual([])
  })

  test('names what is broken before what is due', () => {
    const status = statusWith({
      queue: { queued: 0, sending: 0, deferred: 3, held: 2, inDoubt: 1, oldestSeconds: 5 * 3600 },
      requests: { open: 3, dueSoon: 1, overdue: 2 },
      certificate: { selfMade: false, subject: '', expiresAt: new Date(now - DAY).toISOString(), fingerprint: '' },
    })
    const needs = needsOf({
      role: 'admin',
      status,
      desk: { approvals: 1, active: 4, unowned: 2 },
      figures: [],
      untold: { version: 2, accounts: 1 },
      now,
    })
    expect(needs.map(({ tone }) => tone)).toEqual([...Array(3).fill('bad'), ...Array(6).fill('warning')])
    expect(needs.map(({ what }) => what)).toEqual([
      '2 requests are overdue',
      '1 account was not told of version 2 of the policy',
      'The certificate has ended',
      '1 request is due within 7 days',
      '1 opening waits for your approval',
      '4 cases are open',
      '1 delivery is in doubt',
      'The oldest delivery has waited 5 h',
      '2 deliveries are held',
    ])
  })

  test('leads a reviewer nowhere he may not go', () => {
    const status = statusWith({ queue: { queued: 0, sending: 0, deferred: 0, held: 2, inDoubt: 0, oldestSeconds: 0 } })
    expect(needsOf({ role: 'reviewer', status, desk, figures: [], untold: undefined, now })).toEqual([
      { tone: 'warning', what: '2 deliveries are held', help: 'They wait until somebody releases them.' },
    ])
    const requests = statusWith({ requests: { open: 1, dueSoon: 0, overdue: 1 } })
    expect(
      needsOf({ role: 'operator', status: requests, desk: undefined, figures: [], untold: undefined, now }),
    ).toEqual([])
  })
})

test('accounts nearest to where trust ends come first; few messages weigh as few', () => {
  const limits = { bounceRate: 0.1, complaintRate: 0.01, leastMessages: 1000 }
  const figures = [
    figuresOf('quiet', {}),
    figuresOf('young', { messages: 10, bounceRate: 0.5 }),
    figuresOf('near', { bounceRate: 0.09 }),
    figuresOf('over', { complaints: 60, complaintRate: 0.012 }),
  ]
  expect(worstOf(figures, limits, 5).map(({ account }) => account)).toEqual(['over', 'near', 'young'])
  expect(nearness(figures[1]!, limits).bounces).toBeCloseTo(0.05)
})
