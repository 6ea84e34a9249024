/** Which rows of an endless list lie in which page, when pages are reached by key and may differ in length. */

export interface PageEntry {
  /** opens this page; undefined for the first */
  cursor: string | undefined
  /** index of its first row */
  start: number
  count: number
}

/** The index of the page that holds `row`, or undefined when no known page does. Logarithmic. */
export function pageOfRow(pages: readonly PageEntry[], row: number): number | undefined {
  let low = 0
  let high = pages.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const page = pages[middle]!
    if (row < page.start) high = middle - 1
    else if (row >= page.start + page.count) low = middle + 1
    else return middle
  }
  return undefined
}

/** Rows that are known to exist. */
export function knownRows(pages: readonly PageEntry[]): number {
  const last = pages.at(-1)
  return last ? last.start + last.count : 0
}

/** Which loaded pages to let go so that at most `most` stay: the ones farthest from page `centre`. */
export function pagesToDrop(loaded: readonly number[], centre: number, most: number): number[] {
  if (loaded.length <= most) return []
  return [...loaded].sort((a, b) => Math.abs(b - centre) - Math.abs(a - centre)).slice(0, loaded.length - most)
}
