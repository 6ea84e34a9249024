/**
 * A real Chromium for tests: CHROMIUM_PATH, else the system's, else the one inside an npm package. Of the system's the one
 * without a shell of windows comes first: the whole one draws its own buttons for each page, hidden, a second of processor.
 */

import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from '@playwright/test'

const WHOLE = '/usr/bin/chromium'
const SHELL = '/usr/bin/chromium-headless-shell'
const flags = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking']

async function packagedChromium(): Promise<string> {
  // it unpacks its own shared libraries only where it believes to be in that place
  process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs22.x'
  const { default: packaged } = await import('@sparticuz/chromium')
  return packaged.executablePath()
}

async function findChromium(order: readonly string[]): Promise<string> {
  const { CHROMIUM_PATH } = process.env
  if (CHROMIUM_PATH) return CHROMIUM_PATH
  return order.find((path) => existsSync(path)) ?? packagedChromium()
}

/**
 * Starts Chromium without a window. Close it in the test's own clean-up.
 * @param options `whole` for the build people have: it scrolls far through a long list many times faster
 */
export async function launchBrowser({ whole = false } = {}): Promise<Browser> {
  return chromium.launch({ executablePath: await findChromium(whole ? [WHOLE, SHELL] : [SHELL, WHOLE]), args: flags })
}

export interface Visitor {
  page: Page
  context: BrowserContext
  /** what the page complained about: errors, and what its content security policy refused */
  complaints: string[]
}

export interface VisitOptions {
  dark?: boolean
  width?: number
  height?: number
}

function settings({ dark, width = 1280, height = 800 }: VisitOptions): BrowserContextOptions {
  return {
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
  }
}

async function enter(context: BrowserContext): Promise<Visitor> {
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    // a line that is down is part of some tests, and the browser reports each try
    const lineDown = /WebSocket connection|ERR_CONNECTION|Failed to load resource/.test(message.text())
    if (message.type() === 'error' && !lineDown) complaints.push(message.text())
  })
  return { page, context, complaints }
}

/** A person with a fresh browser profile. */
export async function visit(browser: Browser, options: VisitOptions = {}): Promise<Visitor> {
  return enter(await browser.newContext(settings(options)))
}

/** A person whose browser keeps its profile in a folder, as at home. Close the context in the test's own clean-up. */
export async function visitWithProfile(folder: string, options: VisitOptions = {}): Promise<Visitor> {
  const executablePath = await findChromium([WHOLE, SHELL])
  return enter(await chromium.launchPersistentContext(folder, { executablePath, args: flags, ...settings(options) }))
}
