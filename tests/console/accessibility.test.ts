import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, visit } from '../support/browser.ts'
import { ConsoleRelay, logIn } from './support.ts'

let browser: Browser
let relay: ConsoleRelay
let fresh: ConsoleRelay
let message: string

beforeAll(async () => {
  browser = await launchBrowser()
  relay = new ConsoleRelay()
  fresh = new ConsoleRelay()
  await Promise.all([relay.start(), fresh.start()])
  await relay.prepare()
  await relay.send([
    { to: ['tom@kestrel.example', 'pia@heron.example'], subject: 'Your invoice 20417 is ready' },
    { to: 'ops@osprey.example', subject: 'Order 7 has shipped' },
  ])
  await relay.client.trust.decide({
    name: 'acme',
    decision: 'on',
    requestedBy: 'Pia Lang',
    reason: 'Legal mail.',
    reviewAt: new Date(Date.now() + 90 * 86_400_000).toISOString(),
  })
  await relay.client.trust.addComplaint({ name: 'northbay', note: 'A call.' })
  const { items } = await relay.client.messages.list({})
  message = items[0]!.id
})

afterAll(async () => {
  await browser?.close()
  await relay?.remove()
  await fresh?.remove()
})

/** What axe finds wrong, as rule and place: everything in the light, and the contrast once more in the dark. */
async function faults(page: Page): Promise<string[]> {
  const light = await analyse(page, new AxeBuilder({ page }))
  await setColours(page, 'dark')
  const dark = await analyse(page, new AxeBuilder({ page }).withRules(['color-contrast']))
  await setColours(page, 'light')
  return [...light, ...dark.map((fault) => `dark: ${fault}`)]
}

/** Changes what the system prefers, and waits until the page has followed. */
async function setColours(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: theme })
  await page.waitForFunction((wanted) => document.documentElement.dataset.theme === wanted, theme)
}

async function analyse(page: Page, axe: AxeBuilder): Promise<string[]> {
  // what is still fading in would be judged half transparent
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)))
  const { violations } = await axe.analyze()
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary}`),
  )
}

type Look = (page: Page) => Promise<void>

const screens: [name: string, path: () => string, look: Look][] = [
  ['messages', () => '/messages', (page) => page.getByText('Order 7 has shipped').waitFor()],
  ['a message', () => `/messages/${message}`, (page) => page.getByRole('heading', { name: 'Deliveries' }).waitFor()],
  ['a filter nothing matches', () => '/messages?q=nothing', (page) => page.getByText('No message matches').waitFor()],
  ['a bad filter', () => '/messages?q=since:never', (page) => page.getByRole('alert').waitFor()],
  [
    'suggestions',
    () => '/messages?q=status:queued',
    async (page) => {
      await page.getByRole('combobox').fill('s')
      await page.getByRole('option').first().waitFor()
    },
  ],
  [
    'columns',
    () => '/messages',
    async (page) => {
      await page.getByRole('button', { name: 'Columns' }).click()
      await page.getByRole('button', { name: 'Move Subject up' }).waitFor()
    },
  ],
  ['queue', () => '/queue', (page) => page.getByRole('link', { name: 'capture' }).waitFor()],
  ['queue deliveries', () => '/queue?all=true', (page) => page.getByRole('checkbox').nth(2).waitFor()],
  [
    'a queue action',
    () => '/queue?all=true',
    async (page) => {
      await page.getByRole('button', { name: 'Cancel…' }).click()
      await page.getByText('would change').waitFor()
    },
  ],
  ['accounts', () => '/accounts', (page) => page.getByText('northbay.example').waitFor()],
  ['accounts nothing matches', () => '/accounts?q=nobody', (page) => page.getByText('No account matches').waitFor()],
  ['an account', () => '/accounts/acme', (page) => page.getByText('ops@acme.example').waitFor()],
  [
    'fewer days',
    () => '/accounts/acme',
    async (page) => {
      await page.getByRole('button', { name: 'Change…' }).click()
      await page.getByRole('radio', { name: /Fewer days/ }).click()
      await page.getByText(/This cannot be undone/).waitFor()
    },
  ],
  [
    'credentials',
    () => '/accounts/acme?tab=credentials',
    (page) => page.getByRole('heading', { name: 'Credentials' }).waitFor(),
  ],
  [
    'a new credential',
    () => '/accounts/acme?tab=credentials',
    async (page) => {
      await page.getByRole('button', { name: 'Add credential' }).click()
      await page.getByRole('dialog').waitFor()
    },
  ],
  ['trust', () => '/accounts/acme?tab=trust', (page) => page.getByText('Trusted.', { exact: true }).waitFor()],
  [
    'a trust decision',
    () => '/accounts/acme?tab=trust',
    async (page) => {
      await page.getByRole('button', { name: 'Trust given' }).click()
      await page.getByRole('button', { name: 'Decide…' }).click()
      await page.getByRole('radio', { name: 'Keep trust' }).click()
      await page.getByLabel('Look at it again on').waitFor()
    },
  ],
  [
    'a trust decision, once more',
    () => '/accounts/acme?tab=trust',
    async (page) => {
      await page.getByRole('button', { name: 'Decide…' }).click()
      await page.getByLabel('Reason', { exact: true }).fill('It was sold.')
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.getByText('This is what will be decided').waitFor()
    },
  ],
  ['samples', () => '/accounts/northbay?tab=samples', (page) => page.getByText('No samples stored').waitFor()],
  ['complaints', () => '/accounts/northbay?tab=complaints', (page) => page.getByText('A call.').waitFor()],
  [
    'a new complaint',
    () => '/accounts/northbay?tab=complaints',
    async (page) => {
      await page.getByRole('button', { name: 'Enter a complaint…' }).click()
      await page.getByRole('dialog').waitFor()
    },
  ],
  [
    'a suspension',
    () => '/accounts/northbay?tab=status',
    async (page) => {
      await page.getByRole('button', { name: 'Suspend…' }).click()
      await page.getByText(/^550 5.7.1/).waitFor()
    },
  ],
  ['policy', () => '/settings/policy', (page) => page.getByText('Complaint rate over').waitFor()],
  [
    'thresholds',
    () => '/settings/policy',
    async (page) => {
      await page.getByRole('button', { name: 'Change…' }).click()
      await page.getByRole('dialog').waitFor()
    },
  ],
  ['keys', () => '/settings/keys', (page) => page.getByText('Public part').waitFor()],
  [
    'another seal key',
    () => '/settings/keys',
    async (page) => {
      await page.getByRole('button', { name: 'Replace seal key…' }).click()
      await page.getByRole('radio', { name: /Behind a passphrase/ }).click()
      await page.getByLabel('New passphrase, again').waitFor()
    },
  ],
  ['backups', () => '/settings/backups', (page) => page.getByText('No backups have been made').waitFor()],
  ['routes', () => '/settings/routes', (page) => page.getByText('every other domain').waitFor()],
  [
    'a new route',
    () => '/settings/routes',
    async (page) => {
      await page.getByRole('button', { name: 'Add route' }).click()
      await page.getByRole('radio', { name: /Smarthost/ }).click()
      await page.getByLabel('Host').waitFor()
    },
  ],
  ['relay', () => '/settings/relay', (page) => page.getByText('Fingerprint').waitFor()],
  ['people', () => '/settings/people', (page) => page.getByText('(you)').waitFor()],
  ['appearance', () => '/settings/appearance', (page) => page.getByRole('radio', { name: 'System' }).waitFor()],
  ['about', () => '/settings/about', (page) => page.getByText('MIT licence').waitFor()],
  [
    'palette',
    () => '/queue',
    async (page) => {
      // a key counts once the screen listens, which is when it has something to show
      await page.getByRole('link', { name: 'capture' }).waitFor()
      await page.keyboard.press('Control+k')
      await page.getByRole('option').first().waitFor()
    },
  ],
  [
    'keys',
    () => '/queue',
    async (page) => {
      // a key counts once the screen listens, which is when it has something to show
      await page.getByRole('link', { name: 'capture' }).waitFor()
      await page.keyboard.press('?')
      await page.getByRole('dialog').waitFor()
    },
  ],
  ['welcome, later', () => '/welcome', (page) => page.getByRole('heading', { name: /Where mail goes/ }).waitFor()],
]

test('login and the first step have no faults', async () => {
  const { page } = await visit(browser)
  await page.goto(relay.url)
  await page.getByLabel('Password').waitFor()
  expect(await faults(page)).toEqual([])
  await page.goto(`${fresh.url}/#/welcome?token=${fresh.firstToken}`)
  await page.getByRole('button', { name: 'Continue' }).waitFor()
  expect(await faults(page)).toEqual([])
})

test('no screen has a fault', { timeout: 180_000 }, async () => {
  const { page, complaints } = await visit(browser)
  await logIn(page, relay)
  const found: Record<string, string[]> = {}
  for (const [name, path, look] of screens) {
    await page.evaluate((hash) => {
      location.hash = hash
    }, path())
    await look(page)
    const wrong = await faults(page)
    if (wrong.length > 0) found[name] = wrong
    await page.keyboard.press('Escape')
  }
  expect(found).toEqual({})
  expect(complaints).toEqual([])
})
