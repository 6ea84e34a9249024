import { readFileSync } from 'node:fs'
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fill } from '../../bench/fill.ts'
import { launchBrowser, visit } from '../support/browser.ts'
import { ConsoleRelay, logIn } from './support.ts'

const RECORDS = 1_000_000

let browser: Browser
let relay: ConsoleRelay

beforeAll(async () => {
  browser = await launchBrowser({ whole: true })
  relay = new ConsoleRelay()
  await relay.start()
  await relay.prepare()
  await relay.stop()
  const key = Buffer.from(readFileSync(relay.keyFile, 'utf8').trim(), 'hex')
  await fill({ folder: relay.folder, key, records: RECORDS, days: 70, now: Date.now() })
  await relay.start()
}, 300_000)

afterAll(async () => {
  await browser?.close()
  await relay?.remove()
})

interface Seen {
  /** index of the first row on screen, as assistive technology is told */
  first: number
  /** what the first row says */
  words: string
  /** -1 while the oldest row is not known */
  rowCount: number
}

/** What is at the top of the list now. Rows on their way have no words. */
function poll(page: Page): Promise<Seen> {
  return page.evaluate(() => {
    const grid = document.querySelector('[role=grid]')!
    const { top } = grid.getBoundingClientRect()
    const rows = [...grid.querySelectorAll<HTMLElement>('[role=row]:not([aria-rowindex="1"])')]
    const visible = rows
      .map((row) => ({ row, offset: row.getBoundingClientRect().top - top - 30 }))
      .filter(({ offset }) => offset >= 0)
      .sort((a, b) => a.offset - b.offset)[0]?.row
    return {
      first: Number(visible?.getAttribute('aria-rowindex')) - 2,
      words: visible?.innerText.replaceAll(/\s+/g, ' ') ?? '',
      rowCount: Number(grid.getAttribute('aria-rowcount')),
    }
  })
}

/** Scrolls on, screen after screen in the middle of the list and far at a time, until the oldest row is known. */
function scrollToTheEnd(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const grid = document.querySelector('[role=grid]')!
    let most = 0
    while (grid.getAttribute('aria-rowcount') === '-1') {
      grid.scrollTop = grid.scrollHeight
      await new Promise((resolve) => setTimeout(resolve, 4))
      most = Math.max(most, grid.querySelectorAll('[role=row]').length)
    }
    // the last page makes the list longer once more
    await new Promise((resolve) => setTimeout(resolve, 100))
    grid.scrollTop = grid.scrollHeight
    return most
  })
}

test('a million rows are scrolled from the newest to the oldest and back', { timeout: 300_000 }, async () => {
  const { page, complaints } = await visit(browser)
  await logIn(page, relay)
  await expect.poll(async () => (await poll(page)).words).not.toBe('')
  const top = await poll(page)
  expect(top.first).toBe(0)

  const rowsInPage = await scrollToTheEnd(page)
  expect(rowsInPage).toBeLessThan(120)
  await expect.poll(async () => (await poll(page)).words).not.toBe('')
  const end = await poll(page)
  expect(end.rowCount).toBeGreaterThanOrEqual(RECORDS + 1)
  expect(end.first).toBeGreaterThan(RECORDS - 100)

  // a small scroll moves the list by just that much, deep down as well
  await page.mouse.move(600, 400)
  await page.mouse.wheel(0, -320)
  await expect.poll(async () => (await poll(page)).first).toBe(end.first - 10)

  await page.evaluate(() => {
    document.querySelector('[role=grid]')!.scrollTop = 0
  })
  await expect
    .poll(async () => {
      await page.evaluate(() => {
        document.querySelector('[role=grid]')!.scrollTop = 0
      })
      return (await poll(page)).words
    })
    .toBe(top.words)
  expect((await poll(page)).first).toBe(0)
  expect(complaints).toEqual([])
})

test('a filter over a million rows answers, and an old message opens', async () => {
  const { page } = await visit(browser)
  await logIn(page, relay, '/messages?q=since:70d status:mixed')
  await expect.poll(async () => (await poll(page)).words).toMatch(/mixed/)
  await page.getByRole('grid').getByRole('row').nth(3).click()
  await page.getByRole('complementary').getByRole('heading', { name: 'Headers' }).waitFor()
})
