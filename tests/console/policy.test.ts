import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, visit } from '../support/browser.ts'
import { picture } from '../support/pictures.ts'
import { type Sink, startSink } from '../support/sink.ts'
import { faults, faultsOf, type Screen } from './faults.ts'
import { ConsoleRelay, logIn, password } from './support.ts'

const WHY = 'Nobody looks at records older than that'

let browser: Browser
let relay: ConsoleRelay
let sink: Sink

/** Three accounts; mail to the contact of one is refused for good. */
beforeAll(async () => {
  sink = await startSink()
  browser = await launchBrowser()
  relay = new ConsoleRelay()
  await relay.start()
  await relay.prepare({ kind: 'smarthost', host: '127.0.0.1', port: sink.port, tls: 'none' })
  await relay.client.accounts.add({ name: 'quill', contact: 'permfail@quill.example', domains: [] })
  for (const role of ['operator', 'auditor'] as const) {
    await relay.client.users.add({ email: `${role}@mailward.example`, role, password })
  }
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await relay?.remove()
  await sink?.stop()
})

async function enter(path: string, who?: string): Promise<{ page: Page; complaints: string[] }> {
  const { page, complaints } = await visit(browser)
  await logIn(page, relay, path, who)
  return { page, complaints }
}

const dialogOf = (page: Page) => page.getByRole('dialog')

/** Writes a change of text and days, and saves it as a draft. */
async function prepare(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Prepare a change…' }).click()
  const area = page.getByRole('textbox', { name: 'Text of the policy' })
  await area.fill((await area.inputValue()).replace('Nothing is sold', 'Nothing is ever sold'))
  await page.getByLabel('Days kept').fill('30')
  await page.getByText('If it held now, nothing would go at once.').waitFor()
  await page.getByRole('radio', { name: 'Changes' }).click()
  await page.getByRole('region', { name: 'Changes' }).locator('ins').first().waitFor()
  const save = page.getByRole('button', { name: 'Save draft' })
  expect(await save.isDisabled()).toBe(true)
  await page.getByLabel('Reason').fill(WHY)
  await save.click()
  await page.getByRole('heading', { name: 'Version 2' }).waitFor()
}

test('a change is prepared, compared, announced, and the evidence that accounts were told is shown', {
  timeout: 90_000,
}, async () => {
  const { page, complaints } = await enter('/settings/policy')
  await page.getByRole('row', { name: /Version 1 in force 70 days/ }).waitFor()
  await prepare(page)
  await page.getByText('draft', { exact: true }).waitFor()
  const changes = page.getByRole('region', { name: 'What changes' }).first()
  await changes.getByText('70 days', { exact: true }).waitFor()
  await changes.getByText('30 days', { exact: true }).waitFor()
  // the word that differs is marked inside its line
  await changes.getByText('ever ', { exact: true }).waitFor()
  await page.getByText('Header records and samples are kept 30 days instead of 70.').waitFor()
  await picture(page, 'policy-change')
  expect(await faults(page)).toEqual([])

  await page.getByRole('button', { name: 'Announce…' }).click()
  const dialog = dialogOf(page)
  await dialog.getByText(WHY).waitFor()
  await picture(page, 'policy-announce')
  expect(await faults(page)).toEqual([])
  const at = dialog.getByLabel('Takes effect, local time')
  const first = await at.inputValue()
  // sooner than accounts can be told: refused, in words
  await at.fill(new Date(Date.now() + 7_200_000).toISOString().slice(0, 16))
  await dialog.getByRole('button', { name: 'Announce to 3 accounts' }).click()
  await dialog.getByText(/at least 24 hours/).waitFor()
  await at.fill(first)
  await dialog.getByRole('button', { name: 'Announce to 3 accounts' }).click()
  await dialog.waitFor({ state: 'detached' })

  await page.getByText('2 of 3 told').waitFor()
  await page.getByText('1 account was not told', { exact: false }).waitFor()
  const rows = page.getByRole('region', { name: 'Letters about the change' }).getByRole('row')
  // what a person has to look at stands first
  expect(await rows.nth(1).innerText()).toMatch(/quill\s+permfail@quill\.example\s+failed/)
  expect(await rows.nth(1).innerText()).toContain('550 5.1.1 no such user')
  expect(await rows.nth(2).innerText()).toMatch(/acme\s+ops@acme\.example\s+delivered/)
  const told = new Set(sink.messages.map((letter) => letter.recipients[0]?.address))
  expect(sink.messages).toHaveLength(2)
  expect(told).toEqual(new Set(['ops@acme.example', 'ops@northbay.example']))
  await picture(page, 'policy-told')
  expect(await faults(page)).toEqual([])

  await page.getByRole('link', { name: 'Letter to acme: delivered' }).click()
  await page
    .getByRole('complementary')
    .getByText(/^The policy of relay\.test changes/)
    .first()
    .waitFor()

  await page.keyboard.press('g')
  await page.keyboard.press('o')
  await page.getByRole('link', { name: /^1 account was not told of version 2 of the policy/ }).click()
  await page.getByRole('button', { name: 'Withdraw…' }).click()
  await dialog.getByLabel('Reason').fill('The board thought again')
  await dialog.getByRole('button', { name: 'Withdraw' }).click()
  await page.getByText('withdrawn', { exact: true }).waitFor()
  await page.getByRole('heading', { name: 'Who was told that it does not come' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('row', { name: /Version 2 withdrawn/ }).waitFor()
  expect(complaints).toEqual([])
})

test('what was written is not lost by going elsewhere', async () => {
  const { page } = await enter('/settings/policy?ask=change&days=40')
  await page.getByLabel('Reason').fill('half a thou')
  expect(await page.getByLabel('Days kept').inputValue()).toBe('40')
  await page.getByRole('link', { name: 'Sharing' }).click()
  const ask = dialogOf(page)
  await ask.getByText('Leave without saving?').waitFor()
  await ask.getByRole('button', { name: 'Cancel' }).click()
  await ask.waitFor({ state: 'detached' })
  expect(await page.getByLabel('Reason').inputValue()).toBe('half a thou')
  await page.getByRole('link', { name: 'Sharing' }).click()
  await ask.getByRole('button', { name: 'Leave' }).click()
  await page.getByRole('heading', { name: 'Sharing' }).waitFor()
  expect((await relay.client.policy.versions()).some(({ state }) => state === 'draft')).toBe(false)
})

test('a consent is recorded, mail goes to it, and none after it was withdrawn', { timeout: 60_000 }, async () => {
  const { page, complaints } = await enter('/settings/consents')
  await page.getByText('No consents', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Send a mailing…' }).click()
  const dialog = dialogOf(page)
  await dialog.getByText(/Nobody has consented/).waitFor()
  expect(await dialog.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true)
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: 'Record a consent…' }).click()
  await dialog.getByLabel('Account').selectOption('northbay')
  expect(await dialog.getByLabel('E-mail address').inputValue()).toBe('ops@northbay.example')
  await dialog.getByLabel('Purpose').fill('product news')
  await dialog.getByLabel('How it was given').fill('signed order form')
  await dialog.getByRole('button', { name: 'Record', exact: true }).click()
  const row = page.getByRole('row', { name: /northbay ops@northbay\.example product news/ })
  await row.waitFor()
  await picture(page, 'policy-consents')

  await page.getByRole('button', { name: 'Send a mailing…' }).click()
  await dialog.getByLabel('Subject').fill('New in November')
  await dialog.getByLabel('Text').fill('Good day.')
  expect(await faults(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Send to 1 address' }).click()
  await page.getByText('1 letter on the way').waitFor()
  await expect.poll(() => sink.messages.some(({ data }) => data.includes('New in November'))).toBe(true)

  await row.getByRole('button', { name: /^Withdraw product news/ }).click()
  await dialog.getByLabel('Reason').fill('asked by phone')
  await dialog.getByRole('button', { name: 'Withdraw' }).click()
  await page.getByText('No consent fits.').waitFor()
  await page.getByRole('radio', { name: 'Withdrawn' }).click()
  await page.getByRole('row', { name: /withdrawn .*by hand/ }).waitFor()
  await expect(
    relay.client.policy.sendMailing({ purpose: 'product news', subject: 'Again', text: 'x' }),
  ).rejects.toThrow(/nobody consents/)
  expect(complaints).toEqual([])
})

test('the address for links is checked before it is set', async () => {
  const { page } = await enter('/settings/relay')
  await page.getByRole('button', { name: /Address for links/ }).click()
  const dialog = dialogOf(page)
  await dialog.getByLabel('Address').fill('relay.example')
  await dialog.getByLabel('Reason').fill('behind the proxy')
  expect(await dialog.getByRole('button', { name: 'Set address' }).isDisabled()).toBe(true)
  await dialog.getByLabel('Address').fill('https://relay.example')
  await dialog.getByRole('button', { name: 'Set address' }).click()
  await dialog.waitFor({ state: 'detached' })
  expect(await relay.client.policy.publicUrl()).toEqual({ url: 'https://relay.example' })
})

test('no part of policy, consents, sharing and overview has a fault', { timeout: 120_000 }, async () => {
  const { page, complaints } = await enter('/settings/policy')
  const screens: Screen[] = [
    ['versions', () => '/settings/policy', (each) => each.getByRole('row', { name: /Version 1/ }).waitFor()],
    [
      'first version',
      () => '/settings/policy?version=1',
      (each) => each.getByText('This is the first version', { exact: false }).waitFor(),
    ],
    [
      'no such version',
      () => '/settings/policy?version=99',
      (each) => each.getByText('There is no such version.').waitFor(),
    ],
    ['editor', () => '/settings/policy?ask=change', (each) => each.getByLabel('Days kept').waitFor()],
    ['consents', () => '/settings/consents', (each) => each.getByRole('radio', { name: 'Standing' }).waitFor()],
    ['sharing', () => '/settings/sharing', (each) => each.getByText('next hop for mail', { exact: false }).waitFor()],
    [
      'overview',
      () => '/overview',
      (each) => each.getByRole('img', { name: /^Messages in and deliveries out/ }).waitFor(),
    ],
  ]
  expect(await faultsOf(page, screens)).toEqual({})
  expect(complaints).toEqual([])
})

test('the overview is reached by key, says what waits, and its numbers lead to the records', async () => {
  const held = await relay.client.routes.list()
  await relay.client.routes.set({ domain: 'held.example', route: { kind: 'capture' } })
  await relay.send([{ to: 'tom@held.example', subject: 'Waits' }])
  const { page } = await enter('/messages')
  expect(held.length).toBeGreaterThan(0)
  await page.keyboard.press('g')
  await page.keyboard.press('o')
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
  await page.getByRole('link', { name: /1 delivery is held/ }).click()
  await expect.poll(() => page.url()).toContain('/queue?state=held')
  await page.getByRole('row', { name: /tom@held\.example/ }).waitFor()
})

test('roles: an operator and an auditor read the policy and change nothing', async () => {
  for (const role of ['operator', 'auditor'] as const) {
    const { page } = await enter('/settings/policy?ask=change', `${role}@mailward.example`)
    await page.getByRole('row', { name: /Version 1/ }).waitFor()
    expect(await page.getByRole('button', { name: 'Prepare a change…' }).count()).toBe(0)
    expect(await page.getByRole('link', { name: 'Consents' }).count()).toBe(role === 'auditor' ? 1 : 0)
    await page.keyboard.press('g')
    await page.keyboard.press('o')
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    await page.getByText('Bounces and complaints by account').waitFor()
    expect(await page.getByText('Deferred by destination').count()).toBe(role === 'operator' ? 1 : 0)
    await page.context().close()
  }
})
