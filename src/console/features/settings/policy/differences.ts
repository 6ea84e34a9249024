/** What was taken out of a text and what was put in: of lines, or of the words of a line. */

export interface Piece {
  kind: 'same' | 'out' | 'in'
  text: string
}

/** more cells than this would make a keystroke wait; the middle is then shown as replaced whole */
const MOST_CELLS = 4_000_000

function sharedStart(before: readonly string[], after: readonly string[]): number {
  const most = Math.min(before.length, after.length)
  let at = 0
  while (at < most && before[at] === after[at]) at++
  return at
}

/** Lengths of the longest common part of what remains from each place on; row after row. */
function lengths(before: readonly string[], after: readonly string[]): Uint16Array {
  const width = after.length + 1
  const table = new Uint16Array((before.length + 1) * width)
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const place = i * width + j
      table[place] =
        before[i] === after[j] ? table[place + width + 1]! + 1 : Math.max(table[place + width]!, table[place + 1]!)
    }
  }
  return table
}

function middle(before: readonly string[], after: readonly string[]): Piece[] {
  const out = (text: string): Piece => ({ kind: 'out', text })
  const into = (text: string): Piece => ({ kind: 'in', text })
  if (before.length * after.length > MOST_CELLS) return [...before.map(out), ...after.map(into)]
  const table = lengths(before, after)
  const width = after.length + 1
  const pieces: Piece[] = []
  let i = 0
  let j = 0
  while (i < before.length && j < after.length) {
    if (before[i] === after[j]) {
      pieces.push({ kind: 'same', text: before[i]! })
      i++
      j++
    } else if (table[(i + 1) * width + j]! >= table[i * width + j + 1]!) {
      pieces.push(out(before[i++]!))
    } else {
      pieces.push(into(after[j++]!))
    }
  }
  return [...pieces, ...before.slice(i).map(out), ...after.slice(j).map(into)]
}

/** The way from one list of parts to another that keeps most of them (longest common subsequence). */
export function differences(before: readonly string[], after: readonly string[]): Piece[] {
  const start = sharedStart(before, after)
  const restBefore = before.slice(start)
  const restAfter = after.slice(start)
  const end = sharedStart(restBefore.toReversed(), restAfter.toReversed())
  const same = (text: string): Piece => ({ kind: 'same', text })
  return [
    ...before.slice(0, start).map(same),
    ...middle(restBefore.slice(0, restBefore.length - end), restAfter.slice(0, restAfter.length - end)),
    ...restBefore.slice(restBefore.length - end).map(same),
  ]
}

/** Two texts, line by line. */
export function lineDifferences(before: string, after: string): Piece[] {
  return differences(before.split('\n'), after.split('\n'))
}

/** below this share of common characters two lines are two lines, not one that was changed */
const LEAST_ALIKE = 0.35

/**
 * What changed inside a line; undefined when the two have too little in common.
 * Neighbours of one kind are one piece.
 */
export function wordDifferences(before: string, after: string): Piece[] | undefined {
  const words = (line: string): string[] => line.split(/(\s+|[^\p{L}\p{N}]+)/u).filter(Boolean)
  const pieces = differences(words(before), words(after))
  const common = pieces.reduce((sum, { kind, text }) => sum + (kind === 'same' ? text.length : 0), 0)
  if (common < LEAST_ALIKE * Math.max(before.length, after.length)) return undefined
  return joined(pieces)
}

function joined(pieces: readonly Piece[]): Piece[] {
  const all: Piece[] = []
  for (const piece of pieces) {
    const last = all.at(-1)
    if (last?.kind === piece.kind) last.text += piece.text
    else all.push({ ...piece })
  }
  return all
}
