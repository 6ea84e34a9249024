import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exportAudit } from '../../src/cli/auditExport.ts'
import { launchBrowser, visit } from '../support/browser.ts'
import { faultsOf, type Screen } from './faults.ts'
import { ConsoleRelay, email, logIn, password } from './support.ts'

const ROUTES = 1200
const AUDITOR = 'mara@auditor.example'

let browser: Browser
let relay: ConsoleRelay

beforeAll(async () => {
  browser = await launchBrowser()
  relay = new ConsoleRelay()
  await relay.start()
  await relay.prepare()
  const { client } = relay
  for (let done = 0; done < ROUTES; done += 50) {
    const domains = Array.from({ length: 50 }, (_, i) => `kestrel${done + i}.example`)
    await Promise.all(domains.map((domain) => client.routes.set({ domain, route: { kind: 'capture' } })))
  }
  await client.users.add({ email: AUDITOR, role: 'auditor', password })
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await relay?.remove()
})

async function enter(path: string): Promise<{ page: Page; complaints: string[] }> {
  const { page, complaints } = await visit(browser)
  await logIn(page, relay, path)
  return { page, complaints }
}

const rows = (page: Page) =>
  page
    .getByRole('grid')
    .getByRole('row')
    .filter({ has: page.getByRole('gridcell') })

test('no part of the screen has a fault', { timeout: 120_000 }, async () => {
  const { page, complaints } = await enter('/audit')
  const screens: Screen[] = [
    ['log', () => '/audit', (each) => rows(each).nth(5).waitFor()],
    ['a row', () => '/audit/2', (each) => each.getByText(/^Recomputed in this browser/).waitFor()],
    ['no such row', () => '/audit/9999999', (each) => each.getByText('There is no row of this number').waitFor()],
    ['a bad filter', () => '/audit?q=since:never', (each) => each.getByRole('alert').waitFor()],
    ['nothing matches', () => '/audit?q=nothing-at-all', (each) => each.getByText('No row matches').waitFor()],
    ['proof', () => '/audit/proof?ask=verify', (each) => each.getByText(/Nothing was changed/).waitFor()],
    ['draws', () => '/audit/proof?ask=draws', (each) => each.getByText(/nothing to replay|agree/).waitFor()],
  ]
  expect(await faultsOf(page, screens)).toEqual({})
  expect(complaints).toEqual([])
})

test('the log is scrolled to its first row, and says what was done in words', { timeout: 60_000 }, async () => {
  const { page } = await enter('/audit')
  await rows(page).first().waitFor()
  const grid = page.getByRole('grid')
  await expect
    .poll(
      async () => {
        await grid.evaluate((element) => {
          element.scrollTop = element.scrollHeight
        })
        return rows(page).last().innerText()
      },
      { timeout: 20_000 },
    )
    .toMatch(/^\s*1\s/)
  expect(await rows(page).count()).toBeLessThan(100)
  const first = (await relay.client.audit.rows({ after: 0, limit: 1 })).rows[0]!
  expect(await rows(page).last().innerText()).toContain(first.action)
})

test('a filter is written as tokens, and kept in the address', async () => {
  const { page, complaints } = await enter('/audit')
  await rows(page).first().waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('action:acc')
  await page
    .getByRole('option', { name: /^action:accounts\b/ })
    .first()
    .waitFor()
  await page.keyboard.type('ounts.add northbay ')
  await page.keyboard.press('Enter')
  await expect.poll(() => rows(page).count()).toBe(1)
  expect(await rows(page).innerText()).toContain('account northbay')
  expect(decodeURIComponent(page.url())).toContain('action:accounts.add')
  await page.getByRole('button', { name: 'Clear filter' }).click()
  await expect.poll(() => rows(page).count()).toBeGreaterThan(10)
  expect(complaints).toEqual([])
})

test('a row opens with its place in the chain, and leads to what it is about', async () => {
  const { rows: found } = await relay.client.audit.list({ action: 'accounts.add', text: 'northbay' })
  const { sequence } = found[0]!
  const { page } = await enter(`/audit/${sequence}`)
  const pane = page.getByRole('complementary', { name: `Row ${sequence}` })
  await pane.getByText('Recomputed in this browser: commitment and hash agree.').waitFor()
  await pane.getByText(email).waitFor()
  await pane.getByRole('button', { name: new RegExp(`^Row before: Row ${sequence - 1} `) }).click()
  await expect.poll(() => page.url()).toContain(`/audit/${sequence - 1}`)
  await page.goBack()
  await page.goto(`${relay.url}/#/audit/${sequence}`)
  await pane.getByRole('link', { name: 'account northbay' }).click()
  await expect.poll(() => page.url()).toContain('/accounts/northbay')
})

test('j and k move through the rows, Esc closes', async () => {
  const { page } = await enter('/audit?q=action:accounts.add')
  await expect.poll(() => rows(page).count()).toBe(2)
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  const { rows: found } = await relay.client.audit.list({ action: 'accounts.add' })
  await page.getByRole('complementary', { name: `Row ${found[0]!.sequence}` }).waitFor()
  await page.keyboard.press('j')
  await page.getByRole('complementary', { name: `Row ${found[1]!.sequence}` }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('complementary').waitFor({ state: 'detached' })
})

test('what is done meanwhile appears by itself', async () => {
  const { page } = await enter('/audit')
  await rows(page).first().waitFor()
  await relay.client.routes.set({ domain: 'late.example', route: { kind: 'capture' } })
  await page.getByText('route late.example').first().waitFor()
})

test('the log is verified, the draws replayed, from the palette and by button', async () => {
  const { page, complaints } = await enter('/audit')
  await rows(page).first().waitFor()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('verify the audit')
  await page.keyboard.press('Enter')
  await page.getByText('Nothing was changed, moved or left out.').waitFor()
  expect(page.url()).not.toContain('ask')
  await page.getByRole('button', { name: 'Replay the draws' }).click()
  await page.getByText(/nothing to replay|agree/).waitFor()
  expect(complaints).toEqual([])
})

test('a checkpoint is signed, exported to the chosen place, and compared', async () => {
  const outside = join(relay.root, 'outside')
  mkdirSync(outside)
  const { page } = await enter('/audit/proof')
  await page.getByRole('button', { name: 'Choose place…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Folder or file').fill(outside)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByText(outside).first().waitFor()
  await page.getByRole('button', { name: 'Sign now' }).click()
  await page.getByText(/^Checkpoint of row [\d,]+ signed$/).waitFor()
  const files = readdirSync(outside)
  expect(files.length).toBeGreaterThan(0)
  await page.getByLabel('Compare with a checkpoint file…').setInputFiles(join(outside, files[0]!))
  await page.getByText('Nothing was changed, moved or left out.').waitFor()
  await page.getByText(`compared with ${files[0]}`).waitFor()

  const stranger = { ...JSON.parse(readFileSync(join(outside, files[0]!), 'utf8')), head: '0'.repeat(64) }
  writeFileSync(join(relay.root, 'forged.json'), JSON.stringify(stranger))
  await page.getByLabel('Compare with a checkpoint file…').setInputFiles(join(relay.root, 'forged.json'))
  await page.getByRole('list', { name: 'Findings' }).getByRole('listitem').first().waitFor()
})

test('the export can be verified without Mailward', async () => {
  const { page } = await enter('/audit/proof')
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export the audit log' }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toMatch(/^mailward-audit-\d{4}-\d\d-\d\d\.jsonl$/)
  const lines = readFileSync(await download.path(), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  const [head, ...others] = lines
  expect(head).toMatchObject({ type: 'log', format: 'mailward-audit-1' })
  const of = (type: string) => others.filter((one) => one.type === type)
  expect(of('row')).toHaveLength(head.rows)
  let previous = ''
  for (const { sequence, at, action, facts, commitment, hash } of of('row')) {
    const parts = [previous, sequence, at, action, ...(facts === null ? [] : [facts]), commitment]
    previous = createHash('sha256').update(JSON.stringify(parts)).digest('hex')
    expect(hash).toBe(previous)
  }
  expect(previous).toBe(head.head)
  // the same file as the command line writes, so that one program verifies both
  const written = join(relay.root, 'export.jsonl')
  await exportAudit(relay.client, written)
  const types = (text: string) => new Set(text.match(/^\{"type":"\w+"/gm))
  expect(types(readFileSync(await download.path(), 'utf8'))).toEqual(types(readFileSync(written, 'utf8')))
  expect(of('checkpoint').length).toBeGreaterThan(0)
  await page.getByText(/^[\d,]+ rows, [\d.]+ kB$/).waitFor()
})

test('the personal part of rows is erased with a reason, and the log still verifies', async () => {
  const { page, complaints } = await enter('/audit?q=action:accounts.addCredential')
  await expect.poll(() => rows(page).count()).toBe(2)
  await rows(page).nth(0).getByRole('checkbox').click()
  await rows(page).nth(1).getByRole('checkbox').click()
  await page.getByText('2 selected').waitFor()
  await page.getByRole('button', { name: 'Erase personal part…' }).click()
  const dialog = page.getByRole('dialog')
  const go = dialog.getByRole('button', { name: 'Erase 2 rows' })
  expect(await go.isDisabled()).toBe(true)
  await dialog.getByLabel('Reason').fill('request 12')
  await go.click()
  await page.getByText('Personal part of 2 rows erased').waitFor()
  await expect.poll(() => rows(page).filter({ hasText: 'erased' }).count()).toBe(2)
  const verdict = await relay.client.audit.verify({})
  expect(verdict).toMatchObject({ ok: true, erased: 2 })
  await rows(page).first().click()
  await page.getByText('Recomputed in this browser: the hash agrees; the personal part was erased.').waitFor()
  expect(complaints).toEqual([])
})

test('an auditor reads and verifies, and changes nothing', async () => {
  const { page } = await visit(browser)
  await page.goto(`${relay.url}/#/audit`)
  await page.getByLabel('E-mail address').fill(AUDITOR)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await rows(page).first().waitFor()
  expect(await rows(page).getByRole('checkbox').count()).toBe(0)
  await page.getByRole('button', { name: 'Verify' }).click()
  await page.getByText('Nothing was changed, moved or left out.').waitFor()
  await page.getByRole('button', { name: 'Sign now' }).waitFor()
  expect(await page.getByRole('button', { name: /place…$/ }).count()).toBe(0)
})
