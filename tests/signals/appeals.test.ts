/** Appeals on real sockets: an answer to a letter of the review desk stands in its case, and opens it again. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { Client } from '../submission/support/client.ts'
import { EngineFixture } from '../support/engineFixture.ts'

const rita = { id: 1, email: 'rita@relay.example' }
const ACCOUNT = 1

let fixture: EngineFixture
let file: number
let address: string
const clients: Client[] = []

const header = (name: string, text: string) =>
  new RegExp(`^${name}: (.*(?:\\r\\n[ \\t].*)*)`, 'im').exec(text)?.[1]?.replaceAll(/\r\n[ \t]+/g, ' ')

beforeEach(async () => {
  fixture = await EngineFixture.start()
  const { cases } = fixture.store
  const at = Date.now()
  file = await cases.open({ account: ACCOUNT, reason: 'spam', note: 'reports', signals: [] }, rita, at)
  const letter = { subject: 'A warning', text: 'Why: spam.\n\nPlease stop.', replyTo: rita.email, message: undefined }
  const given = { case: file, kind: 'warn', perHour: undefined, reason: 'spam', by: rita.email, at, letter } as const
  const action = await cases.addAction(given, rita)
  await fixture.engine.followAction(action)
  const sent = (await cases.action(action))!.letter!.message!
  const headers = Buffer.from((await fixture.store.log.get(sent))!.headers).toString('latin1')
  const answers = header('Reply-To', headers)!
  expect(answers).toContain(`<${rita.email}>`)
  address = /<(appeal\+[^>]*)>/.exec(answers)![1]!
})

afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  await fixture.stop()
})

/** Writes to the relay as a stranger; resolves with the reply to RCPT, or to the end of the data. */
async function write(
  to: string,
  further: string[] = [],
  body = 'We have the consent of all of them.',
): Promise<string> {
  for (const { id } of fixture.store.directory.credentials()) await fixture.store.directory.removeCredential(id)
  const client = await Client.open(fixture.port)
  clients.push(client)
  await client.expect('250', 'EHLO mail.acme.example')
  await client.expect('250', 'MAIL FROM:<ops@acme.example>')
  const taken = await client.say(`RCPT TO:<${to}>`)
  if (!taken.startsWith('250')) return taken
  await client.expect('354', 'DATA')
  const fields = ['From: Olga <ops@acme.example>', `To: <${to}>`, 'Subject: Re: A warning', ...further]
  const reply = await client.say(`${[...fields, '', body].join('\r\n')}\r\n.`)
  await fixture.engine.signals.settled()
  return reply
}

const poll = async () => (await fixture.store.cases.get(file, Date.now()))!
const kinds = async () => (await poll()).events.map(({ kind }) => kind)

test('an answer stands in the timeline of its case; a decided case is opened again by it', async () => {
  const { cases } = fixture.store
  expect(await write(address)).toMatch(/^250/)
  expect((await poll()).events.at(-1)).toMatchObject({ kind: 'appeal', actor: 'system' })
  expect((await poll()).events.at(-1)!.text).toContain('We have the consent of all of them.')
  await cases.decide(file, 'breach', 'no consent', rita, Date.now())
  await cases.close(file, '', rita, Date.now())
  expect(await write(address.toUpperCase(), [], 'Here is the proof.')).toMatch(/^250/)
  expect(await poll()).toMatchObject({ status: 'in review', verdict: undefined })
  expect((await kinds()).slice(-2)).toEqual(['appeal', 'reopened'])
  const { rows } = await fixture.store.audit.list({ action: 'cases' }, 3, undefined)
  expect(rows.map(({ action }) => action)).toEqual(['cases.reopen', 'cases.appeal', 'cases.close'])
})

test('what only looks like an answer opens nothing', async () => {
  await fixture.store.cases.decide(file, 'breach', 'no consent', rita, Date.now())
  const before = await kinds()
  const forged = address.replace(/-.*@/, `-${'0'.repeat(32)}@`)
  expect(await write(forged)).toMatch(/^250/)
  expect(await write(address, ['Auto-Submitted: auto-replied (vacation)'])).toMatch(/^250/)
  expect(await kinds()).toEqual(before)
  // nobody would read what names no case
  expect(await write(address.replace(/\+.*@/, '@'))).toMatch(/^5/)
  expect((await poll()).status).toBe('decided')
})

test('so many answers a day are kept, and no more of each than a person reads', async () => {
  for (let i = 0; i < 22; i++) await write(address, [], `answer ${i} ${'x '.repeat(5000)}`)
  const appeals = (await poll()).events.filter(({ kind }) => kind === 'appeal')
  expect(appeals).toHaveLength(20)
  for (const { text } of appeals) expect(text.length).toBeLessThanOrEqual(4000)
})
