import type { Browser } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, visit } from '../support/browser.ts'
import { ConsoleRelay, email, password } from './support.ts'

let browser: Browser
let relay: ConsoleRelay

beforeAll(async () => {
  browser = await launchBrowser()
  relay = new ConsoleRelay()
  await relay.start()
})

afterAll(async () => {
  await browser?.close()
  await relay?.remove()
})

test('a fresh relay leads from the one-time link to the first message arriving', async () => {
  const { page, complaints } = await visit(browser)
  await page.goto(`${relay.url}/#/welcome?token=${relay.firstToken}`)
  await page.getByLabel('Name', { exact: true }).fill('Ines Vogel')
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Continue' }).click()

  await page.getByRole('radio', { name: /Capture/ }).click()
  await page.getByRole('button', { name: 'Use this route' }).click()

  await page.getByLabel('Account name').fill('acme')
  await page.getByLabel('Sender domain').fill('acme.example')
  await page.getByRole('button', { name: 'Create account and credential' }).click()
  await expect
    .poll(() => page.getByRole('region', { name: 'swaks' }).innerText())
    .toContain(`127.0.0.1:${relay.smtpPort}`)

  await page.getByRole('button', { name: 'Send a test message' }).click()
  await page.getByText(/The relay answered: 250/).waitFor()
  await page.getByRole('link', { name: 'Open in Messages' }).click()

  await page.getByRole('complementary').getByText('test@acme.example').first().waitFor()
  expect(await page.context().cookies()).toMatchObject([{ name: 'mailward_session', httpOnly: true }])
  expect(complaints).toEqual([])
})

test('without the one-time link a fresh relay explains where to find it', async () => {
  const other = new ConsoleRelay()
  try {
    await other.start()
    const { page } = await visit(browser)
    await page.goto(other.url)
    await page.getByText(/one-time link that “mailward serve” printed/).waitFor()
  } finally {
    await other.remove()
  }
})
