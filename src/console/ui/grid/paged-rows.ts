/**
 * A list of any length, read in pages by key, with a bounded number of pages in memory. Knows every cursor it has seen
 * (a few bytes a page), so that scrolling back re-reads a page that was let go.
 */

import { knownRows, type PageEntry, pageOfRow, pagesToDrop } from './page-table.ts'

export interface Page<T> {
  items: T[]
  next: string | null
}

export type LoadPage<T> = (cursor: string | undefined, limit: number, signal: AbortSignal) => Promise<Page<T>>

export interface PagedRowsOptions<T> {
  load: LoadPage<T>
  key: (row: T) => string
}

/** The first page is short, so that it is painted early. */
const FIRST_PAGE = 100
const PAGE = 1000
/** pages kept in memory: 15,000 rows at most */
const KEPT_PAGES = 15
/** rows ahead of the screen that are fetched before they are needed */
const AHEAD = 2000
/** rows above the first page; beyond, the list starts anew from the top */
const MOST_HEAD = 2000

let made = 0

export class PagedRows<T> {
  private readonly options: PagedRowsOptions<T>
  private pages: PageEntry[] = []
  private loaded = new Map<number, T[]>()
  private loading = new Map<number, AbortController>()
  private head: T[] = []
  private next: string | null | undefined = undefined
  private listeners = new Set<() => void>()
  private places: Map<string, { page: number; at: number }> = new Map()
  private wanted = { first: 0, last: 0 }
  /** tells one list from the next */
  readonly number = ++made
  /** grows with each change; what React compares */
  version = 0
  /** why the last page could not be read; cleared by the next that can */
  error: unknown = undefined

  constructor(options: PagedRowsOptions<T>) {
    this.options = options
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  getVersion = (): number => this.version

  /** Rows known so far. */
  get count(): number {
    return this.head.length + knownRows(this.pages)
  }

  /** Whether the oldest row is known. */
  get ended(): boolean {
    return this.next === null
  }

  /** Whether anything has been read at all. */
  get started(): boolean {
    return this.pages.length > 0
  }

  /** The row at an index, or undefined when it is not in memory now. */
  row(index: number): T | undefined {
    if (index < this.head.length) return this.head[index]
    const at = index - this.head.length
    const page = pageOfRow(this.pages, at)
    return page === undefined ? undefined : this.loaded.get(page)?.[at - this.pages[page]!.start]
  }

  /** The index of a row that is in memory. */
  indexOf(key: string): number | undefined {
    const inHead = this.head.findIndex((row) => this.options.key(row) === key)
    if (inHead >= 0) return inHead
    const place = this.places.get(key)
    return place && this.head.length + this.pages[place.page]!.start + place.at
  }

  /** Reads what is needed to show these rows (`last` exclusive), and a little ahead. */
  want(first: number, last: number): void {
    this.wanted = { first, last }
    if (this.error === undefined) this.readOn()
  }

  /** Tries again after an error. */
  retry(): void {
    this.error = undefined
    this.readOn()
  }

  /** Whether something is being read. */
  get busy(): boolean {
    return this.loading.size > 0
  }

  /** Puts new rows on top. Rows already there are replaced where they are. */
  prepend(rows: readonly T[]): void {
    const fresh = rows.filter((row) => !this.replaceOne(row))
    if (this.head.length + fresh.length > MOST_HEAD) {
      this.reset()
      return
    }
    this.head = [...fresh, ...this.head]
    this.changed()
  }

  /** Replaces rows that are in memory; returns those that are not. */
  replace(rows: readonly T[]): T[] {
    const unknown = rows.filter((row) => !this.replaceOne(row))
    if (unknown.length < rows.length) this.changed()
    return unknown
  }

  /** Starts anew from the top. What is shown stays until the first page is there. */
  reset(): void {
    this.stop()
    this.next = undefined
    this.read(0, undefined, true)
  }

  /** Ends what is being read. */
  stop(): void {
    for (const controller of this.loading.values()) controller.abort()
    this.loading.clear()
  }

  private replaceOne(row: T): boolean {
    const key = this.options.key(row)
    const inHead = this.head.findIndex((other) => this.options.key(other) === key)
    if (inHead >= 0) {
      this.head = this.head.with(inHead, row)
      return true
    }
    const place = this.places.get(key)
    const page = place && this.loaded.get(place.page)
    if (!place || !page) return false
    this.loaded.set(place.page, page.with(place.at, row))
    return true
  }

  private readOn(): void {
    if (this.next === undefined) {
      if (this.loading.size === 0) this.read(0, undefined, false)
      return
    }
    const from = Math.max(0, this.wanted.first - this.head.length)
    const to = Math.max(0, this.wanted.last - this.head.length)
    const firstPage = pageOfRow(this.pages, from)
    const lastPage = pageOfRow(this.pages, to) ?? this.pages.length - 1
    if (firstPage !== undefined) {
      for (let page = firstPage; page <= lastPage; page++) {
        if (!this.loaded.has(page)) this.read(page, this.pages[page]!.cursor, false)
      }
    }
    if (this.next !== null && to + AHEAD > knownRows(this.pages)) this.read(this.pages.length, this.next, false)
  }

  private read(page: number, cursor: string | undefined, anew: boolean): void {
    if (this.loading.has(page)) return
    const controller = new AbortController()
    this.loading.set(page, controller)
    const limit = this.pages[page]?.count || (page === 0 ? FIRST_PAGE : PAGE)
    this.options.load(cursor, anew ? FIRST_PAGE : limit, controller.signal).then(
      (result) => {
        if (controller.signal.aborted) return
        this.loading.delete(page)
        if (anew) this.clear()
        this.take(page, cursor, result)
      },
      (error: unknown) => {
        if (controller.signal.aborted) return
        this.loading.delete(page)
        this.error = error
        this.changed()
      },
    )
  }

  private clear(): void {
    this.pages = []
    this.loaded.clear()
    this.places.clear()
    this.head = []
  }

  private take(page: number, cursor: string | undefined, result: Page<T>): void {
    this.error = undefined
    const known = this.pages[page]
    // a page that is read again may have lost rows meanwhile; the ones after it begin where they began
    const items = known ? result.items.slice(0, known.count) : result.items
    if (!known) {
      this.pages.push({ cursor, start: knownRows(this.pages), count: items.length })
      this.next = result.next
    }
    this.loaded.set(page, items)
    items.forEach((row, at) => {
      this.places.set(this.options.key(row), { page, at })
    })
    this.letGo()
    this.changed()
    this.readOn()
  }

  private letGo(): void {
    const centre = pageOfRow(this.pages, Math.max(0, this.wanted.first - this.head.length)) ?? 0
    for (const page of pagesToDrop([...this.loaded.keys()], centre, KEPT_PAGES)) {
      for (const row of this.loaded.get(page) ?? []) this.places.delete(this.options.key(row))
      this.loaded.delete(page)
    }
  }

  private changed(): void {
    this.version++
    for (const listener of this.listeners) listener()
  }
}
