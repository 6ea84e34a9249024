import { join } from 'node:path'
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, visit } from '../support/browser.ts'
import { ConsoleRelay, logIn } from './support.ts'

let browser: Browser
let relay: ConsoleRelay

beforeAll(async () => {
  browser = await launchBrowser()
  relay = new ConsoleRelay()
  await relay.start()
  await relay.prepare()
  await relay.send([{ to: 'tom@kestrel.example', subject: 'Your invoice 20417 is ready' }])
})

afterAll(async () => {
  await browser?.close()
  await relay?.remove()
})

async function enter(path: string): Promise<Page> {
  const { page } = await visit(browser)
  await logIn(page, relay, path)
  return page
}

test('a backup is made into a folder, and says until when it may exist', async () => {
  const page = await enter('/settings/backups')
  await page.getByText('No backups have been made.').waitFor()
  await page.getByRole('button', { name: 'Make a backup…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Folder' }).fill(relay.folder)
  await dialog.getByRole('button', { name: 'Make backup' }).click()
  await dialog.getByRole('alert').waitFor()

  const folder = join(relay.root, 'backups/monday')
  await dialog.getByRole('textbox', { name: 'Folder' }).fill(folder)
  await dialog.getByRole('button', { name: 'Make backup' }).click()
  await page.getByRole('row').filter({ hasText: folder }).getByText('1 header', { exact: true }).waitFor()
  const [backup] = await relay.client.keys.backups()
  expect(backup).toMatchObject({ folder, present: true })
  const day = new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'Europe/Berlin',
  })
  await page.getByRole('cell', { name: day.format(new Date(backup!.destroyBy)) }).waitFor()
})

test('the seal key is replaced by one behind a passphrase, and then only with it', async () => {
  const page = await enter('/settings/keys')
  await page.getByText('a key file outside the data folder').waitFor()
  await page.getByRole('button', { name: 'Replace seal key…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: /Behind a passphrase/ }).click()
  await dialog.getByLabel('New passphrase', { exact: true }).fill('seven quiet herons at noon')
  await dialog.getByLabel('New passphrase, again').fill('seven quiet herons')
  await dialog.getByText('The two are not the same.').waitFor()
  await dialog.getByLabel('New passphrase, again').fill('seven quiet herons at noon')
  await dialog.getByLabel('Reason').fill('an admin has left')
  await dialog.getByRole('button', { name: 'Replace key' }).click()
  await page.getByText('behind a passphrase', { exact: true }).waitFor()

  await page.getByRole('button', { name: 'Replace seal key…' }).click()
  await dialog.getByLabel('Passphrase of the present key').fill('something else entirely')
  await dialog.getByRole('radio', { name: /Without a passphrase/ }).click()
  await dialog.getByLabel('Reason').fill('back to the file')
  await dialog.getByRole('button', { name: 'Replace key' }).click()
  await dialog.getByRole('alert').waitFor()
  expect((await relay.client.keys.sealKey()).keys).toBe('passphrase')
})

test('thresholds are set in percent, with a reason', async () => {
  const page = await enter('/settings/policy')
  await page.getByText('1 message in 1,000').waitFor()
  await page.getByRole('button', { name: 'Change…', exact: true }).click()
  await page.getByLabel('Bounce rate over').fill('120')
  await page.getByText('A number from 0 to 100.').waitFor()
  await page.getByLabel('Bounce rate over').fill('7.5')
  await page.getByLabel('Complaint rate over').fill('0.07')
  await page.getByLabel('Reason').fill('large providers ask for less')
  await page.getByRole('button', { name: 'Set thresholds' }).click()
  await page.getByText('7.5 %').waitFor()
  expect(await relay.client.trust.thresholds()).toMatchObject({ bounceRate: 0.075, complaintRate: 0.0007 })
})
