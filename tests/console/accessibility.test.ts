import type { Browser } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, visit } from '../support/browser.ts'
import { faults, faultsOf, type Screen } from './faults.ts'
import { ConsoleRelay, logIn } from './support.ts'

let browser: Browser
let relay: ConsoleRelay
let fresh: ConsoleRelay
let message: string

beforeAll(async () => {
  browser = await launchBrowser()
  relay = new ConsoleRelay()
  fresh = new ConsoleRelay()
  await Promise.all([relay.start(), fresh.start()])
  await relay.prepare()
  await relay.send([
    { to: ['tom@kestrel.example', 'pia@heron.example'], subject: 'Your invoice 20417 is ready' },
    { to: 'ops@osprey.example', subject: 'Order 7 has shipped' },
  ])
  const { items } = await relay.client.messages.list({})
  message = items[0]!.id
})

afterAll(async () => {
  await browser?.close()
  await relay?.remove()
  await fresh?.remove()
})

const screens: Screen[] = [
  ['messages', () => '/messages', (page) => page.getByText('Order 7 has shipped').waitFor()],
  ['a message', () => `/messages/${message}`, (page) => page.getByRole('heading', { name: 'Deliveries' }).waitFor()],
  ['a filter nothing matches', () => '/messages?q=nothing', (page) => page.getByText('No message matches').waitFor()],
  ['a bad filter', () => '/messages?q=since:never', (page) => page.getByRole('alert').waitFor()],
  [
    'suggestions',
    () => '/messages?q=status:queued',
    async (page) => {
      await page.getByRole('combobox').fill('s')
      await page.getByRole('option').first().waitFor()
    },
  ],
  [
    'columns',
    () => '/messages',
    async (page) => {
      await page.getByRole('button', { name: 'Columns' }).click()
      await page.getByRole('button', { name: 'Move Subject up' }).waitFor()
    },
  ],
  ['queue', () => '/queue', (page) => page.getByRole('link', { name: 'capture' }).waitFor()],
  ['queue deliveries', () => '/queue?all=true', (page) => page.getByRole('checkbox').nth(2).waitFor()],
  [
    'a queue action',
    () => '/queue?all=true',
    async (page) => {
      await page.getByRole('button', { name: 'Cancel…' }).click()
      await page.getByText('would change').waitFor()
    },
  ],
  ['routes', () => '/settings/routes', (page) => page.getByText('every other domain').waitFor()],
  [
    'a new route',
    () => '/settings/routes',
    async (page) => {
      await page.getByRole('button', { name: 'Add route' }).click()
      await page.getByRole('radio', { name: /Smarthost/ }).click()
      await page.getByLabel('Host').waitFor()
    },
  ],
  ['relay', () => '/settings/relay', (page) => page.getByText('Fingerprint').waitFor()],
  ['people', () => '/settings/users', (page) => page.getByText('(you)').waitFor()],
  ['appearance', () => '/settings/appearance', (page) => page.getByRole('radio', { name: 'System' }).waitFor()],
  ['about', () => '/settings/about', (page) => page.getByText('MIT licence').waitFor()],
  [
    'palette',
    () => '/queue',
    async (page) => {
      // a key counts once the screen listens, which is when it has something to show
      await page.getByRole('link', { name: 'capture' }).waitFor()
      await page.keyboard.press('Control+k')
      await page.getByRole('option').first().waitFor()
    },
  ],
  [
    'keys',
    () => '/queue',
    async (page) => {
      // a key counts once the screen listens, which is when it has something to show
      await page.getByRole('link', { name: 'capture' }).waitFor()
      await page.keyboard.press('?')
      await page.getByRole('dialog').waitFor()
    },
  ],
  ['welcome, later', () => '/welcome', (page) => page.getByRole('heading', { name: /Where mail goes/ }).waitFor()],
]

test('login and the first step have no faults', async () => {
  const { page } = await visit(browser)
  await page.goto(relay.url)
  await page.getByLabel('Password').waitFor()
  expect(await faults(page)).toEqual([])
  await page.goto(`${fresh.url}/#/welcome?token=${fresh.firstToken}`)
  await page.getByRole('button', { name: 'Continue' }).waitFor()
  expect(await faults(page)).toEqual([])
})

test('no screen has a fault', { timeout: 180_000 }, async () => {
  const { page, complaints } = await visit(browser)
  await logIn(page, relay)
  expect(await faultsOf(page, screens)).toEqual({})
  expect(complaints).toEqual([])
})
