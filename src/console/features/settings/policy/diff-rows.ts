/** Lines of a comparison as they are shown: changed lines beside each other, long unchanged stretches folded. */

import { type Piece, wordDifferences } from './differences.ts'

export type DiffRow =
  | { kind: 'line'; mark: Piece['kind']; pieces: readonly Piece[] }
  /** unchanged lines, folded */
  | { kind: 'fold'; lines: readonly string[] }

/** unchanged lines shown around a change */
const CONTEXT = 2
/** folding fewer than these saves nothing */
const LEAST_FOLD = 4

function line(mark: Piece['kind'], text: string): DiffRow {
  return { kind: 'line', mark, pieces: [{ kind: 'same', text }] }
}

/** Lines that went out and lines that came in their place, paired in order. */
function changed(out: readonly string[], into: readonly string[]): DiffRow[] {
  const pairs = out.map((before, at) => {
    const after = into[at]
    return after === undefined ? undefined : wordDifferences(before, after)
  })
  const side = (mark: 'out' | 'in', texts: readonly string[]): DiffRow[] =>
    texts.map((text, at) => {
      const pieces = pairs[at]?.filter(({ kind }) => kind === 'same' || kind === mark)
      return pieces ? { kind: 'line', mark, pieces } : line(mark, text)
    })
  return [...side('out', out), ...side('in', into)]
}

function unchanged(lines: readonly string[], isFirst: boolean, isLast: boolean): DiffRow[] {
  const before = isFirst ? 0 : CONTEXT
  const after = isLast ? 0 : CONTEXT
  const show = (texts: readonly string[]): DiffRow[] => texts.map((text) => line('same', text))
  if (lines.length < before + after + LEAST_FOLD) return show(lines)
  const end = lines.length - after
  return [...show(lines.slice(0, before)), { kind: 'fold', lines: lines.slice(before, end) }, ...show(lines.slice(end))]
}

/** @param diff lines in order, as {@link Piece}s */
export function diffRows(diff: readonly Piece[]): DiffRow[] {
  const rows: DiffRow[] = []
  let at = 0
  while (at < diff.length) {
    const from = at
    const same = diff[at]!.kind === 'same'
    while (at < diff.length && (diff[at]!.kind === 'same') === same) at++
    const run = diff.slice(from, at)
    const texts = (kind: Piece['kind']): string[] => run.filter((each) => each.kind === kind).map(({ text }) => text)
    rows.push(...(same ? unchanged(texts('same'), from === 0, at === diff.length) : changed(texts('out'), texts('in'))))
  }
  return rows
}
