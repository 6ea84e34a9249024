/**
 * A compliance person who starts from zero with the built product: a fresh data folder, commands as in the README, mail
 * by swaks, two people in two browsers. From the flags to the suspension and its end, with a picture of each step where
 * MAILWARD_PICTURES names a folder.
 */

import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, Page } from '@playwright/test'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SampleView } from '../../src/contract/samples.ts'
import { builtMain, CommandLine, type Served, serve } from '../cli/support.ts'
import { launchBrowser, type Visitor, visit } from '../support/browser.ts'
import { picture } from '../support/pictures.ts'
import { faults } from './faults.ts'
import { accountPassword, password } from './support.ts'

const shared = resolve(import.meta.dirname, '../../../shared')
const material = join(shared, 'mail/notmuch/default/bar/new/21:2,')
const sinkProgram = join(shared, 'bin/sink.py')
// it says what of its own needs is there: Debian's package speaks TLS only with another one
const hasSwaks = spawnSync('swaks', ['--support']).stdout?.toString().includes('=== TLS supported') === true

/** What is not everywhere, and what of it is missing here. */
const needs = ['../shared/mail', '../shared/bin', 'swaks with TLS']
const missing = [existsSync(material), existsSync(sinkProgram), hasSwaks].flatMap((has, at) => (has ? [] : needs[at]!))

const INES = 'ines@mailward.example'
const RITA = 'rita@mailward.example'
const SAM = 'sam@mailward.example'
const GTUBE = 'XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X'
const WHY = 'phishing in the name of a bank'
/** recipients whose host has no time at the first try */
const LATER = ['later1', 'later2', 'later3']
/** other processes are waited for, however busy the machine is */
const PATIENT = { timeout: 60_000 }
/** of each block of 1000 messages one is drawn */
const BLOCK = 1000

const commandLine = new CommandLine(builtMain)
const browsers: Browser[] = []
let served: Served
let sink: ChildProcess
let sinkFolder: string

/** A port nobody listens on. */
function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => done(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** A strict next hop, which has no time for the first try to `later…`. Returns its port. */
async function startSink(): Promise<number> {
  const port = await freePort()
  sinkFolder = join(commandLine.root, 'sink')
  mkdirSync(sinkFolder, { recursive: true })
  sink = spawn('python3', [sinkProgram, String(port), sinkFolder, '--tempfail', '^later', '--tempfail-times', '1'])
  await new Promise((ready) => sink.stdout!.once('data', ready))
  return port
}

/** What the sink has taken for an address. */
function arrived(recipient: string): number {
  const index = readFileSync(join(sinkFolder, 'index.jsonl'), 'utf8')
  return index.split('\n').filter((line) => line.includes(`"${recipient}"`) || line.includes(`<${recipient}>`)).length
}

/** A real letter of several parts, turned into one that asks for a password in the name of a bank. */
function phishing(): string {
  const [head, ...parts] = readFileSync(material, 'latin1').split(/^(?=--0016e64ca4d8f27a[^\n]*\n)/m)
  const own = 'From|To|Subject|Message-ID|Date|List-[A-Za-z]+|X-BeenThere|Sender|Errors-To'
  const kept = head!.replace(new RegExp(`^(?:${own}): .*\\n(?:[ \\t].*\\n)*`, 'gm'), '')
  const lure = 'your account is limited. Confirm your password within 24 hours:'
  const shown = 'https://kestrel-bank.example/confirm'
  const text = `Dear customer,\n\n${lure}\n${shown}\n\nKestrel Bank\n\n`
  const link = `<a href="http://192.0.2.7/confirm">${shown}</a>`
  const html = `<p>Dear customer,</p><p>${lure}</p><p>${link}</p><p>Kestrel Bank</p>\n`
  const changed = parts.map((part) => {
    const [fields] = part.split('\n\n', 1)
    if (/text\/html/.test(fields!)) return `${fields}\n\n${html}`
    if (/charset=ISO/.test(fields!)) return `${fields}\n\n${text}`
    // the footer of the list
    return /charset="us-ascii"/.test(fields!) ? '' : part
  })
  const author = 'From: Kestrel Bank <billing@acme.example>\nTo: tom@kestrel.example'
  return `${author}\nSubject: Your account is limited\n${kept}${changed.join('')}`.replaceAll('\n', '\r\n')
}

const gtube = `From: billing@acme.example\r\nTo: tom@kestrel.example\r\nSubject: Your invoice\r\n\r\n${GTUBE}\r\n`

interface QueueRow {
  key: string
  total: number
}

interface Swaks {
  status: number
  output: string
}

/** One message by swaks, as a customer would send it. */
async function swaks(to: string, ...further: string[]): Promise<Swaks> {
  const own = ['--server', `127.0.0.1:${served.port('smtp')}`, '--tls', '--auth', 'PLAIN', '--auth-user', 'acme']
  const letter = ['--auth-password', accountPassword, '--from', 'billing@acme.example', '--to', to]
  const ran = promisify(execFile)('swaks', [...own, ...letter, ...further])
  return ran.then(
    ({ stdout }) => ({ status: 0, output: stdout }),
    (error: { code: number; stdout: string }) => ({ status: error.code, output: error.stdout }),
  )
}

/** The same message many times over: of a thousand exactly one is drawn, whichever it is. */
async function sendMany(raw: string, times: number): Promise<void> {
  const transport = createTransport({
    host: '127.0.0.1',
    port: served.port('smtp'),
    pool: true,
    maxConnections: 4,
    maxMessages: Number.POSITIVE_INFINITY,
    tls: { rejectUnauthorized: false },
    auth: { user: 'acme', pass: accountPassword },
  })
  const envelope = { from: 'billing@acme.example', to: 'tom@kestrel.example' }
  try {
    await Promise.all(Array.from({ length: times }, () => transport.sendMail({ envelope, raw })))
  } finally {
    transport.close()
  }
}

async function newPerson(): Promise<Visitor> {
  const browser = await launchBrowser()
  browsers.push(browser)
  return visit(browser)
}

function consoleUrl(): string {
  return `http://127.0.0.1:${served.port('console')}`
}

async function enter(page: Page, who: string, path: string): Promise<void> {
  await page.goto(`${consoleUrl()}/#${path}`)
  await page.getByLabel('E-mail address').fill(who)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('navigation', { name: 'Screens' }).waitFor()
}

/** Keeps a text beside the pictures. */
function keep(name: string, text: string): void {
  const folder = process.env.MAILWARD_PICTURES
  if (folder) writeFileSync(join(folder, name), text)
}

async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate((next) => {
    location.hash = next
  }, hash)
}

/** Runs a command that must succeed, as written in the README. */
async function mailward(words: string[], input = ''): Promise<string> {
  const { status, out, err } = await commandLine.run(words, input)
  expect([status, err.replace(/^(?!mailward: ).*\n/gm, '')]).toEqual([0, ''])
  return out
}

beforeAll(async () => {
  if (missing.length > 0) return
  served = await serve(commandLine, '--hostname', 'relay.test')
  const port = await startSink()
  await mailward(['account', 'add', 'acme', '--contact', 'ops@acme.example', '--domain', 'acme.example'])
  await mailward(['credential', 'add', 'acme', '--password-stdin'], accountPassword)
  await mailward(['route', 'set', '*', 'smarthost', `127.0.0.1:${port}`, '--tls', 'none'])
}, 30_000)

afterAll(async () => {
  for (const browser of browsers) await browser.close()
  if (sink && sink.exitCode === null) sink.kill()
  await commandLine.remove()
})

test.skipIf(missing.length > 0)(
  `flags lead to a case, that to a sample, to a suspension and its end (needs ${needs.join(', ')})`,
  { timeout: 600_000 },
  async () => {
    // the first person comes by the one-time link; reviewers are added by command
    const link = served.lines.find((line) => line.startsWith('Create the first person: '))!.split(': ')[1]!
    const { page: admin } = await newPerson()
    await admin.goto(link)
    await admin.getByLabel('Name', { exact: true }).fill('Ines Vogel')
    await admin.getByLabel('E-mail address').fill(INES)
    await admin.getByLabel('Password').fill(password)
    await admin.getByRole('button', { name: 'Continue' }).click()
    await admin.getByRole('button', { name: 'Continue' }).waitFor({ state: 'detached' })
    for (const who of [RITA, SAM])
      await mailward(['user', 'add', who, '--role', 'reviewer', '--password-stdin'], password)
    await goTo(admin, '/settings/review')
    await admin.getByRole('button', { name: 'Change… Opening samples' }).click()
    await admin.getByLabel('Brake').fill('0')
    await admin.getByRole('textbox', { name: 'Reason', exact: true }).fill('cases are opened by hand here')
    await admin.getByRole('button', { name: 'Set policy' }).click()
    await admin.getByText('Policy of review set').waitFor()

    // two blocks of mail: of each one message is drawn, whichever it is
    const lure = phishing()
    expect(await swaks('tom@kestrel.example', '--data', gtube)).toMatchObject({ status: 0 })
    await sendMany(gtube, BLOCK - 1)
    await sendMany(lure, BLOCK)
    await expect.poll(() => arrived('tom@kestrel.example'), PATIENT).toBe(2 * BLOCK)
    const listed = () => commandLine.jsonLines<SampleView>(['samples'])
    const samples = await listed()
    expect(samples.map(({ block, flagged, case: file }) => [block, flagged, file])).toEqual([
      [1, true, null],
      [0, true, null],
    ])

    // the flags suggest a case, which opens filled in
    const { page: rita, complaints } = await newPerson()
    await enter(rita, RITA, '/review')
    await rita.getByRole('button', { name: 'Open a case on acme' }).waitFor()
    await picture(rita, 'review-walk-01-flags')
    expect(await faults(rita)).toEqual([])
    await rita.getByRole('button', { name: 'Open a case on acme' }).click()
    await rita.getByLabel('Reason').selectOption('phishing')
    await rita.getByRole('dialog').getByRole('checkbox').first().waitFor()
    await picture(rita, 'review-walk-02-new-case')
    await rita.getByRole('button', { name: 'Open case', exact: true }).click()
    await rita.getByRole('heading', { name: 'Case 1' }).waitFor()
    await rita.getByRole('button', { name: 'Take it' }).click()
    const ask = rita.getByRole('button', { name: /^Ask to open/ })
    await expect.poll(() => ask.count(), PATIENT).toBe(2)
    await picture(rita, 'review-walk-03-case')
    expect((await listed()).map(({ case: file }) => file)).toEqual([1, 1])

    // the phishing mail has the lower score, and stands below: it is asked for, and approved in another browser
    await ask.last().click()
    await rita.getByLabel('What you expect to find out').fill('whether it asks for passwords in the name of a bank')
    await picture(rita, 'review-walk-04-ask')
    await rita.getByRole('button', { name: 'Ask', exact: true }).click()
    await rita.getByRole('button', { name: 'Waits for a second person' }).waitFor()
    const { page: sam } = await newPerson()
    await enter(sam, SAM, '/review')
    await sam.getByRole('region', { name: 'Waiting for you' }).getByRole('link').click()
    await sam.getByText('whether it asks for passwords').waitFor()
    await picture(sam, 'review-walk-05-approval')
    expect(await faults(sam)).toEqual([])
    await sam.keyboard.press('y')
    await sam.getByRole('button', { name: `Only ${RITA} can open it` }).waitFor()

    // it opens once, for who asked
    await rita.getByRole('button', { name: 'Open…', exact: true }).click()
    await rita.getByRole('button', { name: 'Open', exact: true }).click()
    await rita.getByText('Confirm your password within 24 hours').waitFor()
    await picture(rita, 'review-walk-06-viewer')
    await rita.getByRole('tab', { name: 'HTML' }).click()
    await rita.frameLocator('iframe').getByText('link to http://192.0.2.7/confirm').waitFor()
    await picture(rita, 'review-walk-07-viewer-html')
    await rita.getByRole('button', { name: 'Close and seal' }).click()
    await rita.getByRole('button', { name: 'Ask again…' }).waitFor()

    // verdict and suspension
    await rita.keyboard.press('b')
    await rita.getByLabel('What decides it').fill('it asks for passwords in the name of a bank')
    await picture(rita, 'review-walk-08-verdict')

    // mail that waits for its second try will be held by the suspension
    for (const name of LATER) expect(await swaks(`${name}@kestrel.example`)).toMatchObject({ status: 0 })
    const waiting = async (state: string) =>
      (await commandLine.jsonLines<QueueRow>(['queue', '--by', 'state'])).find(({ key }) => key === state)?.total
    await expect.poll(() => waiting('deferred'), PATIENT).toBe(LATER.length)

    await rita.keyboard.press('Enter')
    await rita.getByRole('radio', { name: /Suspend/ }).click()
    await rita.getByLabel('Reason', { exact: true }).fill(WHY)
    await rita.getByText(/refused with 550 5.7.1/).waitFor()
    await rita.getByText(/3 deliveries/).waitFor()
    const suspend = rita.getByRole('button', { name: 'Suspend the account' })
    await expect.poll(() => suspend.isEnabled(), PATIENT).toBe(true)
    await picture(rita, 'review-walk-09-suspension')
    await suspend.click()
    await rita.getByRole('region', { name: 'Actions' }).getByText('letter sent').waitFor()
    await picture(rita, 'review-walk-10-decided')

    // the account's next mail is refused with the reason; what waited is held
    const refused = await swaks('tom@kestrel.example')
    keep('review-walk-swaks.txt', refused.output)
    expect(refused.status).not.toBe(0)
    expect(refused.output).toMatch(new RegExp(`<.*\\* 550 5\\.7\\.1 .*${WHY}`))
    expect(await waiting('held')).toBe(LATER.length)

    // the account can see that somebody looked, when and why
    await goTo(rita, '/accounts/acme?tab=report')
    // of the block that has begun one may be drawn already
    await rita.getByText(/^[23] samples stored, 1 opening\.$/).waitFor()
    await picture(rita, 'review-walk-11-access-report')
    expect(await faults(rita)).toEqual([])

    // the suspension ends: the queue goes on, and nothing was lost
    await goTo(rita, '/review/1')
    await rita.getByRole('button', { name: 'Undo…' }).click()
    await rita.getByLabel('Reason').fill('the password was changed')
    await rita.getByRole('button', { name: 'Undo', exact: true }).click()
    await rita.getByText(`undone by ${RITA}`).waitFor()
    await picture(rita, 'review-walk-12-undone')
    for (const name of LATER) await expect.poll(() => arrived(`${name}@kestrel.example`), PATIENT).toBe(1)
    expect(await swaks('tom@kestrel.example')).toMatchObject({ status: 0 })
    await expect.poll(() => arrived('tom@kestrel.example'), PATIENT).toBe(2 * BLOCK + 1)
    await mailward(['audit', 'verify'])
    // of the HTML part, while it is taken apart
    expect(complaints.filter((line) => !line.includes('Content Security Policy'))).toEqual([])
  },
)
