/** The request desk in a browser: from a person's mail to the answer; the disclosure register; 500 requests. */

import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from '@playwright/test'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { launchBrowser, visit } from '../support/browser.ts'
import { picture } from '../support/pictures.ts'
import { type Sink, startSink } from '../support/sink.ts'
import { faults, faultsOf, type Screen } from './faults.ts'
import { ConsoleRelay, logIn, password } from './support.ts'

const RITA = 'rita@mailward.example'
const JON = 'jon@mailward.example'
const MARA = 'mara@mailward.example'
const OLE = 'ole@mailward.example'
const ANNA = 'anna.keller@kestrel.example'
const CONTACT = 'ops@acme.example'
const DAY_MS = 86_400_000
const MANY = 500
/** carrying out ends by itself, in rounds */
const PATIENCE = { timeout: 60_000, interval: 200 }
const WAIT = { timeout: 20_000, interval: 100 }

let browser: Browser
let relay: ConsoleRelay
let sink: Sink

/** Mail from outside, without a credential. */
async function mail(from: string, subject: string, text: string): Promise<void> {
  const transport = createTransport({
    host: '127.0.0.1',
    port: relay.smtpPort,
    tls: { rejectUnauthorized: false },
  })
  await transport.sendMail({ from, to: 'privacy@relay.test', subject, text })
  transport.close()
}

/** Letters that arrived for an address, as text. */
function arrived(address: string): string[] {
  return sink.messages
    .filter(({ recipients }) => recipients.some((recipient) => recipient.address === address))
    .map(({ data }) => data.toString('utf8'))
}

const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString()
const dialog = (page: Page) => page.getByRole('dialog')
const closed = (page: Page) => dialog(page).waitFor({ state: 'detached' })
const stage = (page: Page, name: string) =>
  page
    .getByRole('region', { name: 'The path of this request' })
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name, exact: true }) })

beforeAll(async () => {
  browser = await launchBrowser()
  sink = await startSink()
  relay = new ConsoleRelay()
  await relay.start()
  await relay.prepare({ kind: 'smarthost', host: '127.0.0.1', port: sink.port, tls: 'none' })
  const { client } = relay
  for (const email of [RITA, JON]) await client.users.add({ email, role: 'reviewer', password })
  await client.users.add({ email: MARA, role: 'auditor', password })
  await client.users.add({ email: OLE, role: 'operator', password })
  await relay.send([
    { to: ANNA, subject: 'Your order' },
    { to: 'Anna.Keller@Kestrel.example', subject: 'Your invoice' },
    { to: [ANNA, 'tom@heron.example'], subject: 'To both of you' },
    { to: 'tom@heron.example', subject: 'To Tom alone' },
  ])
  await mail(`Anna Keller <${ANNA}>`, 'Please delete my data', 'Please delete everything you hold about me.')
  await vi.waitFor(async () => expect((await client.requests.list({})).requests).toHaveLength(1), WAIT)
  await client.requests.open({
    kind: 'access',
    track: 'third party',
    subject: 'lind@heron.example',
    receivedAt: daysAgo(32),
  })
  await client.requests.open({
    kind: 'objection',
    track: 'account',
    account: 'northbay',
    subject: 'eva@osprey.example',
    receivedAt: daysAgo(25),
  })
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await relay?.remove()
  await sink?.stop()
})

test('a person who mails the privacy desk is answered, by keyboard', { timeout: 240_000 }, async () => {
  const { page, complaints } = await visit(browser)
  await logIn(page, relay, '/messages', RITA)
  const press = (key: string) => page.keyboard.press(key)
  const found: Record<string, string[]> = {}
  const judge = async (name: string): Promise<void> => {
    await picture(page, `requests-${name}`)
    const wrong = await faults(page)
    if (wrong.length > 0) found[name] = wrong
  }
  await page.locator('main').focus()
  await press('g')
  await press('d')

  // the one with the fewest days left stands first
  const rows = page.getByRole('grid', { name: /^Requests/ }).getByRole('row')
  await rows.filter({ hasText: ANNA }).waitFor()
  expect(await rows.nth(1).innerText()).toMatch(/d over[\s\S]*lind@heron/)
  expect(await rows.nth(2).innerText()).toMatch(/[56] d[\s\S]*eva@osprey/)
  await page.getByRole('link', { name: /Requests 1 overdue/ }).waitFor()
  await picture(page, 'requests-list')
  for (let at = 0; at < 3; at++) await press('j')
  await press('Enter')
  await page.getByRole('heading', { name: 'Request 1', exact: true }).waitFor()
  await stage(page, 'Received').getByText('Please delete everything you hold about me.').waitFor()
  await expect.poll(() => stage(page, 'Received').innerText(), WAIT).toMatch(/Acknowledgement[\s\S]*delivered/i)
  await picture(page, 'requests-received')

  // taken, searched, and forwarded to the account that wrote
  await press('t')
  await page.getByRole('button', { name: 'Take it' }).waitFor({ state: 'detached' })
  await press('n')
  await stage(page, 'Search').getByText('acme').waitFor()
  expect(await stage(page, 'Search').innerText()).toMatch(/3 header records/)
  await judge('searched')
  await press('f')
  await dialog(page).getByLabel('Subject').waitFor()
  expect(await dialog(page).getByRole('checkbox', { name: /acme/ }).isChecked()).toBe(true)
  expect(await dialog(page).getByLabel('Text').inputValue()).toContain(CONTACT)
  expect(
    await dialog(page)
      .getByRole('region', { name: `To ${CONTACT}` })
      .innerText(),
  ).toContain(ANNA)
  await judge('forward')
  await dialog(page).getByLabel('Subject').fill('[request 1] Your request goes to acme')
  await dialog(page).getByRole('button', { name: 'Send both letters' }).click()
  await closed(page)
  await expect.poll(() => arrived(ANNA).some((letter) => letter.includes('Your request goes to acme')), WAIT).toBe(true)
  await expect.poll(() => arrived(CONTACT).length, WAIT).toBe(1)
  await stage(page, 'Forwarding').getByText('No account has ordered anything yet').waitFor()
  await picture(page, 'requests-forwarded')

  // the account answers with its order, which has a number of its own
  await mail(CONTACT, 'Re: [request 1] A person asks', 'Please delete what you hold about them.')
  const order = page.getByRole('list', { name: 'What the accounts have made of it' }).getByRole('link')
  await order.waitFor()
  await picture(page, 'requests-ordered')
  await order.click()
  const heading = page.getByRole('heading', { name: /^Request [2-9]$/ })
  await heading.waitFor()
  const number = Number((await heading.innerText()).slice(8))
  await page.getByText('request 1 of a third party').waitFor()

  // who asks is shown by a code that was mailed to the contact
  await page.locator('main').focus()
  await press('i')
  await dialog(page).getByText('Mail a code to the person').waitFor()
  await dialog(page).getByRole('button', { name: 'Mail the code' }).click()
  await closed(page)
  await expect.poll(() => arrived(CONTACT).some((letter) => /\b\d{4} \d{4}\b/.test(letter)), WAIT).toBe(true)
  const code = arrived(CONTACT)
    .map((letter) => /\b\d{4} \d{4}\b/.exec(letter)?.[0])
    .find(Boolean)!
  await page.getByRole('button', { name: 'Enter the code…' }).first().waitFor()
  await press('i')
  await dialog(page).getByLabel('Code').fill('0000 0000')
  await press('Enter')
  await dialog(page).getByRole('alert').waitFor()
  await dialog(page).getByLabel('Code').fill(code)
  await press('Enter')
  await closed(page)

  // search, preview, decision
  await page.getByRole('button', { name: 'Search everything' }).first().waitFor()
  await page.locator('main').focus()
  await press('s')
  await stage(page, 'Preview').getByRole('table').waitFor()
  await judge('preview')
  await press('d')
  await dialog(page).getByLabel('Note (optional)').fill('as the account ordered')
  await picture(page, 'requests-decide')
  await press('Enter')
  await closed(page)
  await page.getByRole('button', { name: 'Carry out…' }).first().waitFor()
  await press('d')
  await dialog(page).getByRole('table').waitFor()
  await picture(page, 'requests-execute')
  await dialog(page).getByRole('button', { name: 'Destroy it' }).click()
  await closed(page)

  // carried out: what went, and the receipt of it
  await page.getByRole('button', { name: 'Answer…' }).first().waitFor()
  const execution = stage(page, 'Execution')
  expect(await execution.innerText()).toMatch(/2 header records destroyed[\s\S]*1 record of others stays/)
  await execution
    .getByRole('link', { name: /^Receipt/ })
    .first()
    .waitFor()
  await judge('executed')
  await page.locator('main').focus()
  await press('d')
  await dialog(page).getByLabel('Text').waitFor()
  await picture(page, 'requests-answer')
  await dialog(page).getByRole('button', { name: 'Send the answer' }).click()
  await closed(page)

  // answered, told, closed; and the person is nowhere but as a hash
  const state = async (id: number) => {
    const { subject, state: present, text } = await relay.client.requests.get({ id })
    return { isNamed: subject.includes('@'), present, text }
  }
  await expect.poll(() => state(number), PATIENCE).toEqual({ isNamed: false, present: 'closed', text: '' })
  await expect.poll(() => state(1), PATIENCE).toEqual({ isNamed: false, present: 'closed', text: '' })
  expect(arrived(ANNA).at(-1)).toMatch(/\[request 1\]/)
  await page.goto(`${relay.url}/#/requests/1`)
  await page.getByText('closed').first().waitFor()
  expect(await page.locator('main').innerText()).not.toContain(ANNA)
  await judge('closed')
  expect(found).toEqual({})
  expect(complaints).toEqual([])
})

test('a package is read by a second person, handed over by link, and the answer names it', {
  timeout: 180_000,
}, async () => {
  const { client } = relay
  await client.requests.setPolicy({
    reviewPackages: true,
    packageDays: 7,
    keepDays: 1095,
    acknowledge: true,
    reason: 'two people look',
  })
  await relay.send([{ to: 'lind@heron.example', subject: 'Your order' }])
  const rita = await visit(browser)
  await logIn(rita.page, relay, '/requests/2', RITA)
  const { page } = rita
  await page.getByRole('heading', { name: 'Request 2', exact: true }).waitFor()
  await page.getByRole('button', { name: 'Describe evidence…' }).click()
  await dialog(page).getByLabel('Evidence').fill('a copy of a passport, seen and sent back')
  await page.keyboard.press('Enter')
  await closed(page)
  await page.getByRole('button', { name: 'Search everything' }).first().click()
  await page.getByRole('button', { name: 'Decide…' }).first().click()
  await dialog(page).getByRole('button', { name: 'Carry it out' }).click()
  await closed(page)
  await page.getByRole('button', { name: 'Carry out…' }).first().click()
  await dialog(page).getByRole('button', { name: 'Build the package' }).click()
  await closed(page)
  await page.getByText('You built it: somebody else has to review it.').waitFor()
  expect(await page.getByRole('button', { name: 'Hand over…' }).count()).toBe(0)

  const jon = await visit(browser)
  await logIn(jon.page, relay, '/requests/2', JON)
  await jon.page.getByRole('button', { name: 'Review…' }).first().click()
  await jon.page.frameLocator('iframe').getByText('lind@heron.example').first().waitFor()
  await picture(jon.page, 'requests-package-review')
  expect((await new AxeBuilder({ page: jon.page }).exclude('iframe').analyze()).violations).toEqual([])
  await dialog(jon.page).getByRole('button', { name: 'Release it' }).click()
  await closed(jon.page)

  await page.getByRole('button', { name: 'Hand over…' }).first().click()
  await dialog(page).getByRole('button', { name: 'Make the link' }).click()
  await dialog(page).getByText('The passphrase is not kept anywhere').waitFor()
  await picture(page, 'requests-package-handed')
  const link = await dialog(page).getByRole('region', { name: 'Link' }).innerText()
  const file = await fetch(link)
  expect(file.status).toBe(200)
  expect(
    Buffer.from(await file.arrayBuffer())
      .subarray(0, 2)
      .toString(),
  ).toBe('PK')
  await dialog(page).getByRole('button', { name: 'Answer with this link…' }).click()
  await expect.poll(() => dialog(page).getByLabel('Text').inputValue(), WAIT).toContain(link)
  await dialog(page).getByRole('button', { name: 'Send the answer' }).click()
  await closed(page)
  await expect.poll(() => arrived('lind@heron.example').some((letter) => letter.includes('/package/')), WAIT).toBe(true)
  expect([...rita.complaints, ...jon.complaints]).toEqual([])
})

test('a demand of an authority is approved by a second person and exported', { timeout: 90_000 }, async () => {
  const rita = await visit(browser)
  await logIn(rita.page, relay, '/requests/disclosures', RITA)
  await rita.page.getByText('No legal demands').waitFor()
  await rita.page.getByRole('button', { name: 'Record a demand…' }).click()
  await dialog(rita.page).getByLabel('Authority').fill('Public prosecutor’s office')
  await dialog(rita.page).getByLabel('Basis').fill('§ 100g, 7101 Js 212/26')
  await dialog(rita.page).getByLabel('Account', { exact: true }).selectOption('acme')
  await dialog(rita.page).getByRole('button', { name: 'Record demand' }).click()
  await closed(rita.page)
  await rita.page.getByText('You recorded it: somebody else has to approve it.').waitFor()
  expect(await rita.page.getByRole('button', { name: 'Approve…' }).count()).toBe(0)
  await rita.page.getByRole('link', { name: /^Hold/ }).waitFor()

  const jon = await visit(browser)
  await logIn(jon.page, relay, '/requests/disclosures/1', JON)
  await jon.page.getByRole('button', { name: 'Approve…' }).click()
  await dialog(jon.page).getByLabel('Reason').fill('the order of the court is there')
  await jon.page.keyboard.press('Enter')
  await closed(jon.page)
  await jon.page.getByRole('button', { name: 'Export…' }).click()
  const saved = jon.page.waitForEvent('download')
  await dialog(jon.page).getByRole('button', { name: 'Export and save' }).click()
  expect((await saved).suggestedFilename()).toMatch(/\.jsonl$/)
  await closed(jon.page)
  await jon.page.getByText(/\d+ records, .* by /).waitFor()
  await picture(jon.page, 'disclosure')
  await jon.page.getByRole('button', { name: 'Tell the account…' }).click()
  await dialog(jon.page).getByRole('button', { name: 'Send the letter' }).click()
  await closed(jon.page)
  await jon.page.getByRole('button', { name: 'Close…' }).click()
  await dialog(jon.page).getByLabel('Reason').fill('everything is done')
  await jon.page.keyboard.press('Enter')
  await closed(jon.page)
  const { legalRequests } = await relay.client.legalRequests.list({})
  expect(legalRequests[0]).toMatchObject({ state: 'closed', recordedBy: RITA, approvedBy: JON })
  expect([...rita.complaints, ...jon.complaints]).toEqual([])
})

test('a role sees of the desk what it may do', { timeout: 60_000 }, async () => {
  const mara = await visit(browser)
  await logIn(mara.page, relay, '/requests/3', MARA)
  await mara.page.getByRole('heading', { name: 'Request 3', exact: true }).waitFor()
  for (const name of ['New request…', 'Take it', 'Add note…', 'Search everything', 'Mail a code…'])
    expect(await mara.page.getByRole('button', { name }).count()).toBe(0)
  for (const key of ['n', 's', 'w', 'r', 'c']) await mara.page.keyboard.press(key)
  expect(await dialog(mara.page).count()).toBe(0)
  const ole = await visit(browser)
  await logIn(ole.page, relay, '/messages', OLE)
  expect(await ole.page.getByRole('link', { name: 'Requests' }).count()).toBe(0)
})

test('no part of the screen has a fault', { timeout: 240_000 }, async () => {
  const { page, complaints } = await visit(browser, { width: 1920, height: 1080 })
  await logIn(page, relay, '/requests', RITA)
  const asked =
    (key: string, title: RegExp | string): Screen[2] =>
    async (each) => {
      await each.getByRole('heading', { name: 'Request 3', exact: true }).waitFor()
      await each.locator('main').focus()
      await each.keyboard.press(key)
      await each.getByRole('dialog').getByText(title).first().waitFor()
    }
  const screens: Screen[] = [
    ['answered', () => '/requests?view=closed', (each) => each.getByRole('grid').waitFor()],
    ['no match', () => '/requests?kind=portability', (each) => each.getByText('No request matches').waitFor()],
    ['no account', () => '/requests?account=nobody', (each) => each.getByText(/There is no account/).waitFor()],
    ['no such request', () => '/requests/9999', (each) => each.getByText('There is no request of this').waitFor()],
    ['new', () => '/requests?ask=new', (each) => each.getByText('Write down a request').waitFor()],
    ['note', () => '/requests/3', asked('w', 'Note on request 3')],
    ['refuse', () => '/requests/3', asked('r', 'Refuse request 3')],
    ['evidence', () => '/requests/3', asked('o', 'Confirm identity by evidence')],
    ['keys', () => '/requests/3', asked('?', 'On a request')],
    ['register', () => '/requests/disclosures', (each) => each.getByText('Public prosecutor’s office').waitFor()],
    [
      'demand',
      () => '/requests/disclosures/1',
      (each) => each.getByText('everything is done').or(each.getByText('Demand 1')).first().waitFor(),
    ],
    ['no demand', () => '/requests/disclosures/99', (each) => each.getByText('There is no demand').waitFor()],
    ['record', () => '/requests/disclosures?ask=record', (each) => each.getByText('Record a legal demand').waitFor()],
    ['settings', () => '/settings/requests', (each) => each.getByText('Packages stay').waitFor()],
  ]
  expect(await faultsOf(page, screens)).toEqual({})
  expect(complaints).toEqual([])
})

test('500 requests are drawn a screenful at a time', { timeout: 120_000 }, async () => {
  const { client } = relay
  for (let done = 0; done < MANY; done += 20) {
    const numbers = Array.from({ length: 20 }, (_, at) => done + at)
    await Promise.all(
      numbers.map((at) =>
        client.requests.open({ kind: 'access', track: 'third party', subject: `person${at}@heron.example` }),
      ),
    )
  }
  const { page, complaints } = await visit(browser, { width: 1920, height: 1080 })
  await logIn(page, relay, '/requests', RITA)
  const grid = page.getByRole('grid', { name: /^Requests/ })
  const scroll = () =>
    grid.evaluate((element) => {
      element.scrollTop = element.scrollHeight
      return Number(element.getAttribute('aria-rowcount'))
    })
  await expect.poll(scroll, WAIT).toBeGreaterThan(MANY)
  const total = await scroll()
  await grid.locator(`[aria-rowindex="${total}"]`).waitFor()
  expect(await grid.getByRole('row').count()).toBeLessThan(100)
  expect(complaints).toEqual([])
})
