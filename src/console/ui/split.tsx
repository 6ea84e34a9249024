/**
 * Two panes with a bar between them that can be dragged or moved by arrow keys; the width is remembered. Where there is
 * room for one only, the second takes its place.
 */

import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react'
import { text } from '../text.ts'
import { useNarrow } from './narrow.ts'
import { useStored } from './stored.ts'

export interface SplitProps {
  /** name under which the width is remembered */
  name: string
  label: string
  main: ReactNode
  /** the second pane; without it the first has all the room */
  side: ReactNode | undefined
  /** pixels of the second pane until a person moves the bar */
  first?: number
}

const FIRST = 460
const LEAST = 340
const STEP = 24

function isNumber(value: unknown): value is number {
  return typeof value === 'number'
}

export function Split({ name, label, main, side, first = FIRST }: SplitProps) {
  const [stored, setStored] = useStored(`split.${name}`, first, isNumber)
  const frame = useRef<HTMLDivElement>(null)
  const narrow = useNarrow()
  const clamp = (width: number): number => {
    const room = frame.current?.clientWidth ?? 1200
    return Math.round(Math.max(LEAST, Math.min(width, room - LEAST)))
  }
  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
    const right = frame.current?.getBoundingClientRect().right ?? 0
    setStored(clamp(right - event.clientX))
  }
  const step = (event: KeyboardEvent): void => {
    const move = event.key === 'ArrowLeft' ? STEP : event.key === 'ArrowRight' ? -STEP : 0
    if (move === 0) return
    event.preventDefault()
    setStored(clamp(stored + move))
  }
  return (
    <div ref={frame} className="flex min-h-0 min-w-0 flex-1">
      {/* hidden, not gone: coming back finds the list where it was */}
      <div className={narrow && side !== undefined ? 'hidden' : 'flex min-w-0 flex-1 flex-col'}>{main}</div>
      {side === undefined ? null : narrow ? (
        <div className="flex min-w-0 flex-1 flex-col">{side}</div>
      ) : (
        <>
          {/* biome-ignore lint/a11y/useSemanticElements: hr cannot be focused and dragged */}
          <div
            role="separator"
            aria-orientation="vertical"
            aria-label={text.common.resize(label)}
            aria-valuenow={stored}
            aria-valuemin={LEAST}
            aria-valuemax={2000}
            tabIndex={0}
            onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
            onPointerMove={drag}
            onDoubleClick={() => setStored(first)}
            onKeyDown={step}
            className="relative z-10 w-px shrink-0 cursor-col-resize bg-line before:absolute before:inset-y-0 before:-inset-x-1 before:content-[''] hover:bg-accent focus-visible:bg-accent"
          />
          <div
            className="flex min-w-0 shrink-0 flex-col"
            style={{ width: stored, maxWidth: `calc(100% - ${LEAST}px)` }}
          >
            {side}
          </div>
        </>
      )}
    </div>
  )
}
