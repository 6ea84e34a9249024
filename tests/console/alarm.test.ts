/** A clock that fell back: the alarm in the sidebar, and the question of the Retention screen. */

import type { Browser } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, visit } from '../support/browser.ts'
import { daysAhead, noFaketime } from '../support/faketime.ts'
import { picture } from '../support/pictures.ts'
import { faults } from './faults.ts'
import { ConsoleRelay, logIn } from './support.ts'

let browser: Browser
let relay: ConsoleRelay

beforeAll(async () => {
  if (noFaketime) return
  browser = await launchBrowser()
  relay = new ConsoleRelay()
  relay.environment = daysAhead(2)
  await relay.start()
  await relay.prepare()
  await relay.send([{ to: 'tom@kestrel.example', subject: 'Your invoice 20417 is ready' }])
  await relay.stop()
  relay.environment = {}
  await relay.start()
})

afterAll(async () => {
  await browser?.close()
  await relay?.remove()
})

test('the alarm stands everywhere and leads to the question, which a person answers', {
  skip: noFaketime !== undefined,
  timeout: 60_000,
}, async () => {
  const { page, complaints } = await visit(browser)
  await logIn(page, relay)
  const alarm = page.getByRole('link', { name: /^the clock fell back/ })
  await alarm.waitFor()
  expect(await faults(page)).toEqual([])
  await picture(page, 'alarm-sidebar')
  await page.getByRole('button', { name: 'Collapse sidebar' }).click()
  await page.getByRole('link', { name: /^Retention: the clock fell back/ }).waitFor()
  expect(await faults(page)).toEqual([])
  await picture(page, 'alarm-collapsed')
  await page.getByRole('button', { name: 'Expand sidebar' }).click()

  await alarm.click()
  await page.getByText('The clock fell back. Is it right?').waitFor()
  await picture(page, 'alarm-question')
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: 'The clock is right…' }).click()
  await page.getByRole('dialog').getByLabel('Reason').fill('looked at another clock')
  expect(await faults(page)).toEqual([])
  await picture(page, 'alarm-answer')
  await page.keyboard.press('Enter')
  await alarm.waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
})
