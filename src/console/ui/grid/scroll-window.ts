/**
 * The arithmetic of a list with rows of one height, however long. A general virtualiser keeps a table of measurements,
 * which at a million rows costs 25-40 ms for each page that is appended; rows of one height need none.
 *
 * Browsers cap an element at about 33 million pixels (Firefox at 17). Beyond MAX_CANVAS the canvas stands for a window
 * of the rows, and `recentre` moves the window before its edge is reached, by whole rows, so that nothing is seen to move.
 */

/** pixels */
export const MAX_CANVAS = 12_000_000

export interface ScrollWindow {
  /** the row at the top of the canvas */
  origin: number
  /** pixels from the top of the canvas */
  scrollTop: number
}

export interface ListMeasure {
  count: number
  /** pixels */
  rowHeight: number
  /** visible height of the rows in pixels */
  viewport: number
}

function maxRows(rowHeight: number): number {
  return Math.floor(MAX_CANVAS / rowHeight)
}

/** Height of the canvas in pixels. */
export function canvasHeight({ count, rowHeight }: ListMeasure, origin: number): number {
  return Math.max(0, Math.min(count - origin, maxRows(rowHeight))) * rowHeight
}

/** The rows on screen, widened by `overscan` on both sides; `last` is exclusive. */
export function visibleRows(
  measure: ListMeasure,
  { origin, scrollTop }: ScrollWindow,
  overscan: number,
): { first: number; last: number } {
  const top = origin + Math.floor(scrollTop / measure.rowHeight)
  const bottom = origin + Math.ceil((scrollTop + measure.viewport) / measure.rowHeight)
  const first = Math.max(0, Math.min(top - overscan, measure.count))
  return { first, last: Math.max(first, Math.min(bottom + overscan, measure.count)) }
}

/** Moves the window when the scroll has come into the outer quarter of a canvas that does not show all rows. */
export function recentre(measure: ListMeasure, window: ScrollWindow): ScrollWindow {
  const rows = maxRows(measure.rowHeight)
  const lastOrigin = Math.max(0, measure.count - rows)
  const at = Math.floor(window.scrollTop / measure.rowHeight)
  const near = at > rows * 0.75 ? window.origin < lastOrigin : at < rows * 0.25 ? window.origin > 0 : false
  if (!near && window.origin <= lastOrigin) return window
  const origin = Math.max(0, Math.min(window.origin + at - Math.floor(rows / 2), lastOrigin))
  return { origin, scrollTop: window.scrollTop + (window.origin - origin) * measure.rowHeight }
}

/** Where to scroll so that `row` is on screen; the window stays when it is there already. */
export function reveal(measure: ListMeasure, window: ScrollWindow, row: number): ScrollWindow {
  const rows = maxRows(measure.rowHeight)
  const inside = row >= window.origin && row < window.origin + rows
  const origin = inside ? window.origin : Math.max(0, Math.min(row - Math.floor(rows / 2), measure.count - rows))
  const top = (row - origin) * measure.rowHeight
  const bottom = top + measure.rowHeight - measure.viewport
  const scrollTop = inside ? Math.min(Math.max(window.scrollTop, bottom), top) : top
  return { origin, scrollTop: Math.max(0, scrollTop) }
}
