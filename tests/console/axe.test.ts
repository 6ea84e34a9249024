/** The judge of our screens finds what it looks for: otherwise its silence would mean nothing. */

import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, visit } from '../support/browser.ts'
import { faults } from './faults.ts'

const frame = `<iframe title="inside" srcdoc="<html lang=en><body><img src='data:,'></body></html>"></iframe>`
const follow = `
  const asked = matchMedia('(prefers-color-scheme: dark)')
  const follow = () => { document.documentElement.dataset.theme = asked.matches ? 'dark' : 'light' }
  asked.addEventListener('change', follow)
  follow()`

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser?.close())

async function pageOf(content: string): Promise<Page> {
  const { page } = await visit(browser)
  await page.setContent(`<!doctype html><html lang="en"><head><title>A page</title>
    <style>p { color: #222; background: #fff } [data-theme=dark] p { color: #777; background: #888 }</style></head>
    <body><main><h1>A page</h1>${content}</main><script>${follow}</script></body></html>`)
  return page
}

test('a page without faults has none', async () => {
  expect(await faults(await pageOf('<img src="data:," alt="nothing">'))).toEqual([])
})

test('a picture without words, a field without a name, and colours too close in the dark are found', async () => {
  const found = await faults(await pageOf('<img src="data:,"><input><p>Hard to read</p>'))
  expect(found.map((fault) => fault.split(/ (?!color)/)[0])).toEqual(['image-alt:', 'label:', 'dark: color-contrast:'])
})

test('what is wrong in a frame is found too', async () => {
  expect((await faults(await pageOf(frame))).map((fault) => fault.split(' ')[0])).toContain('image-alt:')
})
