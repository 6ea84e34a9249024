/** The review desk by two people in two browsers: from the suspicion to the opened sample, and what follows. */

import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, type Visitor, visit, visitWithProfile } from '../support/browser.ts'
import { findIn, findInFiles } from '../support/canary.ts'
import { picture } from '../support/pictures.ts'
import { faults } from './faults.ts'
import { CANARY, hostileHtml, hostileMessage, Listener, sendAgain } from './hostileMail.ts'
import { ConsoleRelay, logIn, password } from './support.ts'

const RITA = 'rita@mailward.example'
const SAM = 'sam@mailward.example'
const PASSPHRASE = 'seven quiet harbours in winter'

let browser: Browser
let relay: ConsoleRelay
let listener: Listener
let rita: Visitor
let sam: Visitor
let profile: string

beforeAll(async () => {
  browser = await launchBrowser()
  relay = new ConsoleRelay()
  relay.logLevel = 'debug'
  listener = new Listener()
  await relay.start()
  await relay.prepare()
  const { client } = relay
  for (const email of [RITA, SAM]) await client.users.add({ email, role: 'reviewer', password })
  // else the relay itself would open the case
  await client.openings.setPolicy({ ...(await client.openings.policy()), brake: 0, reason: 'by hand here' })
  const out = await listener.start()
  await sendAgain(relay, hostileMessage(hostileHtml(out)), 1000)
  for (const note of ['a bank rang', 'a recipient wrote', 'the account holder was away'])
    await client.signals.report({ account: 'acme', note })
  await client.signals.report({ account: 'northbay', note: 'one odd letter' })
  profile = join(relay.root, 'profile')
  rita = await visitWithProfile(profile)
  sam = await visit(browser)
}, 120_000)

afterAll(async () => {
  await rita?.context.close()
  await browser?.close()
  listener?.stop()
  await relay?.remove()
})

test('two people open a sample from a case and act on it', { timeout: 120_000 }, async () => {
  const { page } = rita
  await logIn(page, relay, '/review', RITA)

  // the reports suggest a case, which opens filled in
  await page.getByRole('region', { name: 'Suggested cases' }).waitFor()
  await picture(page, 'review-suggested')
  await page.getByRole('button', { name: 'Open a case on acme' }).click()
  await page.getByLabel('Reason').selectOption('phishing')
  await expect.poll(() => page.getByRole('checkbox').count()).toBeGreaterThanOrEqual(3)
  await picture(page, 'review-new-case')
  await page.getByRole('button', { name: 'Open case', exact: true }).click()
  await page.getByRole('heading', { name: 'Case 1' }).waitFor()
  await page.getByRole('button', { name: 'Take it' }).click()
  await page.getByRole('button', { name: /^Ask to open/ }).waitFor()
  await picture(page, 'review-case')

  await page.getByRole('button', { name: /^Ask to open/ }).click()
  await page.getByLabel('What you expect to find out').fill('whether it asks for passwords')
  await picture(page, 'review-ask')
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await page.getByRole('button', { name: 'Waits for a second person' }).waitFor()
  await picture(page, 'review-waiting')

  // the second person sees it without looking for it
  await logIn(sam.page, relay, '/review', SAM)
  await sam.page.getByRole('link', { name: /1 to approve/ }).waitFor()
  await sam.page.getByRole('region', { name: 'Waiting for you' }).getByRole('link').click()
  await sam.page.getByText('whether it asks for passwords').waitFor()
  await picture(sam.page, 'review-approval')
  await sam.page.keyboard.press('y')
  await sam.page.getByRole('button', { name: `Only ${RITA} can open it` }).waitFor()

  // it opens for who asked
  await page.getByRole('button', { name: 'Open…' }).click()
  await page.getByRole('button', { name: 'Open', exact: true }).click()
  await page.getByRole('tab', { name: 'Text' }).waitFor()
  await page.getByText(CANARY).waitFor()
  expect(await faults(page)).toEqual([])
  expect(await page.getByRole('timer').innerText()).toMatch(/closes in (10:00|9:\d\d)/)
  await picture(page, 'review-viewer-text')
  await page.getByRole('tab', { name: 'HTML' }).click()
  const frame = page.frameLocator('iframe')
  await frame.getByText(CANARY).waitFor()
  await picture(page, 'review-viewer-html')
  // axe is a script itself: it cannot look into a frame that runs none
  expect((await new AxeBuilder({ page }).exclude('iframe').analyze()).violations).toEqual([])
  const inside = await frame.locator('body').innerHTML()
  for (const word of ['<script', '<style', '<svg', '<form', '<input', '<iframe', '<object', '<link', '<base', 'url('])
    expect(inside.toLowerCase()).not.toContain(word)
  expect(inside).not.toMatch(/\s(?:on\w+|href|srcset|action|background|ping)=/i)
  expect(await frame.getByText('link to https://bank.example/login').count()).toBe(1)
  await page.getByRole('tab', { name: 'Headers' }).click()
  await page.getByText('X-Mailer').waitFor()
  await picture(page, 'review-viewer-headers')
  await page.getByRole('tab', { name: /Attachments/ }).click()
  await page.getByText('invoice.zip').waitFor()
  await picture(page, 'review-viewer-attachments')

  // leaving the address closes it for good
  await page.evaluate(() => {
    location.hash = '/messages'
  })
  await page.getByRole('grid').waitFor()
  await page.goBack()
  await page.getByRole('heading', { name: 'Case 1' }).waitFor()
  expect(await page.getByText(CANARY).count()).toBe(0)
  await page.getByRole('button', { name: 'Ask again…' }).waitFor()
  expect(listener.requests).toEqual([])
  expect(listener.connections).toBe(0)

  await page.keyboard.press('b')
  await page.getByLabel('What decides it').fill('it asks for passwords in the name of a bank')
  await picture(page, 'review-verdict')
  await page.keyboard.press('Enter')
  await page.getByRole('radio', { name: /Suspend/ }).click()
  await page.getByLabel('Reason', { exact: true }).fill('phishing mail from this account')
  await page.getByText(/refused with 550 5.7.1/).waitFor()
  const go = page.getByRole('button', { name: 'Suspend the account' })
  await expect.poll(() => go.isEnabled()).toBe(true)
  await picture(page, 'review-action')
  await go.click()
  await page.getByRole('region', { name: 'Actions' }).getByText('letter sent').waitFor()
  await picture(page, 'review-decided')
  expect((await relay.client.accounts.get({ name: 'acme' })).status).toBe('suspended')
  await page.getByRole('button', { name: 'Undo…' }).click()
  await page.getByLabel('Reason').fill('the password was changed')
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await page.getByText(`undone by ${RITA}`).waitFor()
  expect((await relay.client.accounts.get({ name: 'acme' })).status).toBe('active')

  await page.keyboard.press('e')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Open again…' }).waitFor()

  // the account can see who looked
  await page.evaluate(() => {
    location.hash = '/accounts/acme?tab=report'
  })
  await page.getByText('1 sample stored, 1 opening.').waitFor()
  await picture(page, 'review-report')
  // of the hostile part, while it is taken apart; nothing of it ran or was asked for
  expect(rita.complaints.filter((line) => !line.includes('Content Security Policy'))).toEqual([])
  expect(sam.complaints).toEqual([])
})

test('a sample behind a passphrase opens with it, and closes by itself', { timeout: 60_000 }, async () => {
  const { page } = rita
  const { client } = relay
  await client.keys.rotateSealKey({ newPassphrase: PASSPHRASE, reason: 'a new policy' })
  await client.cases.reopen({ id: 1, reason: 'an appeal' })
  await page.evaluate(() => {
    location.hash = '/review/1'
  })
  await page.getByRole('button', { name: 'Ask again…' }).waitFor()
  await page.keyboard.press('o')
  await page.getByLabel('What you expect to find out').fill('whether the appeal is right')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Waits for a second person' }).waitFor()
  const [waiting] = (await client.cases.desk()).openings
  await client.openings.approve({ id: waiting!.id })
  await page.getByRole('button', { name: 'Open…' }).click()
  const passphrase = page.getByLabel('Passphrase of the seal key')
  await passphrase.fill('not this one')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
  await passphrase.fill(PASSPHRASE)
  await page.keyboard.press('Enter')
  await page.getByText(CANARY).waitFor()
  expect(await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, location.href]))).not.toContain(CANARY)

  await page.evaluate(() => {
    const now = Date.now
    Date.now = () => now() + 11 * 60_000
  })
  await page.getByText('The time is over: the sample was closed.').waitFor()
  expect(await page.getByText(CANARY).count()).toBe(0)
})

test('nothing of an opened sample is left in the data folder, the text log or the browser', {
  timeout: 60_000,
}, async () => {
  await rita.context.close()
  await relay.stop()
  expect(findInFiles(profile, [CANARY])).toEqual([])
  expect(findInFiles(relay.folder, [CANARY])).toEqual([])
  // with all it can say, the log tells neither content nor addresses
  expect(relay.logged).toContain('listening for mail')
  expect(findIn('text log', Buffer.from(relay.logged), [CANARY, RITA, '@acme.example'])).toEqual([])
})
