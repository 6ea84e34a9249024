import { readFileSync } from 'node:fs'
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, visit } from '../support/browser.ts'
import { StoreFixture } from '../support/storeFixture.ts'
import { faultsOf, type Screen } from './faults.ts'
import { ConsoleRelay, logIn, password } from './support.ts'

const DAY = 86_400_000
const DAYS = 69

let browser: Browser
let relay: ConsoleRelay

/** Two messages a day, from 69 days ago to today. */
async function fillDays(): Promise<void> {
  const key = Buffer.from(readFileSync(relay.keyFile, 'utf8').trim(), 'hex')
  const now = Date.now()
  const fixture = await StoreFixture.on(relay.folder, key, now)
  for (let ago = DAYS; ago >= 0; ago--) {
    for (const minutes of [2, 1]) await fixture.deliver({ acceptedAt: now - ago * DAY - minutes * 60_000 })
  }
  await fixture.archived(2 * DAYS)
  await fixture.close()
}

beforeAll(async () => {
  browser = await launchBrowser()
  relay = new ConsoleRelay()
  await relay.start()
  await relay.prepare()
  await relay.stop()
  await fillDays()
  await relay.start()
  for (const role of ['operator', 'reviewer', 'auditor'] as const) {
    await relay.client.users.add({ email: `${role}@mailward.example`, role, password })
  }
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await relay?.remove()
})

async function enter(path: string): Promise<{ page: Page; complaints: string[] }> {
  const { page, complaints } = await visit(browser)
  await logIn(page, relay, path)
  return { page, complaints }
}

async function enterAs(role: 'operator' | 'reviewer' | 'auditor', path: string): Promise<Page> {
  const { page } = await visit(browser)
  await page.goto(`${relay.url}/#${path}`)
  await page.getByLabel('E-mail address').fill(`${role}@mailward.example`)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('heading', { name: 'Retention' }).waitFor()
  return page
}

const strip = (page: Page) => page.getByRole('group', { name: /^Days kept/ })

test('no part of the screen has a fault', { timeout: 120_000 }, async () => {
  const { page, complaints } = await enter('/retention')
  const screens: Screen[] = [
    ['promise', () => '/retention', (each) => strip(each).waitFor()],
    [
      'days as a table',
      () => '/retention',
      async (each) => {
        await each.getByRole('radio', { name: 'Table' }).click()
        await each.getByRole('columnheader', { name: 'Goes at' }).waitFor()
      },
    ],
    ['dry run', () => '/retention?ask=plan', (each) => each.getByText(/^As of/).waitFor()],
    ['run now', () => '/retention?ask=run', (each) => each.getByText(/^Nothing is overdue/).waitFor()],
    ['no receipts', () => '/retention/receipts', (each) => each.getByText('No receipts yet').waitFor()],
    ['no holds', () => '/retention/holds', (each) => each.getByText('No legal holds').waitFor()],
    [
      'place a hold',
      () => '/retention/holds?ask=hold',
      async (each) => {
        await each.getByRole('radio', { name: /A time range/ }).click()
        await each.getByLabel('From, local time').waitFor()
      },
    ],
  ]
  expect(await faultsOf(page, screens)).toEqual({})
  expect(complaints).toEqual([])
})

test('every sentence of the promise stands there with what was found', async () => {
  const { page, complaints } = await enter('/retention')
  const { checks } = await relay.client.retention.overview()
  await page.getByText(`all ${checks.length} hold`).waitFor()
  const rows = page.getByRole('table').getByRole('row')
  for (const { sentence } of checks) expect(await rows.filter({ hasText: sentence }).count()).toBe(1)
  expect(await rows.filter({ hasText: 'holds' }).count()).toBeGreaterThanOrEqual(checks.length)
  expect(complaints).toEqual([])
})

test('a bar of the strip says its day, is moved to by arrow keys, and opens its messages', async () => {
  const { page } = await enter('/retention')
  const bars = strip(page).getByRole('button')
  await expect.poll(() => bars.count()).toBeGreaterThanOrEqual(70)
  const { days } = await relay.client.retention.overview()
  const oldest = days.at(-1)!
  const first = bars.filter({ hasText: '' }).and(page.locator('[tabindex="0"]'))
  expect(await first.getAttribute('aria-label')).toContain('2 header records')
  await first.focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.url()).toContain(`since%3A${oldest.day}`)
  await expect.poll(() => page.getByRole('grid').getByRole('row').count()).toBe(3)
})

test('a dry run shows what would go at another moment, and changes nothing', async () => {
  const { page } = await enter('/retention')
  await page.getByRole('button', { name: 'What would go now' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Nothing would go.').waitFor()
  expect(page.url()).toContain('ask=plan')
  await dialog.getByRole('radio', { name: 'Another moment' }).click()
  const moment = new Date(Date.now() + 5 * DAY)
  const plan = await relay.client.retention.plan({ at: moment.toISOString() })
  expect(plan.headers).toBeGreaterThan(0)
  // the browser is in Berlin
  const local = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Europe/Berlin',
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(moment)
  await dialog.getByLabel('Moment, local time').fill(local.replace(' ', 'T'))
  await dialog.getByRole('row', { name: new RegExp(`^Together ${plan.headers} `) }).waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  expect(page.url()).not.toContain('ask')
  expect((await relay.client.retention.receipts({})).receipts).toEqual([])
})

test('roles: what one may not do or see is not there', async () => {
  const operator = await enterAs('operator', '/retention/holds')
  await strip(operator).waitFor()
  const words = ['Run now…', 'Place a hold…', /^Keep \d/]
  for (const name of words) expect(await operator.getByRole('button', { name }).count()).toBe(0)
  const navigation = operator.getByRole('navigation', { name: 'Screens' })
  expect(await navigation.getByRole('link', { name: 'Audit' }).count()).toBe(0)
  expect(await operator.getByRole('link', { name: 'Holds' }).count()).toBe(0)
  const auditor = await enterAs('auditor', '/retention/holds')
  await auditor.getByText('No legal holds').waitFor()
  for (const name of words) expect(await auditor.getByRole('button', { name }).count()).toBe(0)
  const reviewer = await enterAs('reviewer', '/retention')
  await reviewer.getByRole('link', { name: 'Holds' }).waitFor()
  for (const name of words) expect(await reviewer.getByRole('button', { name }).count()).toBe(0)
})

test('a hold is placed, is found by its address, and is released with a reason', async () => {
  const { page, complaints } = await enter('/retention/holds')
  await page.getByText('No legal holds').waitFor()
  await page.getByRole('button', { name: 'Place a hold…' }).first().click()
  const dialog = page.getByRole('dialog')
  const go = dialog.getByRole('button', { name: 'Place hold' })
  await dialog.getByRole('radio', { name: /An address/ }).click()
  await dialog.getByLabel('E-mail address').fill('tom@kestrel.example')
  expect(await go.isDisabled()).toBe(true)
  await dialog.getByLabel('Reason').fill('Court order 4 O 17/26')
  await go.click()
  const pane = page.getByRole('complementary', { name: 'Hold 1' })
  await pane.getByText('Court order 4 O 17/26').waitFor()
  expect(page.url()).toContain('/retention/holds/1')
  expect(await page.getByRole('dialog').count()).toBe(0)

  await pane.getByRole('button', { name: 'Release…' }).click()
  await dialog.getByLabel('Reason').fill('Case closed')
  await dialog.getByRole('button', { name: 'Release hold' }).click()
  await pane.getByText('Case closed').waitFor()
  const [hold] = await relay.client.retention.holds()
  expect(hold).toMatchObject({
    releaseReason: 'Case closed',
    scope: { kind: 'address', address: 'tom@kestrel.example' },
  })
  await page.keyboard.press('Escape')
  await pane.waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
})

test('fewer days: first what would go, then the order with a reason, then receipts', { timeout: 60_000 }, async () => {
  const { page, complaints } = await enter('/retention')
  await strip(page).waitFor()
  const plan = await relay.client.retention.plan({ days: 60 })
  await page.getByRole('spinbutton', { name: 'Number of days' }).fill('60')
  await page.getByText(new RegExp(`^Would go at once: ${plan.days.length} days with ${plan.headers} header`)).waitFor()
  await page.getByText('would go', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Keep 60 days…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText(/cannot be undone/).waitFor()
  await dialog.getByLabel('Reason').fill('Decision of the board')
  await dialog.getByRole('button', { name: 'Set' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('heading', { name: /^60 days:/ }).waitFor()
  await expect.poll(async () => (await relay.client.retention.receipts({})).receipts.length).toBe(plan.days.length)

  await page.getByRole('link', { name: 'Receipts' }).click()
  const rows = page.getByRole('grid').getByRole('row')
  await expect.poll(() => rows.count()).toBe(plan.days.length + 1)
  await page.getByRole('grid').focus()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  const newest = (await relay.client.retention.receipts({})).receipts[0]!
  const pane = page.getByRole('complementary', { name: `Receipt ${newest.id}` })
  await pane.getByText(newest.digest).waitFor()
  await pane.getByText(newest.signature).waitFor()
  expect(await pane.innerText()).toContain('were found right just now')
  expect(page.url()).toContain(`/retention/receipts/${newest.id}`)

  const screens: Screen[] = [
    ['a receipt', () => '/retention/receipts/1', (each) => each.getByText('Ed25519 signature').waitFor()],
    ['a hold', () => '/retention/holds/1', (each) => each.getByText('Why released').waitFor()],
  ]
  expect(await faultsOf(page, screens)).toEqual({})
  expect(complaints).toEqual([])
})

test('a receipt that is not there is said not to be', async () => {
  const { page } = await enter('/retention/receipts/4711')
  await page.getByText('There is no receipt of this number').waitFor()
})

test('a run is ordered after a preview, and leaves a row in the audit log', async () => {
  const { page } = await enter('/retention')
  await page.getByRole('button', { name: 'Run now…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText(/^Nothing is overdue/).waitFor()
  await dialog.getByRole('button', { name: 'Run' }).click()
  await page.getByText(/^Run finished/).waitFor()
  const { rows } = await relay.client.audit.list({ action: 'retention.run' })
  expect(rows).toHaveLength(1)
})
