/** The HTML part of an opened sample against hostile HTML, in a real browser with somebody who listens. */

import { resolve } from 'node:path'
import type { Browser, Page } from '@playwright/test'
import { build, type Rolldown } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { launchBrowser, visit } from '../support/browser.ts'
import { CANARY, hostileHtml, Listener } from './hostileMail.ts'

const source = resolve(import.meta.dirname, '../../src/console/features/cases/frame-page.ts')

declare global {
  interface Window {
    viewer: { framePage(untrusted: string): string | undefined }
  }
}

let browser: Browser
let page: Page
let listener: Listener
let out: string
let script: string

/** The part of the console that makes the page in the frame, as a script of its own. */
async function bundle(): Promise<string> {
  const built = (await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, lib: { entry: source, formats: ['iife'], name: 'viewer' } },
  })) as Rolldown.RolldownOutput[]
  return built[0]!.output[0].code
}

beforeAll(async () => {
  browser = await launchBrowser()
  script = `${await bundle()};window.viewer = viewer`
}, 60_000)

// what a frame is not kept from may take its page along, and be heard late
beforeEach(async () => {
  listener = new Listener()
  out = await listener.start()
  page = (await visit(browser)).page
  await page.setContent('<!doctype html><title>Frame</title>')
  await page.addScriptTag({ content: script })
})

afterEach(async () => {
  await page.context().close()
  listener.stop()
})

afterAll(async () => {
  await browser?.close()
})

/** Shows a page in a frame for a while. Without `sandbox` the frame may run and load what it likes. */
async function show(html: string, sandbox: boolean): Promise<string> {
  await page.evaluate(
    async ({ srcdoc, locked }) => {
      document.querySelector('iframe')?.remove()
      const frame = document.createElement('iframe')
      if (locked) frame.setAttribute('sandbox', '')
      frame.srcdoc = srcdoc
      document.body.append(frame)
      await new Promise((settled) => frame.addEventListener('load', settled))
      await new Promise((settled) => setTimeout(settled, 300))
    },
    { srcdoc: html, locked: sandbox },
  )
  return page.frameLocator('iframe').locator('body').innerText()
}

function framePage(html: string): Promise<string | undefined> {
  return page.evaluate((untrusted) => window.viewer.framePage(untrusted), html)
}

/** What stands in the page for the stranger's part, without the page's own head. */
async function bodyOf(html: string): Promise<string> {
  const made = (await framePage(html))!
  return made.slice(made.indexOf('<body>'))
}

test('the listener would hear what is not made harmless', async () => {
  await page.evaluate((html) => {
    document.body.append(Object.assign(document.createElement('iframe'), { srcdoc: html }))
  }, hostileHtml(out))
  await expect.poll(() => listener.requests.length).toBeGreaterThan(5)
})

test('taking out alone leaves nothing that asks: even a frame that may do everything connects nowhere', async () => {
  const shown = await show(await bodyOf(hostileHtml(out)), false)
  expect(shown).toContain(CANARY)
  expect(listener.requests).toEqual([])
  expect(listener.connections).toBe(0)
})

test('the frame alone refuses every request of a part that was not made harmless', async () => {
  const made = (await framePage(''))!
  await show(made.replace('<body>', `<body>${hostileHtml(out)}`), true)
  expect(listener.requests).toEqual([])
})

test.each([
  ['script', '<script>1</script><p onclick="x()">a</p>'],
  ['svg', '<svg onload="x()"><a xlink:href="javascript:x()"><text>b</text></a></svg><p>a</p>'],
  ['css url', `<p style="color:red;background:url(http://h.example/a)">a</p>`],
  ['escaped css url', '<p style="background:\\75\\72\\6c(http://h.example/a)">a</p>'],
  ['import', '<style>@import "http://h.example/a.css"</style><p>a</p>'],
  ['meta refresh', '<meta http-equiv="refresh" content="0;url=http://h.example/"><p>a</p>'],
  ['base', '<base href="http://h.example/"><p>a</p>'],
  ['form', '<form action="http://h.example/"><input name="a"><button>go</button></form><p>a</p>'],
  ['iframe', '<iframe src="http://h.example/"></iframe><p>a</p>'],
  ['object', '<object data="http://h.example/"><embed src="http://h.example/"></object><p>a</p>'],
  ['mutation', '<math><mtext><table><mglyph><style><img src=x onerror="x()"></style></mglyph></table></mtext></math>a'],
  ['overlay', '<p style="position:fixed;inset:0;z-index:9">a</p>'],
])('%s is taken out', async (_name, html) => {
  const body = await bodyOf(html)
  expect(body).toContain('a')
  expect(body).not.toMatch(/<(?:script|svg|style|meta|base|form|input|button|iframe|object|embed|math|img|link)\b/i)
  expect(body).not.toMatch(/\s(?:on\w+|href|src|action)\s*=|url\(|position|h\.example/i)
})

test.each([
  ['<a href="javascript:x()">Run</a>', 'javascript:x()'],
  ['<a href="data:text/html,hello">Data</a>', 'data:text/html,hello'],
  ['<a href="https://evil.example/login">bank.example</a>', 'https://evil.example/login'],
])('a link is text with its target: %s', async (html, target) => {
  const body = await bodyOf(html)
  expect(body).toContain(`[link to ${target}]`)
  expect(body).not.toMatch(/<a\b|href/i)
})

test('a picture of the message itself stays, a remote one is named', async () => {
  const body = await bodyOf(
    '<img src="data:image/png;base64,iVBORw0KGgo="><img src="https://h.example/p.png" alt="Logo">',
  )
  expect(body).toContain('<img src="data:image/png;base64,iVBORw0KGgo=">')
  expect(body).toContain('[image not loaded: Logo https://h.example/p.png]')
})

test('deep nesting is shown', async () => {
  const shown = await show((await framePage(`${'<div>'.repeat(20_000)}deep${'</div>'.repeat(20_000)}`))!, true)
  expect(shown).toContain('deep')
})

test('a part of too many elements is not laid out', async () => {
  expect(await framePage('<b>x</b>'.repeat(125_000))).toBeUndefined()
})
