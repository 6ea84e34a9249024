/** The draw: one position of each block, each equally likely. */

import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BLOCK, placeOf, sampledPosition, samplingText } from '../../src/model/sampling.ts'

/** A keyed digest as the relay makes it. */
function digestOf(secret: Uint8Array, account: number, block: number) {
  return (round: number) =>
    createHmac('sha256', secret)
      .update(samplingText(account, block, round))
      .digest()
}

test('positions of 100,000 blocks are spread evenly: chi-square over all 1000 positions', () => {
  const counts = new Array<number>(BLOCK).fill(0)
  const blocks = 100_000
  for (let block = 0; block < blocks; block++) {
    // fixed secrets, so that the test says the same each time
    const secret = createHmac('sha256', 'draws of a test').update(String(block)).digest()
    counts[sampledPosition(digestOf(secret, block % 7, block))]!++
  }
  const expected = blocks / BLOCK
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  // 999 degrees of freedom: mean 999, standard deviation 44.7; these bounds are five deviations wide
  expect(chiSquare).toBeGreaterThan(999 - 224)
  expect(chiSquare).toBeLessThan(999 + 224)
})

test('words that would favour low positions are passed over', () => {
  const unfair = Buffer.alloc(32, 0xff)
  unfair.writeUInt32BE(2 ** 32 - 296, 0)
  const fair = Buffer.alloc(32, 0xff)
  fair.writeUInt32BE(2 ** 32 - 297, 28)
  expect(sampledPosition((round) => (round === 0 ? unfair : fair))).toBe((2 ** 32 - 297) % BLOCK)
})

test('a draw depends on secret, account and block, and on nothing else', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.nat(1000),
      fc.nat(1_000_000),
      (secret, account, block) => {
        const position = sampledPosition(digestOf(secret, account, block))
        expect(position).toBe(sampledPosition(digestOf(secret, account, block)))
        expect(position).toBeGreaterThanOrEqual(0)
        expect(position).toBeLessThan(BLOCK)
      },
    ),
  )
})

test('the numbers of an account fall into blocks of 1000 without gap or overlap', () => {
  fc.assert(
    fc.property(fc.nat(10_000_000), (number) => {
      const { block, position } = placeOf(number)
      expect(block * BLOCK + position).toBe(number)
      expect(position).toBeLessThan(BLOCK)
    }),
  )
})
