import type { Browser, Page } from '@playwright/test'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, visit } from '../support/browser.ts'
import { accountPassword, ConsoleRelay, logIn, password } from './support.ts'

let browser: Browser
let relay: ConsoleRelay

beforeAll(async () => {
  browser = await launchBrowser()
  relay = new ConsoleRelay()
  await relay.start()
  await relay.prepare()
  // a full block: exactly one of these was drawn and sealed
  await relay.send(Array.from({ length: 1000 }, (_, i) => ({ to: `p${i}@kestrel.example`, subject: `Invoice ${i}` })))
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await relay?.remove()
})

async function enter(path: string): Promise<Page> {
  const { page } = await visit(browser)
  await logIn(page, relay, path)
  return page
}

async function loginAs(role: 'operator' | 'auditor', path: string): Promise<Page> {
  const email = `${role}@mailward.example`
  await relay.client.users.add({ email, role, password })
  const { page } = await visit(browser)
  await page.goto(`${relay.url}/#${path}`)
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('navigation', { name: 'Parts of acme' }).waitFor()
  return page
}

function row(page: Page, name: string) {
  return page.getByRole('grid', { name: 'Accounts' }).getByRole('row', { name: new RegExp(`^${name} `) })
}

/** What the listener answers to a client of the account. */
async function answerTo(account: string): Promise<string> {
  const transport = createTransport({
    host: '127.0.0.1',
    port: relay.smtpPort,
    tls: { rejectUnauthorized: false },
    auth: { user: account, pass: accountPassword },
  })
  const from = `ops@${account}.example`
  try {
    return (await transport.sendMail({ from, to: 'tom@kestrel.example', subject: 'x', text: 'x' })).response
  } catch (error) {
    return error instanceof Error && 'response' in error ? String(error.response) : String(error)
  } finally {
    transport.close()
  }
}

test('the list shows volume, and narrows to what the filter names', async () => {
  const page = await enter('/accounts')
  await row(page, 'acme').getByText('1,000', { exact: true }).waitFor()
  await row(page, 'acme')
    .getByRole('img', { name: /^1,000 messages in 30 days/ })
    .waitFor()

  await page.getByRole('searchbox', { name: 'Filter accounts' }).fill('northbay.example')
  await row(page, 'acme').waitFor({ state: 'detached' })
  expect(await row(page, 'northbay').count()).toBe(1)
  expect(new URL(page.url()).hash).toContain('q=northbay.example')

  await page.getByRole('searchbox', { name: 'Filter accounts' }).fill('nobody')
  await page.getByRole('button', { name: 'Show all accounts' }).click()
  await row(page, 'acme').waitFor()
})

test('each part of an account has an address that can be opened again', async () => {
  const page = await enter('/accounts/acme')
  await page.getByText('ops@acme.example').waitFor()
  await page.getByRole('link', { name: 'Credentials' }).click()
  await page.getByRole('heading', { name: 'Credentials' }).waitFor()
  await page.reload()
  await page.getByRole('heading', { name: 'Credentials' }).waitFor()
  expect(await page.getByRole('link', { name: 'Credentials' }).getAttribute('aria-current')).toBe('page')
})

test('samples are listed without content, and lead to their messages', async () => {
  const page = await enter('/accounts/acme?tab=samples')
  const sample = page.getByRole('grid', { name: 'Sealed samples, newest first' }).getByRole('row').nth(1)
  await sample.getByText('kestrel.example').waitFor()
  await page.getByText('1 sample stored').waitFor()
  await sample.getByRole('link').click()
  await page.getByText(/Stored whole as a sealed sample/).waitFor()
})

test('trust is decided in a form, checked once more, and its samples are destroyed with a receipt', async () => {
  const page = await enter('/accounts/acme?tab=trust')
  await page.getByText('Not trusted.').waitFor()
  await page.getByRole('button', { name: 'Decide…' }).click()
  const dialog = page.getByRole('dialog')
  expect(await dialog.getByRole('button', { name: 'Continue' }).isDisabled()).toBe(true)
  await dialog.getByLabel('Requested by').fill('Pia Lang')
  await dialog.getByLabel('Reason', { exact: true }).fill('Legal mail; clean record.')
  await dialog.getByRole('radio', { name: /Destroy now/ }).click()
  await dialog.getByRole('button', { name: 'Continue' }).click()

  await dialog.getByText(/1 sample is destroyed now, for good/).waitFor()
  expect((await relay.client.trust.get({ name: 'acme' })).trusted).toBe(false)
  await dialog.getByRole('button', { name: 'Decide and destroy 1 sample' }).click()

  await page.getByText('Trusted.', { exact: true }).waitFor()
  await page.getByText('1 sample destroyed, receipt 1', { exact: true }).waitFor()
  expect((await relay.client.samples.list({ account: 'acme' })).samples).toEqual([])
  await page.getByRole('button', { name: /Trust given.*Legal mail/ }).click()
  await page.getByRole('button', { name: /Trust given/, expanded: true }).waitFor()
})

test('a complaint that a person enters ends trust where it crosses the threshold', async () => {
  const page = await enter('/accounts/acme?tab=complaints')
  for (const note of ['A letter from Mr Tern.', 'A call from Ms Wren.']) {
    await page.getByRole('button', { name: 'Enter a complaint…' }).click()
    await page.getByLabel('What was said').fill(note)
    await page.getByRole('button', { name: 'Enter complaint', exact: true }).click()
    await page.getByText(note).waitFor()
  }
  await page.getByRole('link', { name: 'Trust', exact: true }).click()
  await page.getByText('Not trusted.').waitFor()
  await page.getByText(/decided by the relay itself/).waitFor()
  await page
    .getByText(/complaints: 2 of 1000 messages/)
    .first()
    .waitFor()
  // it cannot be given again as long as it would end at once: said before anything is filled in
  await page.getByRole('button', { name: 'Decide…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText(/Trust would end at once/).waitFor()
  await dialog.getByLabel('Requested by').fill('Pia Lang')
  await dialog.getByLabel('Reason', { exact: true }).fill('Please.')
  expect(await dialog.getByRole('button', { name: 'Continue' }).isDisabled()).toBe(true)
})

test('who suspends an account sees the very refusal its clients get', async () => {
  const page = await enter('/accounts/northbay?tab=status')
  await page.getByRole('button', { name: 'Suspend…' }).click()
  await page.getByRole('dialog').getByLabel('Reason').fill('invoices are unpaid; call us')
  const shown = await page.getByRole('dialog').locator('pre').innerText()
  await page.getByRole('button', { name: 'Suspend account' }).click()
  await page.getByText('northbay is suspended', { exact: true }).waitFor()
  expect(await answerTo('northbay')).toBe(shown)

  await page.getByRole('button', { name: 'Resume…' }).click()
  await page.getByRole('button', { name: 'Resume account' }).click()
  await page.getByText('The account may submit mail.').waitFor()
  expect(await answerTo('northbay')).toMatch(/^250 /)
})

test('fewer days are set with a warning and a reason', async () => {
  const page = await enter('/accounts/northbay')
  await page.getByRole('button', { name: 'Change…' }).click()
  await page.getByRole('radio', { name: /Fewer days/ }).click()
  await page.getByLabel('Days').fill('71')
  await page.getByText('A whole number from 1 to 70.').waitFor()
  await page.getByLabel('Days').fill('14')
  await page.getByText(/older than 14 days are hidden at once/).waitFor()
  await page.getByLabel('Reason').fill('the account asked for it')
  await page.getByRole('button', { name: 'Shorten' }).click()
  await page.getByText('14 days for this account').waitFor()
  expect((await relay.client.accounts.get({ name: 'northbay' })).keepDays).toBe(14)
})

test('what a role may not do is not there', async () => {
  const operator = await loginAs('operator', '/accounts/acme?tab=trust')
  expect(await operator.getByRole('link', { name: 'Trust', exact: true }).count()).toBe(0)
  expect(await operator.getByRole('link', { name: 'Samples' }).count()).toBe(0)
  await operator.getByRole('link', { name: 'Status' }).click()
  await operator.getByText('The account may submit mail.').waitFor()
  expect(await operator.getByRole('button', { name: 'Suspend…' }).count()).toBe(0)

  const auditor = await loginAs('auditor', '/accounts/acme?tab=trust')
  await auditor.getByText('What it is decided on').waitFor()
  expect(await auditor.getByRole('button', { name: 'Decide…' }).count()).toBe(0)
})

test('a thousand accounts stay a list of a screenful, and answer the keyboard', { timeout: 60_000 }, async () => {
  const names = Array.from({ length: 1000 }, (_, i) => `customer-${i}`)
  for (let at = 0; at < names.length; at += 50) {
    const part = names.slice(at, at + 50)
    await Promise.all(part.map((name) => relay.client.accounts.add({ name, contact: `ops@${name}.example` })))
  }
  const page = await enter('/accounts')
  await page.getByText('1,002').waitFor()
  expect(await page.getByRole('grid', { name: 'Accounts' }).getByRole('row').count()).toBeLessThan(80)
  await row(page, 'acme').click()
  await page.getByRole('heading', { name: 'acme' }).waitFor()
  await page.keyboard.press('j')
  await page.getByRole('heading', { name: 'customer-0', exact: true }).waitFor()
  await page.keyboard.press('k')
  await page.getByRole('heading', { name: 'acme' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('complementary').waitFor({ state: 'detached' })

  await page.keyboard.press('Control+k')
  await page.getByRole('option').first().waitFor()
  expect(await page.getByRole('option').count()).toBeLessThan(60)
  await page.getByRole('combobox').fill('customer-777')
  await page.getByRole('option', { name: 'customer-777', exact: true }).waitFor()
})
