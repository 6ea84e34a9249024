import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { DeliveryState } from '../../src/model/delivery.ts'
import { launchBrowser, visit } from '../support/browser.ts'
import { type Sink, startSink } from '../support/sink.ts'
import { ConsoleRelay, logIn } from './support.ts'

let browser: Browser
let relay: ConsoleRelay
let sink: Sink

async function inState(state: DeliveryState): Promise<number> {
  const { items } = await relay.client.queue.list({ limit: 100, filter: { state } })
  return items.length
}

beforeAll(async () => {
  browser = await launchBrowser()
  sink = await startSink()
  relay = new ConsoleRelay()
  await relay.start()
  await relay.prepare({ kind: 'smarthost', host: '127.0.0.1', port: sink.port, tls: 'none' })
  await relay.send(
    Array.from({ length: 12 }, (_, i) => ({ to: `tempfail@kestrel${i}.example`, subject: `Waiting ${i}` })),
  )
  await relay.send([{ to: 'tempfail@heron.example', subject: 'Waiting too' }], 'northbay')
  await vi.waitUntil(async () => (await inState('deferred')) === 13, { timeout: 20_000 })
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

test('the queue is grouped by account, and a group opens into its deliveries', async () => {
  const { page, complaints } = await visit(browser)
  await logIn(page, relay, '/queue')
  await page.getByRole('radio', { name: 'Account' }).click()
  const acme = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'acme' }) })
  await expect.poll(() => acme.getByRole('cell').nth(1).innerText()).toBe('12')
  await acme.getByRole('link').click()
  await expect.poll(() => rows(page).count()).toBe(12)
  expect(page.url()).toContain('#/queue?by=account&account=acme')
  expect(complaints).toEqual([])
})

test('selected deliveries are held after a preview, and the hold is undone', async () => {
  const { page, complaints } = await visit(browser)
  await logIn(page, relay, '/queue?all=true')
  await rows(page).nth(0).getByRole('checkbox').click()
  await rows(page)
    .nth(2)
    .getByRole('checkbox')
    .click({ modifiers: ['Shift'] })
  await page.getByText('3 selected').waitFor()
  await page.getByRole('button', { name: 'Hold…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('3 deliveries of 3 messages would change.').waitFor()
  expect(await inState('held')).toBe(0)
  await dialog.getByLabel(/^Reason/).fill('asked by the customer')
  await dialog.getByRole('button', { name: 'Hold 3 deliveries' }).click()
  await page.getByText('3 deliveries held').waitFor()
  const { items: held } = await relay.client.queue.list({ filter: { state: 'held' } })
  expect(held).toHaveLength(3)
  expect(held[0]!.reason).toContain('asked by the customer')

  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Undone').waitFor()
  expect(await inState('held')).toBe(0)
  expect(complaints).toEqual([])
})

test('cancelling all that match needs a reason, and cancels no more than was previewed', async () => {
  const { page } = await visit(browser)
  await logIn(page, relay, '/queue?account=northbay')
  await expect.poll(() => rows(page).count()).toBe(1)
  await page.getByRole('button', { name: 'Cancel…' }).click()
  const dialog = page.getByRole('dialog')
  const go = dialog.getByRole('button', { name: 'Cancel 1 delivery' })
  await go.waitFor()
  expect(await go.isDisabled()).toBe(true)
  await dialog.getByLabel('Reason').fill('sent by mistake')
  await go.click()
  await page.getByText('1 delivery cancelled').waitFor()
  await page.getByText('Nothing here any more').waitFor()
  expect((await relay.client.queue.list({})).items).toHaveLength(12)
})

test('an action that nothing can follow says so and cannot be ordered', async () => {
  const { page } = await visit(browser)
  await logIn(page, relay, '/queue?account=acme')
  await expect.poll(() => rows(page).count()).toBe(12)
  await page.getByRole('button', { name: 'Release…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Nothing would change.').waitFor()
  await dialog.getByText(/^12 others stay as they are/).waitFor()
  expect(await dialog.getByRole('button', { name: 'Release' }).isDisabled()).toBe(true)
})

test('the groups follow the mail by themselves', async () => {
  const { page } = await visit(browser)
  await logIn(page, relay, '/queue?by=account')
  const total = page
    .getByRole('row')
    .filter({ has: page.getByRole('link', { name: 'acme' }) })
    .getByRole('cell')
    .nth(1)
  await expect.poll(() => total.innerText()).toBe('12')
  await relay.send([{ to: 'tempfail@late.example', subject: 'One more' }])
  await expect.poll(() => total.innerText(), { timeout: 10_000 }).toBe('13')
})

test('an unfinished message is acted upon from its own page', async () => {
  const { page } = await visit(browser)
  await logIn(page, relay)
  await page.getByText('Waiting 3', { exact: true }).click()
  const detail = page.getByRole('complementary')
  await detail.getByRole('button', { name: 'Hold' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Hold 1 delivery' }).click()
  await expect.poll(() => detail.innerText()).toMatch(/Not delivered yet\.\s+It is held/)
})
