/** People come in, are seen and sent away, in a real browser: invitation, second factor, sessions, tokens. */

import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { codeOf, stepAt } from '../../src/base/totp.ts'
import { launchBrowser, visit } from '../support/browser.ts'
import { faults } from './faults.ts'
import { ConsoleRelay, email, logIn, password } from './support.ts'

let browser: Browser
let relay: ConsoleRelay

beforeAll(async () => {
  browser = await launchBrowser()
  relay = new ConsoleRelay()
  await relay.start()
  await relay.prepare()
})
afterAll(async () => {
  await browser?.close()
  await relay?.remove()
})

/** What a block of text to copy holds. */
const block = (page: Page, label: string) => page.getByRole('region', { name: label }).innerText()

function bytesOf(key: string): Buffer {
  const letters = [...key.replaceAll(' ', '')]
  const bits = letters.map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}

/** Sets a second factor up on the form that is shown. Returns key and recovery codes. */
async function setUp(page: Page): Promise<{ key: Buffer; codes: string[] }> {
  await page.getByLabel('Code the app shows now').waitFor()
  const key = bytesOf(await block(page, 'Key'))
  expect(await faults(page)).toEqual([])
  await page.getByLabel('Code the app shows now').fill(codeOf(key, stepAt(Date.now())))
  await page.keyboard.press('Enter')
  const codes = (await block(page, 'Recovery codes')).split('\n')
  expect(codes).toHaveLength(10)
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: 'I have kept them' }).click()
  return { key, codes }
}

test('an invitation, from the link to the first screen and out again', { timeout: 120_000 }, async () => {
  const { page, complaints } = await visit(browser)
  await logIn(page, relay, '/settings/users')
  await page.getByRole('button', { name: 'Invite…' }).click()
  await page.getByLabel('E-mail address').fill('kim@relay.example')
  await page.getByLabel('Role', { exact: true }).selectOption('reviewer')
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: 'Make the link' }).click()
  const link = await block(page, 'Invitation link')
  expect(link).toMatch(/\/#\/join\?token=[\w-]{43}$/)
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('button', { name: 'Take back the invitation of kim@relay.example' }).waitFor()
  expect(await faults(page)).toEqual([])

  const guest = await visit(browser)
  await guest.page.goto(link)
  await guest.page.getByText('You are invited as kim@relay.example').waitFor()
  expect(await faults(guest.page)).toEqual([])
  await guest.page.getByLabel('Your name').fill('Kim Osei')
  await guest.page.getByLabel('Password').fill(password)
  await guest.page.keyboard.press('Enter')
  await guest.page.getByRole('navigation', { name: 'Screens' }).waitFor()

  await page.reload()
  await page.getByLabel('Role of kim@relay.example').selectOption('auditor')
  await page.getByText('kim@relay.example is now').waitFor()
  await page.getByRole('button', { name: 'Sessions of kim@relay.example' }).click()
  await page.getByRole('button', { name: /End the session from Browser/ }).waitFor()
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: /End the session from Browser/ }).click()
  await page.getByText('Session ended').waitFor()
  await guest.page.reload()
  await guest.page.getByRole('button', { name: 'Log in' }).waitFor()
  await guest.page.goto(link)
  await guest.page.reload()
  await guest.page.getByText('not valid any more').waitFor()
  expect(await faults(guest.page)).toEqual([])
  expect([...complaints, ...guest.complaints]).toEqual([])
})

test('an admin resets the second factor of somebody else, who is told at the login', { timeout: 60_000 }, async () => {
  const OLIVE = 'olive@mailward.example'
  await relay.client.users.add({ email: OLIVE, role: 'operator', password })
  const olive = await visit(browser)
  await logIn(olive.page, relay, '/settings/account', OLIVE)
  await olive.page.getByRole('button', { name: 'Set up…' }).click()
  await setUp(olive.page)

  const { page, complaints } = await visit(browser)
  await logIn(page, relay, '/settings/users')
  expect(await page.getByRole('button', { name: `Reset the second factor of ${email}` }).count()).toBe(0)
  await page.getByRole('button', { name: `Reset the second factor of ${OLIVE}` }).click()
  await page.getByLabel('Reason').fill('her telephone is gone; called back')
  expect(await faults(page)).toEqual([])
  await page.keyboard.press('Enter')
  await page.getByText(`The second factor of ${OLIVE} is reset`).waitFor()

  const again = (await visit(browser)).page
  await again.goto(relay.url)
  await again.getByLabel('E-mail address').fill(OLIVE)
  await again.getByLabel('Password').fill(password)
  await again.keyboard.press('Enter')
  await again.getByRole('heading', { name: 'Your second factor was reset' }).waitFor()
  await again.getByText(email).waitFor()
  expect(await faults(again)).toEqual([])
  await again.keyboard.press('Enter')
  await again.getByRole('navigation', { name: 'Screens' }).waitFor()
  expect(complaints).toEqual([])
})

test('one’s own account: second factor, token, password; the login asks for the code', {
  timeout: 120_000,
}, async () => {
  const { page, complaints } = await visit(browser)
  await logIn(page, relay, '/settings/account')
  await page.getByText('(this one)').waitFor()
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: 'Set up…' }).click()
  const { key, codes } = await setUp(page)
  await page.getByText('10 recovery codes are left').waitFor()

  await page.getByRole('button', { name: 'New token…' }).click()
  await page.getByLabel('Name', { exact: true }).fill('monitor')
  expect(await faults(page)).toEqual([])
  await page.keyboard.press('Enter')
  expect(await block(page, 'API token')).toMatch(/^mw_[\w-]{43}$/)
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('button', { name: 'Take back the token monitor' }).click()
  await page.getByText('Token monitor taken back').waitFor()

  await page.getByRole('button', { name: 'Change…' }).click()
  await page.getByLabel('Present password').fill(password)
  await page.getByLabel('New password').fill(`${password} too`)
  await page.getByLabel('Once more').fill(`${password} too`)
  expect(await faults(page)).toEqual([])
  await page.keyboard.press('Enter')
  await page.getByText('Password changed').waitFor()

  const again = (await visit(browser)).page
  await again.goto(relay.url)
  await again.getByLabel('E-mail address').fill(email)
  await again.getByLabel('Password').fill(`${password} too`)
  await again.keyboard.press('Enter')
  await again.getByLabel('Code').waitFor()
  expect(await again.getByRole('alert').count()).toBe(0)
  expect(await faults(again)).toEqual([])
  await again.getByLabel('Code').fill('000000')
  await again.keyboard.press('Enter')
  await again.getByRole('alert').waitFor()
  await again.getByLabel('Code').fill(codeOf(key, stepAt(Date.now()) + 1))
  await again.keyboard.press('Enter')
  await again.getByRole('navigation', { name: 'Screens' }).waitFor()

  await page.getByRole('button', { name: 'Turn off…' }).click()
  await page.getByLabel('Present password').fill(`${password} too`)
  await page.getByLabel('Code').fill(codes[0]!)
  await page.keyboard.press('Enter')
  await page.getByText('Second factor turned off').waitFor()
  expect(complaints).toEqual([])

  // where policy asks for one, the way to it is all there is
  await page.goto(`${relay.url}/#/settings/users`)
  await page.getByRole('radio', { name: 'Required' }).click()
  await page.getByText('A second factor is required here').waitFor()
  await setUp(page)
  await page.getByRole('navigation', { name: 'Screens' }).waitFor()
})
