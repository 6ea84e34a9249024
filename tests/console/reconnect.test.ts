import type { Browser } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, visit } from '../support/browser.ts'
import { ConsoleRelay, logIn } from './support.ts'

let browser: Browser
let relay: ConsoleRelay

beforeAll(async () => {
  browser = await launchBrowser()
  relay = new ConsoleRelay()
  await relay.start()
  // nothing listens there, so that mail waits in the queue
  await relay.prepare({ kind: 'smarthost', host: '127.0.0.1', port: 1, tls: 'none' })
  await relay.send([{ to: 'tom@kestrel.example', subject: 'Before the restart' }])
})

afterAll(async () => {
  await browser?.close()
  await relay?.remove()
})

test('when the relay goes away the list stays, the loss is said, and everything is live again after its return', async () => {
  const { page, complaints } = await visit(browser)
  await logIn(page, relay)
  await page.getByText('Before the restart').waitFor()

  await relay.kill()
  await page.getByText(/Connection lost/).waitFor()
  await page.getByText('Before the restart').waitFor()

  await relay.start()
  await page.getByText(/Connection lost/).waitFor({ state: 'detached' })
  await page.getByText('Relay running').waitFor()
  await relay.send([{ to: 'tom@kestrel.example', subject: 'After the restart' }])
  await page.getByText('After the restart').waitFor()
  expect(complaints).toEqual([])
})

test('what arrived while the line was down is there after the reconnect', async () => {
  const { page } = await visit(browser)
  await logIn(page, relay)
  await page.getByText('Before the restart').waitFor()
  await page.context().setOffline(true)
  await relay.kill()
  await page.getByText(/Connection lost/).waitFor()
  await relay.start()
  await relay.send([{ to: 'tom@kestrel.example', subject: 'While nobody listened' }])
  await page.context().setOffline(false)
  await page.getByText('While nobody listened').waitFor()
})

test('a list that could not be read while the line was down is read after the reconnect', async () => {
  const { page } = await visit(browser)
  await logIn(page, relay)
  await page.getByText('Before the restart').waitFor()
  await relay.kill()
  await page.getByText(/Connection lost/).waitFor()
  await page.evaluate(() => {
    location.hash = '/messages?q=subject:before'
  })
  await page.getByRole('alert').waitFor()
  await relay.start()
  await page.getByRole('alert').waitFor({ state: 'detached' })
  await page.getByText('Before the restart').waitFor()
  await expect.poll(() => page.getByRole('gridcell', { name: 'Before the restart' }).count()).toBe(1)
})

test('an order given while the line is down fails at once, and is not carried out later', async () => {
  const { page } = await visit(browser)
  await logIn(page, relay, '/queue?all=true')
  await page.getByRole('button', { name: 'Hold…' }).click()
  const dialog = page.getByRole('dialog')
  const go = dialog.getByRole('button', { name: /^Hold \d/ })
  await go.waitFor()
  await relay.kill()
  await page.getByText(/Connection lost/).waitFor({ state: 'attached' })
  await go.click()
  await dialog.getByText('The relay did not answer.').waitFor()
  await relay.start()
  await page.getByText(/Connection lost/).waitFor({ state: 'detached' })
  const { items } = await relay.client.queue.list({})
  expect(items.filter((item) => item.state === 'held')).toEqual([])
})
