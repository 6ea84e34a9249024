/** What changes between two texts, line by line. Pure. */

export interface LineChange {
  /** taken out, put in, or kept */
  kind: 'same' | 'out' | 'in'
  text: string
}

/** Pairs of lines that are compared at most: texts that differ everywhere are shown as one taken out, one put in. */
const MOST_PAIRS = 4_000_000

/** Lengths of the longest common subsequences of what is left of both from each place on. */
function commonLengths(before: readonly string[], after: readonly string[]): Uint32Array[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1))
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--) {
      const isSame = before[i] === after[j]
      lengths[i]![j] = isSame ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!)
    }
  return lengths
}

/** The changes between lines that begin and end differently. */
function diffMiddle(before: readonly string[], after: readonly string[]): LineChange[] {
  const whole = (): LineChange[] => [
    ...before.map((text): LineChange => ({ kind: 'out', text })),
    ...after.map((text): LineChange => ({ kind: 'in', text })),
  ]
  if (before.length * after.length > MOST_PAIRS) return whole()
  const lengths = commonLengths(before, after)
  const changes: LineChange[] = []
  let [i, j] = [0, 0]
  while (i < before.length && j < after.length) {
    if (before[i] === after[j]) {
      changes.push({ kind: 'same', text: before[i]! })
      i++
      j++
    } else if (lengths[i + 1]![j]! >= lengths[i]![j + 1]!) changes.push({ kind: 'out', text: before[i++]! })
    else changes.push({ kind: 'in', text: after[j++]! })
  }
  for (; i < before.length; i++) changes.push({ kind: 'out', text: before[i]! })
  for (; j < after.length; j++) changes.push({ kind: 'in', text: after[j]! })
  return changes
}

/** The fewest lines taken out and put in that lead from one text to the other, in their order. */
export function diffLines(before: readonly string[], after: readonly string[]): LineChange[] {
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before[start] === after[start]) start++
  let end = 0
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++
  const same = (text: string): LineChange => ({ kind: 'same', text })
  return [
    ...before.slice(0, start).map(same),
    ...diffMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(same),
  ]
}
