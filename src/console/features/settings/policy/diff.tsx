/** A comparison of two texts: lines taken out and put in, with the words that differ, and as much around as helps. */

import { ChevronsUpDown } from 'lucide-react'
import { useMemo, useState } from 'react'
import { count } from '../../../format.ts'
import { text } from '../../../text.ts'
import { classes } from '../../../ui/classes.ts'
import { ScrollRegion } from '../../../ui/scroll.tsx'
import { type DiffRow, diffRows } from './diff-rows.ts'
import type { Piece } from './differences.ts'

const words = text.settings.versions

const looks = {
  same: 'text-dim',
  out: 'bg-bad-s text-text',
  in: 'bg-ok-s text-text',
} satisfies Record<Piece['kind'], string>

/** the words that differ, stronger than their line */
const strong = {
  same: '',
  out: 'rounded-sm bg-bad/20',
  in: 'rounded-sm bg-ok/25',
} satisfies Record<Piece['kind'], string>

const signs = { same: '', out: '−', in: '+' } satisfies Record<Piece['kind'], string>

export interface DiffProps {
  diff: readonly Piece[]
  /** of the region, for those who do not see it */
  label: string
  className?: string
}

export function Diff({ diff, label, className }: DiffProps) {
  const rows = useMemo(() => diffRows(diff), [diff])
  if (diff.every(({ kind }) => kind === 'same')) return <p className="px-4 py-3 text-dim">{words.sameText}</p>
  return (
    <ScrollRegion label={label} className={classes('overflow-auto py-1.5', className)}>
      {rows.map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have nothing but their place
        <Row key={at} row={row} />
      ))}
    </ScrollRegion>
  )
}

function Row({ row }: { row: DiffRow }) {
  const [unfolded, setUnfolded] = useState(false)
  if (row.kind === 'line') return <Line mark={row.mark} pieces={row.pieces} />
  if (unfolded)
    return row.lines.map((line, at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: lines have nothing but their place
      <Line key={at} mark="same" pieces={plain(line)} />
    ))
  return (
    <button
      type="button"
      onClick={() => setUnfolded(true)}
      className="num my-0.5 flex h-7 w-full items-center gap-2 bg-sunken px-4 text-dim text-sm hover:text-text"
    >
      <ChevronsUpDown size={13} aria-hidden />
      {words.unchanged(row.lines.length, count(row.lines.length))}
    </button>
  )
}

function plain(line: string): Piece[] {
  return [{ kind: 'same', text: line }]
}

function Line({ mark, pieces }: { mark: Piece['kind']; pieces: readonly Piece[] }) {
  const Element = mark === 'out' ? 'del' : mark === 'in' ? 'ins' : 'div'
  return (
    <Element className={classes('flex gap-2 px-4 no-underline select-text', looks[mark])}>
      <span aria-hidden className="mono w-3 shrink-0 select-none leading-[21px]">
        {signs[mark]}
      </span>
      {mark === 'same' ? null : <span className="sr-only">{words[mark]}</span>}
      <span className="min-w-0 whitespace-pre-wrap break-words leading-[21px]">
        {pieces.map((piece, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: words have nothing but their place
          <span key={at} className={strong[piece.kind]}>
            {piece.text}
          </span>
        ))}
        {pieces.every((piece) => piece.text === '') ? '\u00a0' : null}
      </span>
    </Element>
  )
}
