/** The box above the boxes: selects everything that is loaded, or nothing. */

import { text } from '../../text.ts'
import type { Selection } from './use-selection.ts'

export function SelectAll({ selection, loaded }: { selection: Selection; loaded: number }) {
  const every = selection.size > 0 && selection.size >= loaded
  return (
    <input
      type="checkbox"
      aria-label={text.common.selectAll}
      title={text.common.selectAll}
      checked={every}
      ref={(box) => {
        if (box) box.indeterminate = selection.size > 0 && !every
      }}
      onChange={() => (selection.size > 0 ? selection.clear() : selection.all())}
      className="size-3.5 accent-accent"
    />
  )
}
