/**
 * Message ids: whole numbers that grow with acceptance time and fit exactly into a JavaScript number, so that the
 * primary key, the paging key and the order of the log are one thing. Outside they are written in Crockford base 32.
 */

/** A message's id as the store keeps it: (milliseconds since 2020-01-01 UTC) × 4096 + a sequence number. */
export type MessageId = number

const EPOCH = Date.UTC(2020, 0, 1)
const SEQUENCE = 4096
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 11

/** The smallest id a message accepted at `ms` (milliseconds, Unix time) can have; usable as a range bound. */
export function firstIdAt(ms: number): MessageId {
  return Math.max(0, Math.floor(ms) - EPOCH) * SEQUENCE
}

/** The clock reading (milliseconds, Unix time) inside an id. A hint only: after a clock jumps back, ids run ahead of it. */
export function timeOfId(id: MessageId): number {
  return Math.floor(id / SEQUENCE) + EPOCH
}

/** Writes an id as 11 Crockford base-32 characters, which sort like the ids. */
export function formatId(id: MessageId): string {
  let rest = id
  let text = ''
  for (let i = 0; i < LENGTH; i++) {
    text = ALPHABET.charAt(rest % 32) + text
    rest = Math.floor(rest / 32)
  }
  return text
}

/** Reads an id written by {@link formatId}; lower case, and I, L, O for 1, 1, 0, are taken. Undefined when it is not one. */
export function parseId(text: string): MessageId | undefined {
  const clean = text.trim().toUpperCase().replaceAll('O', '0').replaceAll(/[IL]/g, '1')
  if (clean.length !== LENGTH) return undefined
  let id = 0
  for (const character of clean) {
    const digit = ALPHABET.indexOf(character)
    if (digit < 0) return undefined
    id = id * 32 + digit
  }
  return Number.isSafeInteger(id) ? id : undefined
}

/** Hands out strictly growing ids, also when the clock stands still or jumps back. */
export class IdClock {
  private last: MessageId

  /** @param last the highest id ever given out (0 in an empty store) */
  constructor(last: MessageId) {
    this.last = last
  }

  /** Takes note of an id that was given out before, so that all later ones are higher. */
  raise(id: MessageId): void {
    this.last = Math.max(this.last, id)
  }

  /** The next id for a message accepted at `ms` (milliseconds, Unix time). */
  next(ms: number): MessageId {
    this.last = Math.max(this.last + 1, firstIdAt(ms))
    return this.last
  }
}
