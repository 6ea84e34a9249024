import { expect, test, vi } from 'vitest'
import { PagedRows } from '../../src/console/ui/grid/paged-rows.ts'

interface Row {
  id: string
  word: string
}

/** A log of `total` rows, row 0 the newest, that counts what is asked of it. */
function log(total: number) {
  const asked: { cursor: string | undefined; limit: number }[] = []
  const state = { down: false }
  const rows = new PagedRows<Row>({
    key: (row) => row.id,
    load: async (cursor, limit) => {
      asked.push({ cursor, limit })
      if (state.down) throw new Error('no line')
      const from = Number(cursor ?? 0)
      const items = Array.from({ length: Math.min(limit, total - from) }, (_, i) => ({
        id: `m${from + i}`,
        word: 'old',
      }))
      const next = from + items.length
      return { items, next: next < total ? String(next) : null }
    },
  })
  return { rows, asked, state }
}

async function scrollTo(rows: PagedRows<Row>, row: number): Promise<void> {
  await vi.waitUntil(() => {
    rows.want(row, row + 40)
    return rows.row(row) !== undefined
  })
}

function held(rows: PagedRows<Row>): number {
  return Array.from({ length: rows.count }, (_, i) => rows.row(i)).filter(Boolean).length
}

test('reads a short first page, then ahead of the reader', async () => {
  const { rows, asked } = log(100_000)
  await scrollTo(rows, 0)
  expect(asked[0]).toEqual({ cursor: undefined, limit: 100 })
  await vi.waitUntil(() => rows.count > 1000)
  expect(rows.ended).toBe(false)
})

test('keeps a bounded number of rows, and reads again what was let go', async () => {
  const { rows, asked } = log(60_000)
  await scrollTo(rows, 0)
  for (let at = 0; at < 59_000; at += 900) await scrollTo(rows, at)
  expect(held(rows)).toBeLessThanOrEqual(16_000)
  expect(rows.row(10)).toBeUndefined()
  const before = asked.length
  await scrollTo(rows, 10)
  expect(rows.row(10)).toEqual({ id: 'm10', word: 'old' })
  expect(asked.length - before).toBeLessThan(5)
})

test('finds the oldest row', async () => {
  const { rows } = log(1234)
  await scrollTo(rows, 1233)
  expect(rows.ended).toBe(true)
  expect(rows.count).toBe(1234)
})

test('puts new rows on top without moving what is known, and replaces a row where it stands', async () => {
  const { rows } = log(1000)
  await scrollTo(rows, 0)
  rows.prepend([
    { id: 'n2', word: 'new' },
    { id: 'n1', word: 'new' },
  ])
  expect([rows.row(0)?.id, rows.row(1)?.id, rows.row(2)?.id]).toEqual(['n2', 'n1', 'm0'])
  expect(rows.indexOf('m5')).toBe(7)
  const unknown = rows.replace([
    { id: 'm5', word: 'changed' },
    { id: 'n1', word: 'changed' },
    { id: 'elsewhere', word: 'changed' },
  ])
  expect(unknown.map((row) => row.id)).toEqual(['elsewhere'])
  expect([rows.row(7)?.word, rows.row(1)?.word]).toEqual(['changed', 'changed'])
  rows.prepend([{ id: 'm5', word: 'again' }])
  expect(rows.row(7)).toEqual({ id: 'm5', word: 'again' })
})

test('keeps what is shown while it starts anew', async () => {
  const { rows } = log(300)
  await scrollTo(rows, 0)
  rows.prepend([{ id: 'n1', word: 'new' }])
  rows.reset()
  expect(rows.row(0)?.id).toBe('n1')
  await vi.waitUntil(() => rows.row(0)?.id === 'm0')
})

test('stops after an error until it is asked to go on', async () => {
  const { rows, asked, state } = log(100_000)
  state.down = true
  rows.want(0, 40)
  await vi.waitUntil(() => rows.error !== undefined)
  rows.want(0, 40)
  rows.want(0, 41)
  expect(asked).toHaveLength(1)
  state.down = false
  rows.retry()
  await vi.waitUntil(() => rows.row(0) !== undefined)
  expect(rows.error).toBeUndefined()
})

test('goes on by itself through pages that hold nothing', async () => {
  let calls = 0
  const rows = new PagedRows<Row>({
    key: (row) => row.id,
    load: async () => {
      calls++
      return calls < 6 ? { items: [], next: String(calls) } : { items: [{ id: 'found', word: '' }], next: null }
    },
  })
  rows.want(0, 40)
  await vi.waitUntil(() => rows.ended)
  expect(rows.row(0)?.id).toBe('found')
})
