/** The page behind the link of a mailing, in a real browser: readable by everybody, and its button withdraws. */

import { AxeBuilder } from '@axe-core/playwright'
import type { Browser } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, startTestRelay, type TestRelay } from '../relay/support.ts'
import { launchBrowser, visit } from '../support/browser.ts'
import { type Sink, startSink } from '../support/sink.ts'

let relay: TestRelay
let sink: Sink
let browser: Browser
let admin: Client
let page: string

beforeAll(async () => {
  relay = await startTestRelay()
  sink = await startSink()
  browser = await launchBrowser()
  admin = relay.bearer((await relay.person('admin')).token)
  await admin.accounts.add({ name: 'acme', contact: 'ops@acme.example', domains: ['acme.example'] })
  await admin.routes.set({ domain: '*', route: { kind: 'smarthost', host: '127.0.0.1', port: sink.port, tls: 'none' } })
  const purpose = 'Product <b>news</b>'
  await admin.policy.giveConsent({ account: 'acme', address: 'ann@acme.example', purpose, source: 'by telephone' })
  await admin.policy.setPublicUrl({ url: relay.url, reason: 'for links' })
  await admin.policy.sendMailing({ purpose, subject: 'What is new', text: 'Much.' })
  await sink.received(1)
  page = /http:\S+\/unsubscribe\/[0-9a-z-]+/.exec(sink.messages[0]!.data.toString())![0]
})
afterAll(async () => {
  await browser.close()
  await relay.stop()
  await sink.stop()
})

test.each([false, true])('the page says what it is about, and nothing is wrong with it (dark: %s)', async (dark) => {
  const visitor = await visit(browser, { dark, width: 390, height: 844 })
  await visitor.page.goto(page)
  await visitor.page.getByText('You get mail about Product <b>news</b> because you agreed to it.').waitFor()
  expect((await new AxeBuilder({ page: visitor.page }).analyze()).violations).toEqual([])
  expect(visitor.complaints).toEqual([])
  await visitor.context.close()
})

test('opening it changes nothing; its button withdraws, by keyboard too', async () => {
  const visitor = await visit(browser, { width: 390, height: 844 })
  await visitor.page.goto(page)
  expect((await admin.policy.consents({}))[0]!.withdrawnAt).toBeNull()
  await visitor.page.keyboard.press('Tab')
  await visitor.page.keyboard.press('Enter')
  await visitor.page.getByRole('heading', { name: 'You get no more of these letters' }).waitFor()
  expect((await new AxeBuilder({ page: visitor.page }).analyze()).violations).toEqual([])
  expect((await admin.policy.consents({}))[0]).toMatchObject({ withdrawnBy: 'one-click' })
  await visitor.page.goto(page)
  await visitor.page.getByRole('heading', { name: 'You get no more of these letters' }).waitFor()
  expect(visitor.complaints).toEqual([])
  await visitor.context.close()
})
