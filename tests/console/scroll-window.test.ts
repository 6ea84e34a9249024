import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canvasHeight, MAX_CANVAS, recentre, reveal, visibleRows } from '../../src/console/ui/grid/scroll-window.ts'

const measure = fc.record({
  count: fc.integer({ min: 0, max: 100_000_000 }),
  rowHeight: fc.integer({ min: 20, max: 64 }),
  viewport: fc.integer({ min: 100, max: 4000 }),
})

describe('the window over the rows', () => {
  test('keeps the canvas below what browsers can draw', () => {
    fc.assert(
      fc.property(measure, fc.nat(), (m, origin) => {
        expect(canvasHeight(m, Math.min(origin, m.count))).toBeLessThan(17_000_000)
      }),
    )
  })

  test('shows the same rows at the same place after it has moved', () => {
    fc.assert(
      fc.property(measure, fc.double({ min: 0, max: 1, noNaN: true }), (m, at) => {
        const origin = Math.floor(Math.max(0, m.count - Math.floor(MAX_CANVAS / m.rowHeight)) * at)
        const before = { origin, scrollTop: Math.floor(canvasHeight(m, origin) * at) }
        const after = recentre(m, before)
        expect(after.origin * m.rowHeight + after.scrollTop).toBe(before.origin * m.rowHeight + before.scrollTop)
        expect(visibleRows(m, after, 5)).toEqual(visibleRows(m, before, 5))
      }),
    )
  })

  test('reaches the last row of a hundred million by scrolling on', () => {
    const m = { count: 100_000_000, rowHeight: 32, viewport: 800 }
    let window = { origin: 0, scrollTop: 0 }
    for (let step = 0; step < 1000; step++) {
      const end = canvasHeight(m, window.origin) - m.viewport
      window = recentre(m, { ...window, scrollTop: end })
    }
    expect(visibleRows(m, { ...window, scrollTop: canvasHeight(m, window.origin) - m.viewport }, 0).last).toBe(m.count)
  })

  test('brings any row on screen', () => {
    fc.assert(
      fc.property(measure, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (m, at) => {
        fc.pre(m.count > 0)
        const row = Math.floor(m.count * at)
        const { first, last } = visibleRows(m, reveal(m, { origin: 0, scrollTop: 0 }, row), 0)
        expect(row).toBeGreaterThanOrEqual(first)
        expect(row).toBeLessThan(last)
      }),
    )
  })

  test('does not scroll for a row that is on screen already', () => {
    const m = { count: 1000, rowHeight: 32, viewport: 640 }
    expect(reveal(m, { origin: 0, scrollTop: 320 }, 15)).toEqual({ origin: 0, scrollTop: 320 })
  })
})
