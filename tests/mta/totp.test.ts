/** Codes by time: the vectors of RFC 6238 (appendix B), the window of one step, and the key as apps take it. */

import { expect, test } from 'vitest'
import { base32, codeOf, keyUri, matchingStep, newSecret, stepAt } from '../../src/base/totp.ts'

const secret = Buffer.from('12345678901234567890')

test.each([
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
])('at %i s the code is %s', (seconds, code) => {
  const now = seconds * 1000
  expect(codeOf(secret, stepAt(now), 8)).toBe(code)
  // of six digits: the last of the eight
  expect(matchingStep(secret, code.slice(2), now, 0)).toBe(stepAt(now))
})

test('a code is good from 30 s before its step to 30 s after it, to the millisecond', () => {
  const step = 1000
  const code = codeOf(secret, step)
  const begin = step * 30_000
  const taken = (now: number) => matchingStep(secret, code, now, 0) === step
  expect([begin - 30_001, begin - 30_000, begin, begin + 59_999, begin + 60_000].map(taken)).toEqual([
    false,
    true,
    true,
    true,
    false,
  ])
})

test('a step that was used does not count, nor one before it', () => {
  const now = 1000 * 30_000
  expect(matchingStep(secret, codeOf(secret, 1000), now, 1000)).toBeUndefined()
  expect(matchingStep(secret, codeOf(secret, 999), now, 1000)).toBeUndefined()
  expect(matchingStep(secret, codeOf(secret, 1001), now, 1000)).toBe(1001)
})

test('what is no code is none', () => {
  for (const code of ['', '12345', '1234567', 'abcdef', '１２３４５６'])
    expect(matchingStep(secret, code, 0, -1)).toBeUndefined()
})

test('the key is base32 (RFC 4648 §10), and its address names relay and person', () => {
  const vectors = ['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar']
  expect(vectors.map((text) => base32(Buffer.from(text)))).toEqual([
    '',
    'MY',
    'MZXQ',
    'MZXW6',
    'MZXW6YQ',
    'MZXW6YTB',
    'MZXW6YTBOI',
  ])
  expect(keyUri('Mailward relay.test', 'ann@relay.example', secret)).toBe(
    'otpauth://totp/Mailward%20relay.test:ann%40relay.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' +
      '&issuer=Mailward%20relay.test&algorithm=SHA1&digits=6&period=30',
  )
  expect(newSecret()).toHaveLength(20)
})
