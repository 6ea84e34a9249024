/** What changed inside a line. */

import { diffLines, type LineChange } from '../../../../model/diff.ts'

/** A line, or some words of one: kept, taken out, or put in. */
export type Piece = LineChange

/** below this share of common characters two lines are two lines, not one that was changed */
const LEAST_ALIKE = 0.35

/**
 * What changed from one line to another, word by word; undefined when the two have too little in common.
 * Neighbours of one kind are one piece.
 */
export function wordDifferences(before: string, after: string): Piece[] | undefined {
  const words = (line: string): string[] => line.split(/(\s+|[^\p{L}\p{N}]+)/u).filter(Boolean)
  const pieces = diffLines(words(before), words(after))
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
