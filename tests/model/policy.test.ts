/** Versions of the policy: their states, and what changes from one to the other. */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { diffLines } from '../../src/model/diff.ts'
import { policyDiff, transitionPolicy } from '../../src/model/privacyPolicy.ts'

test('a version goes from draft over announced to in force, and nothing comes back', () => {
  expect(transitionPolicy('draft', 'announce')).toBe('announced')
  expect(transitionPolicy('draft', 'take effect')).toBeUndefined()
  expect(transitionPolicy('announced', 'take effect')).toBe('in force')
  expect(transitionPolicy('in force', 'replace')).toBe('replaced')
  expect(transitionPolicy('in force', 'withdraw')).toBeUndefined()
  expect(transitionPolicy('replaced', 'take effect')).toBeUndefined()
  expect(transitionPolicy('withdrawn', 'announce')).toBeUndefined()
})

const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })

test('a diff gives both texts back, and keeps whatever it can', () => {
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const changes = diffLines(before, after)
      const side = (left: 'in' | 'out') => changes.flatMap(({ kind, text }) => (kind === left ? [] : [text]))
      expect(side('in')).toEqual(before)
      expect(side('out')).toEqual(after)
      const kept = changes.filter(({ kind }) => kind === 'same').length
      expect(kept).toBe(longestCommon(before, after))
    }),
  )
})

/** The plain definition, to compare with. */
function longestCommon(before: string[], after: string[]): number {
  const row = new Array<number>(after.length + 1).fill(0)
  for (const line of before) {
    let diagonal = 0
    for (let j = 0; j < after.length; j++) {
      const above = row[j + 1]!
      row[j + 1] = line === after[j] ? diagonal + 1 : Math.max(above, row[j]!)
      diagonal = above
    }
  }
  return row[after.length]!
}

test('texts that differ everywhere are not compared line by line for ever', () => {
  const text = (name: string) => Array.from({ length: 30_000 }, (_, line) => `${name} ${line}`)
  expect(diffLines(text('old'), text('new'))).toHaveLength(60_000)
})

test('days and who is responsible are part of the diff', () => {
  const before = { text: 'We keep little.', owner: 'Acme Ltd', keepDays: 70 }
  const changes = policyDiff(before, { ...before, keepDays: 30 })
  expect(changes.filter(({ kind }) => kind !== 'same')).toEqual([
    { kind: 'out', text: 'Header records and samples are kept: 70 days' },
    { kind: 'in', text: 'Header records and samples are kept: 30 days' },
  ])
})
