/** A short explanation on hover and focus. */

import { Tooltip } from '@base-ui/react/tooltip'
import type { ReactElement } from 'react'
import { Key } from './key.tsx'

export interface HintProps {
  text: string
  shortcut?: string | undefined
  side?: 'top' | 'bottom' | 'left' | 'right'
  children: ReactElement<Record<string, unknown>>
}

/** Shows `text` beside its child. The child keeps its own accessible name. */
export function Hint({ text, shortcut, side = 'bottom', children }: HintProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger delay={350} render={children} />
      <Tooltip.Portal>
        <Tooltip.Positioner side={side} sideOffset={6} className="z-50">
          <Tooltip.Popup className="popup num flex max-w-80 items-center gap-2 px-2 py-1 text-sm">
            {text}
            {shortcut ? <Key>{shortcut}</Key> : null}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
