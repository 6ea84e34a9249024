import { readFileSync } from 'node:fs'
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, visit } from '../support/browser.ts'
import { type Sink, startSink } from '../support/sink.ts'
import { ConsoleRelay, email, logIn, password } from './support.ts'

let browser: Browser
let relay: ConsoleRelay
let sink: Sink

beforeAll(async () => {
  browser = await launchBrowser()
  sink = await startSink()
  relay = new ConsoleRelay()
  await relay.start()
  await relay.prepare({ kind: 'smarthost', host: '127.0.0.1', port: sink.port, tls: 'none' })
  await relay.send([
    { to: 'tom@kestrel.example', subject: 'Your invoice 20417 is ready' },
    { to: 'pia@kestrel.example', subject: 'Grüße aus Köln' },
    { to: ['ops@heron.example', 'tempfail@heron.example'], subject: 'Order 7 has shipped' },
  ])
  await relay.send([{ to: 'tom@osprey.example', subject: 'Notes on the plan' }], 'northbay')
})

afterAll(async () => {
  await browser?.close()
  await relay?.remove()
  await sink?.stop()
})

const rows = (page: Page) =>
  page
    .getByRole('grid')
    .getByRole('row')
    .filter({ has: page.getByRole('gridcell') })
const filter = (page: Page) => page.getByRole('combobox', { name: 'Filter' })

test('a wrong password is refused in words, the right one opens the page that was asked for', async () => {
  const { page, complaints } = await visit(browser)
  await page.goto(`${relay.url}/#/messages?q=account:northbay`)
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password').fill('not this one at all')
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('alert').waitFor()

  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByText('Notes on the plan').waitFor()
  await expect.poll(() => rows(page).count()).toBe(1)
  expect(complaints).toEqual([])
})

test('the session survives a reload and ends with logging out', async () => {
  const { page } = await visit(browser)
  await logIn(page, relay)
  await page.reload()
  await page.getByText('Notes on the plan').waitFor()

  await page.getByRole('button', { name: /^You:/ }).click()
  await page.getByRole('menuitem', { name: 'Log out' }).click()
  await page.getByLabel('Password').waitFor()
  expect(await page.context().cookies()).toEqual([])
})

test('tokens become chips, words search addresses and subjects, the address keeps the filter', async () => {
  const { page, complaints } = await visit(browser)
  await logIn(page, relay)
  await page.getByText('Notes on the plan').waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('to:@kestrel.example ')
  await page.getByRole('button', { name: 'Remove to:@kestrel.example' }).waitFor()
  await expect.poll(() => rows(page).count()).toBe(2)
  await page.keyboard.type('koln')
  await expect.poll(() => rows(page).count()).toBe(1)
  await page.getByText('Grüße aus Köln').waitFor()

  const second = await page.context().newPage()
  await second.goto(page.url())
  await second.getByText('Grüße aus Köln').waitFor()
  await expect.poll(() => rows(second).count()).toBe(1)

  await page.getByRole('button', { name: 'Clear filter' }).click()
  await expect.poll(() => rows(page).count()).toBe(4)
  expect(complaints).toEqual([])
})

test('keys and values are completed by keyboard', async () => {
  const { page } = await visit(browser)
  await logIn(page, relay)
  await page.keyboard.press('/')
  await page.keyboard.type('acc')
  await page.getByRole('option', { name: /^account:/ }).waitFor()
  await page.keyboard.press('Tab')
  await page.keyboard.type('nor')
  await page.getByRole('option', { name: 'account:northbay' }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Remove account:northbay' }).waitFor()
  await expect.poll(() => rows(page).count()).toBe(1)
})

test('a token that cannot be used is named, with what to write instead', async () => {
  const { page } = await visit(browser)
  await logIn(page, relay)
  await filter(page).fill('since:yesterweek ')
  await expect.poll(() => page.getByRole('alert').innerText()).toMatch(/since:yesterweek cannot be used.*7d/)
})

test('a message says first what became of it, then shows deliveries, dialogue, headers and its last day', async () => {
  const { page, complaints } = await visit(browser)
  await logIn(page, relay)
  await page.getByText('Order 7 has shipped').click()
  const detail = page.getByRole('complementary')
  await expect
    .poll(() => detail.innerText(), { timeout: 10_000 })
    .toMatch(/Delivered to 1 of 2\.\s+The second is deferred/)
  const words = await detail.innerText()
  expect(words).toMatch(/Next try today \d\d:\d\d, gives up on \d+ \w+/)
  expect(words).toMatch(/tempfail@heron\.example/)
  expect(words).toMatch(/RCPT TO:<tempfail@heron\.example>/i)
  expect(words).toMatch(/Deleted on \d+ \w+ 20\d\d/)
  expect(words).toContain('in 70 days')
  await detail.getByRole('radio', { name: 'Raw' }).click()
  await expect.poll(() => detail.innerText()).toMatch(/\r?\nSubject: Order 7 has shipped/)
  expect(complaints).toEqual([])
})

test('the list is walked, opened and left by keyboard', async () => {
  const { page } = await visit(browser)
  await logIn(page, relay)
  await page.getByText('Notes on the plan').waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  const detail = page.getByRole('complementary')
  await detail.waitFor()
  const first = page.url()
  await page.keyboard.press('j')
  await expect.poll(() => page.url()).not.toBe(first)
  await page.keyboard.press('Escape')
  await detail.waitFor({ state: 'detached' })
  expect(page.url()).toBe(`${relay.url}/#/messages`)
})

test('new mail appears by itself; while paused it is only counted', async () => {
  const { page, complaints } = await visit(browser)
  await logIn(page, relay)
  await page.getByText('Notes on the plan').waitFor()
  await relay.send([{ to: 'live@kestrel.example', subject: 'Just arrived' }])
  await page.getByText('Just arrived').waitFor()

  await page.getByRole('button', { name: 'Live' }).click()
  await relay.send([
    { to: 'a@kestrel.example', subject: 'While paused one' },
    { to: 'b@kestrel.example', subject: 'While paused two' },
  ])
  await page.getByRole('button', { name: '2 new' }).waitFor()
  expect(await page.getByText('While paused one').count()).toBe(0)
  await page.getByRole('button', { name: '2 new' }).click()
  await page.getByText('While paused one').waitFor()
  await page.getByText('While paused two').waitFor()
  expect(complaints).toEqual([])
})

test('columns are chosen and ordered, and the choice is remembered', async () => {
  const { page } = await visit(browser)
  await logIn(page, relay)
  const headings = () => page.getByRole('columnheader').allInnerTexts()
  await expect.poll(headings).toEqual(['Accepted', 'Status', 'Account', 'From', 'To', 'Subject', 'Size'])
  await page.getByRole('button', { name: 'Columns' }).click()
  await page.getByRole('checkbox', { name: 'From' }).click()
  await page.getByRole('checkbox', { name: 'ID' }).click()
  await page.getByRole('button', { name: 'Move Subject up' }).click()
  await page.reload()
  await expect.poll(headings).toEqual(['Accepted', 'Status', 'Account', 'Subject', 'To', 'Size', 'ID'])
})

test('the list does not scroll sideways while there is room for its columns', async () => {
  const { page } = await visit(browser)
  await logIn(page, relay)
  const list = page.getByRole('grid')
  await list.getByRole('row').nth(1).waitFor()
  expect(await list.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0)
})

test('what is filtered is exported as a file, by who may, with a row in the audit log', async () => {
  const { page, complaints } = await visit(browser)
  await logIn(page, relay)
  await page.goto(`${relay.url}/#/messages?q=to:tom@kestrel.example`)
  await expect.poll(() => rows(page).count()).toBeGreaterThan(0)
  const { items } = await relay.client.messages.list({ filter: { to: 'tom@kestrel.example' } })
  await page.getByRole('button', { name: 'Export what is shown' }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: /CSV/ }).click()
  const lines = readFileSync(await (await downloading).path(), 'utf8')
    .trimEnd()
    .split('\r\n')
  expect(lines[0]).toBe('account,id,acceptedAt,from,to,subject,messageId,size,status,keepUntil')
  expect(lines.slice(1).map((line) => line.split(',')[1])).toEqual(items.map(({ id }) => id))
  const [row] = (await relay.client.audit.list({ action: 'messages.export' })).rows
  expect(row).toMatchObject({
    actor: email,
    facts: { form: 'csv' },
    details: { filter: { to: 'tom@kestrel.example' } },
  })
  expect(complaints).toEqual([])

  await relay.client.users.add({ email: 'rita@relay.example', role: 'reviewer', password })
  const { page: other } = await visit(browser)
  await logIn(other, relay, '/messages', 'rita@relay.example')
  await expect.poll(() => rows(other).count()).toBeGreaterThan(0)
  expect(await other.getByRole('button', { name: 'Export what is shown' }).count()).toBe(0)
})

test('the palette finds a message by its id', async () => {
  const { page } = await visit(browser)
  await logIn(page, relay, '/queue')
  const { items } = await relay.client.messages.list({ filter: { subject: 'invoice' } })
  const { id } = items[0]!
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder(/Go to, search/).fill(id.toLowerCase())
  await page.getByRole('option', { name: `Open message ${id}` }).click()
  await page.getByRole('complementary').getByRole('heading', { name: 'Your invoice 20417 is ready' }).waitFor()
})
