/** The review desk with many cases and samples, by keyboard alone, and as axe judges it. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { formatId } from '../../src/model/id.ts'
import { openConnection } from '../../src/store/sqlite/thread/connection.ts'
import { Client as SmtpClient } from '../submission/support/client.ts'
import { launchBrowser, visit } from '../support/browser.ts'
import { faultsOf, type Screen } from './faults.ts'
import { ConsoleRelay, email, logIn, password } from './support.ts'

const CASES = 500
const SAMPLES = 5000
const DAY_MS = 86_400_000

let browser: Browser
let relay: ConsoleRelay

/** Sealed samples as they stand in the table; nothing of them is opened here. */
function addSamples(): void {
  const key = Buffer.from(readFileSync(relay.keyFile, 'utf8').trim(), 'hex')
  const database = openConnection({ path: join(relay.folder, 'mailward.db'), key, cacheKiB: 1024 })
  const insert = database.prepare(
    `INSERT INTO sample (message, account, block, position, accepted_at, keep_until, day, size, domains, score, flagged)
     VALUES (?, 2, ?, ?, ?, ?, ?, 4000, '["kestrel.example"]', ?, ?)`,
  )
  const newest = Date.now() - 60_000
  database.transaction(() => {
    for (let i = 0; i < SAMPLES; i++) {
      const at = newest - i * 1000
      const day = new Date(at).toISOString().slice(0, 10)
      insert.run(at * 4096, i, i % 1000, at, at + 70 * DAY_MS, day, i % 60, i % 60 > 50 ? 1 : 0)
    }
  })()
  database.close()
}

/** A stranger's letter to the desk, from a network of its own: nobody can say which message it is about. */
async function complain(from: string): Promise<void> {
  const client = await SmtpClient.open(relay.smtpPort, '127.0.0.1', from)
  await client.expect('250', 'EHLO reporter.example')
  expect(
    await client.submit('Subject: spam\r\n\r\nStop it.\r\n', 'ann@reporter.example', ['abuse@relay.test']),
  ).toMatch(/^250/)
  client.close()
}

beforeAll(async () => {
  browser = await launchBrowser()
  relay = new ConsoleRelay()
  await relay.start()
  await relay.prepare()
  await relay.stop()
  addSamples()
  await relay.start()
  const { client } = relay
  await client.openings.setPolicy({ ...(await client.openings.policy()), brake: 0, reason: 'by hand here' })
  await client.users.add({ email: 'sam@mailward.example', role: 'reviewer', password })
  await client.users.add({ email: 'mara@mailward.example', role: 'auditor', password })
  await client.accounts.add({ name: 'quill', contact: 'ops@quill.example', domains: ['quill.example'] })
  for (const note of ['a bank rang', 'a recipient wrote']) await client.signals.report({ account: 'quill', note })
  const signal = await client.signals.report({ account: 'northbay', note: 'odd letters' })
  for (let done = 0; done < CASES; done += 20) {
    const notes = Array.from({ length: 20 }, (_, i) => `a letter, number ${done + i}`)
    await Promise.all(
      notes.map((note) => client.cases.open({ account: done < 20 ? 'northbay' : 'acme', reason: 'spam', note })),
    )
  }
  await client.cases.addSignals({ id: 1, signals: [signal.id] })
  await complain('127.0.1.1')
  await complain('127.0.2.1')
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await relay?.remove()
})

const rows = (page: Page, list: RegExp | string) =>
  page
    .getByRole('grid', { name: list })
    .getByRole('row')
    .filter({ has: page.getByRole('gridcell') })

/** Scrolls a list to its end, and says what stands there and how many rows are drawn. */
async function end(page: Page, list: string): Promise<{ words: string; drawn: number }> {
  const grid = page.getByRole('grid', { name: list })
  const scroll = () =>
    grid.evaluate((element) => {
      element.scrollTop = element.scrollHeight
      return Number(element.getAttribute('aria-rowcount'))
    })
  await expect.poll(scroll).toBeGreaterThan(0)
  const total = await scroll()
  await grid.locator(`[aria-rowindex="${total}"]`).waitFor()
  return {
    words: await grid.locator(`[aria-rowindex="${total}"]`).innerText(),
    drawn: await rows(page, list).count(),
  }
}

test('500 cases and 5,000 samples are drawn a screenful at a time', { timeout: 60_000 }, async () => {
  const { page, complaints } = await visit(browser, { width: 1920, height: 1080 })
  await logIn(page, relay, '/review/1')
  await page.getByText('5,000 samples').waitFor()
  const cases = await end(page, 'Cases, those that wait longest first')
  expect(cases.words).toMatch(/#500/)
  expect(cases.drawn).toBeLessThan(100)
  const samples = await end(page, 'Sealed samples, flagged ones first')
  expect(samples.drawn).toBeLessThan(60)
  expect(complaints).toEqual([])
})

test('ten cases are worked through by keyboard alone', { timeout: 90_000 }, async () => {
  const { page, complaints } = await visit(browser)
  await logIn(page, relay, '/messages')
  const press = (key: string) => page.keyboard.press(key)
  const dialog = page.getByRole('dialog')
  await page.locator('body').click()
  await press('g')
  await press('v')
  await rows(page, /Cases/).filter({ hasText: '#2' }).first().waitFor()
  for (let at = 0; at < 10; at++) {
    await press('j')
    if (at === 0) await press('Enter')
    await page.getByRole('button', { name: 'Decide…' }).waitFor()
    const title = await page.getByRole('heading', { name: /^Case \d+$/ }).innerText()
    await press('t')
    await page.getByRole('button', { name: 'Take it' }).waitFor({ state: 'detached' })
    await press(['b', 'n', 'u'][at % 3]!)
    await dialog.waitFor()
    await page.keyboard.type('the evidence is plain')
    await press('Enter')
    if (at % 3 === 0) {
      // a breach goes on to what follows
      await page.getByText('What follows for').waitFor()
      await press('Escape')
    }
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Close case…' }).waitFor()
    await press('e')
    await dialog.waitFor()
    await press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Open again…' }).waitFor()
    expect(title).toBe(await page.getByRole('heading', { name: /^Case \d+$/ }).innerText())
  }
  const { cases } = await relay.client.cases.list({ status: 'closed' })
  expect(cases).toHaveLength(10)
  expect(new Set(cases.map(({ verdict }) => verdict))).toEqual(new Set(['breach', 'no breach', 'unclear']))
  expect(cases.every(({ owner }) => owner === email)).toBe(true)
  expect(complaints).toEqual([])
})

test('an auditor reads and changes nothing', async () => {
  const { page } = await visit(browser)
  await logIn(page, relay, '/review/30', 'mara@mailward.example')
  await page.getByRole('heading', { name: 'Case 30' }).waitFor()
  for (const name of ['Take it', 'Decide…', 'Add note…', 'New case…'])
    expect(await page.getByRole('button', { name }).count()).toBe(0)
  await page.keyboard.press('b')
  expect(await page.getByRole('dialog').count()).toBe(0)
})

test('no part of the screen has a fault', { timeout: 240_000 }, async () => {
  const { client } = relay
  const [flagged] = (await client.cases.get({ id: 20 })).samples
  await client.users.add({ email: 'second@mailward.example', role: 'reviewer', password })
  const open = await client.cases.open({ account: 'northbay', reason: 'fraud', note: 'another' })
  const asked = await client.openings.request({
    case: open.id,
    sample: flagged?.id ?? formatId(0),
    reason: 'what it says',
    override: 'two people rang',
  })
  const { page, complaints } = await visit(browser)
  await logIn(page, relay, '/review', 'sam@mailward.example')
  const dialogs: [string, string, RegExp][] = [
    ['note', 'w', /Add a note/],
    ['verdict', 'b', /Verdict on case/],
    ['action', 'a', /What follows for/],
    ['new case', 'c', /Open a case/],
    ['keys', '?', /Keyboard shortcuts/],
  ]
  const screens: Screen[] = [
    ['list', () => '/review', (each) => each.getByRole('region', { name: 'Suggested cases' }).waitFor()],
    ['a case', () => '/review/20', (each) => each.getByText('5,000 samples').waitFor()],
    ['approval', () => `/review/${open.id}?opening=${asked.id}`, (each) => each.getByText('what it says').waitFor()],
    ['no such case', () => '/review/99999', (each) => each.getByText('There is no case of this number').waitFor()],
    [
      'a signal without an account',
      () => '/review',
      async (each) => {
        await each
          .getByRole('button', { name: /^Look at signal/ })
          .first()
          .click()
        await each.getByRole('dialog').getByText('Give it to an account').waitFor()
      },
    ],
    ['closed', () => '/review?view=closed', (each) => rows(each, /Cases/).nth(2).waitFor()],
    ['nothing decided', () => '/review?view=decided', (each) => each.getByText('No case waits to be closed').waitFor()],
    ['unknown account', () => '/review?account=nobody', (each) => each.getByText(/There is no account/).waitFor()],
    ...dialogs.map(
      ([name, key, title]): Screen => [
        name,
        () => '/review/30',
        async (each) => {
          await each.getByRole('heading', { name: 'Case 30' }).waitFor()
          await each.locator('main').focus()
          await each.keyboard.press(key)
          await each.getByRole('dialog').getByText(title).first().waitFor()
        },
      ],
    ),
    [
      'ask',
      () => '/review/20',
      async (each) => {
        await each.getByText('5,000 samples').waitFor()
        await each.keyboard.press('o')
        await each.getByRole('dialog').getByText('Ask to open a sample').waitFor()
      },
    ],
    ['access report', () => '/accounts/acme?tab=report', (each) => each.getByText(/was ever opened/).waitFor()],
    ['policy', () => '/settings/review', (each) => each.getByText('Suspicion needed').waitFor()],
  ]
  expect(await faultsOf(page, screens)).toEqual({})
  expect(complaints).toEqual([])
})

test('signals without an account are given to one and a case, or dismissed', { timeout: 60_000 }, async () => {
  const { page, complaints } = await visit(browser)
  await logIn(page, relay, '/review')
  const section = page.getByRole('region', { name: 'Without an account' })
  const looks = section.getByRole('button', { name: /^Look at signal/ })
  await expect.poll(() => looks.count()).toBe(2)
  await looks.first().click()
  await page.getByText('no record is known').waitFor()
  await page.getByLabel('Account', { exact: true }).last().fill('northbay')
  await page.getByLabel('Case', { exact: true }).selectOption('20')
  await page.getByRole('button', { name: 'Give to the account' }).click()
  await expect.poll(() => looks.count()).toBe(1)
  expect((await relay.client.signals.list({ case: 20 })).signals).toMatchObject([
    { account: 'northbay', kind: 'complaint' },
  ])

  await looks.first().click()
  await page.getByRole('radio', { name: /Dismiss it/ }).click()
  await page.getByLabel('Reason', { exact: true }).fill('an advert of their own')
  await page.keyboard.press('Enter')
  await section.waitFor({ state: 'detached' })
  // while the dialog is open the region is hidden, which looks like gone
  await expect.poll(async () => (await relay.client.signals.list({ unmatched: true })).signals).toEqual([])
  expect(complaints).toEqual([])
})

test('an admin changes the policy of review and the reasons, with a reason', { timeout: 60_000 }, async () => {
  const { page, complaints } = await visit(browser)
  await logIn(page, relay, '/settings/review')
  await page.getByRole('button', { name: 'Change… Opening samples' }).click()
  await page.getByLabel('Suspicion needed').fill('60')
  await page.getByRole('textbox', { name: 'Reason', exact: true }).fill('the board asked for it')
  expect(await faultsOf(page, [['form', () => '/settings/review', async () => {}]])).toEqual({})
  await page.getByRole('button', { name: 'Change… Opening samples' }).click()
  await page.getByLabel('Suspicion needed').fill('60')
  await page.getByRole('textbox', { name: 'Reason', exact: true }).fill('the board asked for it')
  await page.getByRole('button', { name: 'Set policy' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await relay.client.openings.policy()).toMatchObject({ threshold: 60, viewMinutes: 10 })
  await page.getByRole('button', { name: 'Change… Reasons of cases' }).click()
  await page.getByRole('button', { name: 'Add reason' }).click()
  await page.getByLabel('Short name of reason 7').fill('Gambling ads')
  await page.getByLabel('Sentence of reason 7').fill('Advertising for games of chance')
  await page.getByRole('textbox', { name: 'Reason', exact: true }).fill('new terms')
  await page.getByRole('button', { name: 'Set reasons' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect((await relay.client.cases.reasons()).at(-1)).toEqual({
    code: 'gambling-ads',
    text: 'Advertising for games of chance',
  })
  expect(complaints).toEqual([])
})
