/** The account holder's panel in a real browser: what a member sees and does, on a desk and on a phone. */

import { readFileSync } from 'node:fs'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser, visit } from '../support/browser.ts'
import { picture } from '../support/pictures.ts'
import { faults, faultsOf, type Screen } from './faults.ts'
import { type Client, ConsoleRelay, logIn, password } from './support.ts'

const MONA = 'mona@acme.example'

let browser: Browser
let relay: ConsoleRelay
let message: string

beforeAll(async () => {
  browser = await launchBrowser()
  relay = new ConsoleRelay()
  await relay.start()
  await relay.prepare()
  await relay.send([
    { to: ['tom@kestrel.example', 'pia@heron.example'], subject: 'Your invoice 20417 is ready' },
    { to: 'ops@osprey.example', subject: '=SUM(1) and "more"' },
  ])
  await relay.send([{ to: 'tom@kestrel.example', subject: 'Northbay offer' }], 'northbay')
  const { client } = relay
  message = (await client.messages.list({ filter: { account: 'acme' } })).items[0]!.id
  await client.users.add({ email: MONA, name: 'Mona Reyes', role: 'member', account: 'acme', password })
  const consent = { account: 'northbay', address: 'ops@northbay.example', purpose: 'product news', source: 'a form' }
  await client.policy.giveConsent(consent)
  const { token } = await client.session.login({ email: MONA, password })
  const headers = { authorization: `Bearer ${token}` }
  const mona: Client = createORPCClient(new RPCLink({ url: `${relay.url}/rpc`, headers }))
  await mona.own.openRequest({ kind: 'access', text: 'What do you hold of us?' })
})

afterAll(async () => {
  await browser?.close()
  await relay?.remove()
})

const phone = { width: 390, height: 844 }
const desk = { width: 1280, height: 800 }

/** Goes to an address of the console without loading it anew. */
async function go(page: Page, path: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash
  }, path)
}

const screens: Screen[] = [
  ['messages', () => '/messages', (page) => page.getByText('Your invoice 20417 is ready').waitFor()],
  ['a message', () => `/messages/${message}`, (page) => page.getByRole('heading', { name: 'Headers' }).waitFor()],
  ['no message', () => '/messages?q=nothing', (page) => page.getByText('No message matches').waitFor()],
  ['another account', () => '/messages?q=account:northbay', (page) => page.getByRole('alert').waitFor()],
  ['account', () => '/own/account', (page) => page.getByText('ops@acme.example').waitFor()],
  ['a request', () => '/own/requests/1', (page) => page.getByText('What happened').waitFor()],
  ['requests', () => '/own/requests', (page) => page.getByText('days left').first().waitFor()],
  ['a new request', () => '/own/requests?ask=deletion', (page) => page.getByRole('dialog').waitFor()],
  ['privacy', () => '/own/privacy', (page) => page.getByRole('switch', { name: 'product news' }).waitFor()],
  ['settings', () => '/settings', (page) => page.getByRole('heading', { name: 'Sessions' }).waitFor()],
  ['a page of the staff', () => '/queue', (page) => page.getByRole('button', { name: 'Back' }).waitFor()],
]

test('an account holder reads, exports, asks and agrees', { timeout: 120_000 }, async () => {
  const { page, complaints } = await visit(browser, desk)
  await logIn(page, relay, '/', MONA)
  await page.getByText('Your invoice 20417 is ready').waitFor()
  expect(await page.getByText('Northbay offer').count()).toBe(0)
  expect(await page.getByRole('navigation', { name: 'Screens' }).getByRole('link').allInnerTexts()).toEqual([
    'Messages',
    'My account',
    'Requests',
    'Privacy',
    'Settings',
  ])

  await page.getByRole('button', { name: 'Export what is shown' }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: /CSV/ }).click(),
  ])
  const lines = readFileSync(await download.path(), 'utf8').split('\r\n')
  expect(lines[0]).toMatch(/^id,acceptedAt,from,to,subject/)
  expect(lines).toHaveLength(4)
  expect(lines.join()).toContain(`"'=SUM(1) and ""more"""`)

  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await page.getByRole('button', { name: 'Ask for no samples…' }).click()
  await page.getByLabel('Why').fill('only invoices')
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await page.getByText('An admin will decide.').waitFor()

  await page.getByRole('button', { name: 'Ask for a correction…' }).click()
  await page.getByLabel('New contact address').fill('mona@acme.example')
  await page.getByRole('button', { name: 'Send the request' }).click()
  await page.getByRole('complementary', { name: 'Request 2' }).waitFor()
  expect((await relay.client.requests.get({ id: 2 })).correction).toBe('contact: mona@acme.example')

  await page.getByRole('button', { name: 'New request…' }).click()
  await page.getByRole('radio', { name: /^Deletion/ }).click()
  await page.getByRole('radio', { name: /^A recipient’s/ }).click()
  await page.getByLabel('Address of the person').fill('tom@kestrel.example')
  await page.getByRole('button', { name: 'Send the request' }).click()
  await page.getByRole('complementary', { name: 'Request 3' }).getByText('About tom@kestrel.example').waitFor()
  await page.getByRole('button', { name: 'Withdraw…' }).click()
  await page.getByRole('button', { name: 'Withdraw it' }).click()
  await page.getByText('The request is withdrawn').waitFor()

  await go(page, '/own/privacy')
  const news = page.getByRole('switch', { name: 'product news' })
  await news.click()
  await page.getByText('You agreed to product news').waitFor()
  expect(await page.getByText('northbay').count()).toBe(0)
  await news.click()
  await page.getByText('You no longer get product news').waitFor()
  expect(complaints).toEqual([])
})

describe.each([
  ['desk', desk],
  ['phone', phone],
] as const)('at the width of a %s', (width, size) => {
  test('axe finds nothing, and nothing is wider than the page', { timeout: 180_000 }, async () => {
    const { page, complaints } = await visit(browser, size)
    await logIn(page, relay, '/messages', MONA)
    const wide: string[] = []
    const measured = screens.map(
      ([name, path, poll]): Screen => [
        name,
        path,
        async (seen) => {
          await poll(seen)
          await picture(seen, `member-${width}-${name.replaceAll(' ', '-')}`, [size])
          if (await seen.evaluate(() => document.documentElement.scrollWidth > innerWidth)) wide.push(name)
        },
      ],
    )
    expect(await faultsOf(page, measured)).toEqual({})
    expect(wide).toEqual([])
    expect(complaints).toEqual([])
  })
})

test('on a phone a message takes the place of the list, and gives it back', { timeout: 60_000 }, async () => {
  const { page } = await visit(browser, phone)
  await logIn(page, relay, '/messages', MONA)
  await page.getByText('Your invoice 20417 is ready').click()
  await page.getByRole('heading', { name: 'Headers' }).waitFor()
  expect(await page.getByRole('grid').isVisible()).toBe(false)
  await page.getByRole('button', { name: 'Messages' }).click()
  await page.getByRole('grid').waitFor()
})

test('an admin sees who asked for trust, declines, and the account holder sees that', { timeout: 60_000 }, async () => {
  const { page, complaints } = await visit(browser)
  await logIn(page, relay, '/accounts')
  await page.getByText('trust requested').waitFor()
  await go(page, '/accounts/acme?tab=trust')
  await page.getByText(`${MONA} asked for trust`).waitFor()
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: 'Decide…' }).click()
  await page.getByRole('radio', { name: /^Decline/ }).click()
  await page.getByLabel('Reason').fill('too young')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: 'Decide', exact: true }).click()
  await page.getByText('acme is not trusted', { exact: true }).waitFor()

  const member = (await visit(browser)).page
  await logIn(member, relay, '/own/account', MONA)
  await member.getByText(/^Decided on/).waitFor()
  await member.getByRole('button', { name: 'Ask for no samples…' }).waitFor()
  expect(complaints).toEqual([])
})
