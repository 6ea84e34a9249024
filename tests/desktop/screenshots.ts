/**
 * Takes the pictures of docs/screens: the built desktop application in a real window, on an empty relay and on the
 * demo, light and dark. `node tests/desktop/screenshots.ts OUTDIR [WIDTHxHEIGHT]`; the product must be built. What is
 * kept is reduced to a palette first: `mogrify +dither -colors 255 -define png:format=png8 *.png`.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Page } from '@playwright/test'
import { ConsoleRelay } from '../console/support.ts'
import { type Desktop, type Display, findPlace, root, startDesktop } from './electron.ts'

interface Size {
  width: number
  height: number
}

interface Screen {
  name: string
  /** brings the window to the screen and waits until it is complete */
  open(page: Page): Promise<void>
}

/** What `npm run demo` tells its parent. */
interface DemoReady {
  console: string
  session: string
}

async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate((next) => {
    location.hash = next
  }, hash)
}

/** A letter to several, of whom one was refused, shows most: verdict, deliveries, attempts, transcript. */
async function openMixed(page: Page): Promise<void> {
  await goTo(page, `#/messages?q=${encodeURIComponent('from:stock@acme.example status:mixed to:former')}`)
  await page.getByRole('row').filter({ hasText: 'Stock report', hasNotText: 'archive@' }).first().click()
  const refusal = page.getByRole('complementary').getByText('S: 550')
  await refusal.evaluate((line) => line.scrollIntoView({ block: 'nearest' }))
}

async function openPreview(page: Page): Promise<void> {
  await goTo(page, '#/queue?state=deferred')
  await page.getByRole('button', { name: 'Retry…' }).first().click()
  await page.getByRole('dialog').waitFor()
  await page.getByRole('button', { name: /^Retry \d/ }).waitFor()
}

async function openTrustForm(page: Page): Promise<void> {
  await goTo(page, '#/accounts/acme?tab=trust')
  await page.getByRole('button', { name: 'Decide…' }).click()
  await page.getByLabel('Requested by').fill('Jo Acker, head of logistics, by letter')
  await page.getByLabel('Reason', { exact: true }).fill('Prices of their partners are in these letters. Clean record.')
}

const demoScreens: readonly Screen[] = [
  {
    name: 'overview',
    async open(page) {
      await goTo(page, '#/overview')
      await page.getByText(/kept: .* header records/).waitFor()
      await page.getByRole('img', { name: /^Messages in and deliveries out/ }).waitFor()
    },
  },
  {
    name: 'messages',
    async open(page) {
      await goTo(page, '#/messages')
      await page.getByRole('row').nth(20).waitFor()
    },
  },
  { name: 'message', open: openMixed },
  {
    name: 'queue',
    async open(page) {
      await goTo(page, '#/queue')
      await page.getByRole('cell').first().waitFor()
    },
  },
  { name: 'queue-preview', open: openPreview },
  {
    name: 'accounts',
    async open(page) {
      await goTo(page, '#/accounts')
      await page
        .getByRole('img', { name: /messages in 30 days/ })
        .nth(3)
        .waitFor()
    },
  },
  { name: 'trust-form', open: openTrustForm },
  {
    name: 'retention',
    async open(page) {
      await goTo(page, '#/retention')
      await page.getByText(/^all \d+ hold$/).waitFor()
    },
  },
  {
    name: 'audit',
    async open(page) {
      await goTo(page, '#/audit')
      await page.getByRole('row').filter({ hasText: 'Trust decided' }).first().click()
      await page.getByText(/^Recomputed in this browser/).waitFor()
    },
  },
  {
    name: 'audit-proof',
    async open(page) {
      await goTo(page, '#/audit/proof?ask=verify')
      await page.getByRole('button', { name: 'Replay the draws' }).click()
      await page.getByText('Nothing was changed').waitFor()
      await page.getByText(/closed blocks? agrees?/).waitFor()
    },
  },
]

const themes = ['light', 'dark'] as const

async function take({ application, window: page }: Desktop, size: Size, screen: Screen, folder: string): Promise<void> {
  await application.evaluate(({ BrowserWindow }, { width, height }) => {
    BrowserWindow.getAllWindows()[0]!.setContentSize(width, height)
  }, size)
  await page.waitForFunction(({ width, height }) => innerWidth === width && innerHeight === height, size)
  await screen.open(page)
  // nothing under the pointer
  await page.mouse.move(0, 0)
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme })
    await page.locator(`html[data-theme=${theme}]`).waitFor()
    const path = join(folder, `${screen.name}-${theme}.png`)
    await page.screenshot({ path, animations: 'disabled', caret: 'hide' })
    console.log(path)
  }
  await page.keyboard.press('Escape')
}

interface Sitting {
  executable: string
  display: Display
  size: Size
  folder: string
}

async function takeFirstRun({ executable, display, size, folder }: Sitting): Promise<void> {
  const relay = new ConsoleRelay()
  try {
    await relay.start()
    const desktop = await startDesktop({ executable, display, words: ['--relay', relay.url] })
    const open = async (page: Page): Promise<void> => {
      await goTo(page, `#/welcome?token=${relay.firstToken}`)
      await page.getByRole('heading', { name: 'Welcome' }).waitFor()
    }
    try {
      await take(desktop, size, { name: 'welcome', open }, folder)
    } finally {
      await desktop.close()
    }
  } finally {
    await relay.remove()
  }
}

function startDemo(data: string): ChildProcess {
  return spawn(process.execPath, [join(root, 'out/main/demo.cjs'), '--data', data], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
}

async function takeDemo({ executable, display, size, folder }: Sitting): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'mailward-screens-'))
  const relay = startDemo(data)
  try {
    const [ready] = (await once(relay, 'message')) as [DemoReady]
    const environment = { MAILWARD_RELAY_URL: ready.console, MAILWARD_RELAY_SESSION: ready.session }
    const desktop = await startDesktop({ executable, display, environment })
    try {
      for (const screen of demoScreens) await take(desktop, size, screen, folder)
    } finally {
      await desktop.close()
    }
  } finally {
    relay.kill('SIGTERM')
    await once(relay, 'exit')
    rmSync(data, { recursive: true, force: true })
  }
}

async function main(): Promise<void> {
  const [given, measure = '1280x800'] = process.argv.slice(2)
  const [width, height] = measure.split('x').map(Number)
  if (!given || !width || !height) throw new Error('node tests/desktop/screenshots.ts OUTDIR [WIDTHxHEIGHT]')
  const folder = resolve(given)
  mkdirSync(folder, { recursive: true })
  const { executable, display, skipped } = await findPlace()
  if (skipped) return
  try {
    const sitting: Sitting = { executable, display, size: { width, height }, folder }
    await takeFirstRun(sitting)
    await takeDemo(sitting)
  } finally {
    display.stop()
  }
}

await main()
