import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { duration, printable, printRows, printTable } from '../../src/cli/output.ts'

let out: string

beforeEach(() => {
  out = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text)
    return true
  })
})
afterEach(() => vi.restoreAllMocks())

test('text of strangers cannot steer a terminal', () => {
  expect(printable('\u001b[31mred\r\nnext\u0085 \u202egnp.exe')).toBe(
    '\ufffd[31mred\ufffd\ufffdnext\ufffd \ufffdgnp.exe',
  )
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 3, maxLength: 3 }), (row) => {
      out = ''
      printRows([row], [5, 5, 5])
      expect(out.slice(0, -1)).not.toMatch(/\p{Cc}/u)
    }),
  )
})

test('a table is as wide as it must be, and cut where it may not be wider; the last column runs on', () => {
  const rows = [
    ['a', 'x', 'a long last column'],
    ['a very long one', '', ''],
  ]
  printTable(['NAME', 'B', 'LAST'], rows, [8, 8, 4])
  expect(out).toBe('NAME      B  LAST\na         x  a long last column\na very …\n')
})

test('durations are said in their largest unit', () => {
  expect([0, 59, 60, 7199, 86_399, 86_400].map(duration)).toEqual(['0 s', '59 s', '1 min', '1 h', '23 h', '1 d'])
})
