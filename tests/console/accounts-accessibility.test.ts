import type { Browser } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, visit } from '../support/browser.ts'
import { faultsOf, type Screen } from './faults.ts'
import { ConsoleRelay, logIn } from './support.ts'

let browser: Browser
let relay: ConsoleRelay

beforeAll(async () => {
  browser = await launchBrowser()
  relay = new ConsoleRelay()
  await relay.start()
  await relay.prepare()
  await relay.send([{ to: 'tom@kestrel.example', subject: 'Your invoice 20417 is ready' }])
  await relay.client.trust.decide({
    name: 'acme',
    decision: 'on',
    requestedBy: 'Pia Lang',
    reason: 'Legal mail.',
    reviewAt: new Date(Date.now() + 90 * 86_400_000).toISOString(),
  })
  await relay.client.trust.addComplaint({ name: 'northbay', note: 'A call.' })
})

afterAll(async () => {
  await browser?.close()
  await relay?.remove()
})

const screens: Screen[] = [
  ['accounts', () => '/accounts', (page) => page.getByText('northbay.example').waitFor()],
  ['accounts nothing matches', () => '/accounts?q=nobody', (page) => page.getByText('No account matches').waitFor()],
  ['an account', () => '/accounts/acme', (page) => page.getByText('ops@acme.example').waitFor()],
  [
    'fewer days',
    () => '/accounts/acme',
    async (page) => {
      await page.getByRole('button', { name: 'Change…' }).click()
      await page.getByRole('radio', { name: /Fewer days/ }).click()
      await page.getByText(/This cannot be undone/).waitFor()
    },
  ],
  [
    'credentials',
    () => '/accounts/acme?tab=credentials',
    (page) => page.getByRole('heading', { name: 'Credentials' }).waitFor(),
  ],
  [
    'a new credential',
    () => '/accounts/acme?tab=credentials',
    async (page) => {
      await page.getByRole('button', { name: 'Add credential' }).click()
      await page.getByRole('dialog').waitFor()
    },
  ],
  ['trust', () => '/accounts/acme?tab=trust', (page) => page.getByText('Trusted.', { exact: true }).waitFor()],
  [
    'a trust decision',
    () => '/accounts/acme?tab=trust',
    async (page) => {
      await page.getByRole('button', { name: 'Trust given' }).click()
      await page.getByRole('button', { name: 'Decide…' }).click()
      await page.getByRole('radio', { name: 'Keep trust' }).click()
      await page.getByLabel('Look at it again on').waitFor()
    },
  ],
  [
    'a trust decision, once more',
    () => '/accounts/acme?tab=trust',
    async (page) => {
      await page.getByRole('button', { name: 'Decide…' }).click()
      await page.getByLabel('Reason', { exact: true }).fill('It was sold.')
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.getByText('This is what will be decided').waitFor()
    },
  ],
  ['samples', () => '/accounts/northbay?tab=samples', (page) => page.getByText('No samples stored').waitFor()],
  ['complaints', () => '/accounts/northbay?tab=complaints', (page) => page.getByText('A call.').waitFor()],
  [
    'a new complaint',
    () => '/accounts/northbay?tab=complaints',
    async (page) => {
      await page.getByRole('button', { name: 'Enter a complaint…' }).click()
      await page.getByRole('dialog').waitFor()
    },
  ],
  [
    'a suspension',
    () => '/accounts/northbay?tab=status',
    async (page) => {
      await page.getByRole('button', { name: 'Suspend…' }).click()
      await page.getByText(/^550 5.7.1/).waitFor()
    },
  ],
  ['policy', () => '/settings/policy', (page) => page.getByText('Complaint rate over').waitFor()],
  [
    'thresholds',
    () => '/settings/policy',
    async (page) => {
      await page.getByRole('button', { name: 'Change…', exact: true }).click()
      await page.getByRole('dialog').waitFor()
    },
  ],
  ['keys', () => '/settings/keys', (page) => page.getByText('Public part').waitFor()],
  [
    'another seal key',
    () => '/settings/keys',
    async (page) => {
      await page.getByRole('button', { name: 'Replace seal key…' }).click()
      await page.getByRole('radio', { name: /Behind a passphrase/ }).click()
      await page.getByLabel('New passphrase, again').waitFor()
    },
  ],
  ['backups', () => '/settings/backups', (page) => page.getByText('No backups have been made').waitFor()],
]

test('no screen of accounts, policy, keys and backups has a fault', { timeout: 180_000 }, async () => {
  const { page, complaints } = await visit(browser)
  await logIn(page, relay)
  expect(await faultsOf(page, screens)).toEqual({})
  expect(complaints).toEqual([])
})
