/**
 * The draw of samples (policy: "one whole message in a thousand is kept"). The messages of an account are numbered; of
 * each block of 1000 exactly one position is drawn, from a secret of the block that nobody knows before the block is
 * closed. Pure: who has the secret computes the digests.
 */

/** Messages in a block, of which one is drawn. */
export const BLOCK = 1000

const WORD = 2 ** 32
/** Words from here on would favour low positions and are passed over. */
const FAIR = WORD - (WORD % BLOCK)

/** Where the n-th message of an account (0, 1, …) lies. */
export function placeOf(number: number): { block: number; position: number } {
  return { block: Math.floor(number / BLOCK), position: number % BLOCK }
}

/** The text whose keyed digest (HMAC-SHA-256 under the block's secret) decides a draw. `round` is 0 unless all words failed. */
export function samplingText(account: number, block: number, round: number): string {
  return `mailward draw ${account} ${block} ${round}`
}

/**
 * The drawn position of a block, 0 to 999, each equally likely: the first of the digest's big-endian 32-bit words that
 * is below the largest multiple of 1000, modulo 1000.
 * @param digest HMAC-SHA-256 of {@link samplingText} for a round, 32 bytes
 */
export function sampledPosition(digest: (round: number) => Uint8Array): number {
  for (let round = 0; ; round++) {
    const bytes = digest(round)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let at = 0; at + 4 <= bytes.byteLength; at += 4) {
      const word = view.getUint32(at)
      if (word < FAIR) return word % BLOCK
    }
  }
}
