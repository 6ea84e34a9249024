/** Consent to mailings, and every way out of them: one click, the page, mail to the relay, a person. */

import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sink, startSink } from '../support/sink.ts'
import { type Client, startTestRelay, type TestRelay } from './support.ts'

let relay: TestRelay
let sink: Sink
let admin: Client

const purpose = 'Product news'
const oneClick = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } } as const

beforeAll(async () => {
  relay = await startTestRelay()
  sink = await startSink()
  admin = relay.bearer((await relay.person('admin')).token)
  await admin.accounts.add({ name: 'acme', contact: 'ops@acme.example', domains: ['acme.example'] })
  await admin.routes.set({ domain: '*', route: { kind: 'smarthost', host: '127.0.0.1', port: sink.port, tls: 'none' } })
})
afterAll(async () => {
  await relay.stop()
  await sink.stop()
})

function give(address: string) {
  return admin.policy.giveConsent({ account: 'acme', address, purpose, source: 'asked by telephone' })
}

/** Sends a mailing to whoever consents, and gives the token in the letter to an address. */
async function mailed(address: string): Promise<{ token: string; letter: string }> {
  const before = sink.messages.length
  const { sent } = await admin.policy.sendMailing({ purpose, subject: 'What is new', text: 'Much.\n\nMore soon.' })
  await sink.received(before + sent)
  const message = sink.messages.slice(before).find(({ recipients }) => recipients[0]!.address === address)!
  const letter = message.data.toString()
  return { letter, token: /unsubscribe\+([0-9a-z-]+)@/.exec(letter)![1]! }
}

async function standing(address: string): Promise<boolean> {
  const found = (await admin.policy.consents({})).find((consent) => consent.address === address)
  return found?.withdrawnAt === null
}

test('a mailing goes to those who consent, and to nobody when nobody does', async () => {
  const nobody = admin.policy.sendMailing({ purpose, subject: 'What is new', text: 'Much.' })
  await expect(nobody).rejects.toMatchObject({ code: 'REFUSED', message: 'nobody consents to mail about Product news' })
  expect(await give('ann@acme.example')).toMatchObject({ account: 'acme', purpose, withdrawnAt: null })
  await expect(give('Ann@acme.example')).rejects.toMatchObject({ code: 'CONFLICT' })
  const { letter, token } = await mailed('ann@acme.example')
  expect(letter).toContain('List-Id: <product-news.relay.test>\r\n')
  expect(letter).toContain(`List-Unsubscribe: <mailto:unsubscribe+${token}@relay.test>\r\n`)
  // there is no address on the web
  expect(letter).not.toContain('List-Unsubscribe-Post')
})

test('one click withdraws at once, and a scanner that opens the link does not', async () => {
  await admin.policy.setPublicUrl({ url: 'https://relay.test/', reason: 'it has one now' })
  const { letter, token } = await mailed('ann@acme.example')
  expect(letter).toMatch(
    /List-Unsubscribe: <https:\/\/relay\.test\/unsubscribe\/\S+>,\r\n <mailto:unsubscribe\+\S+@relay\.test>\r\n/,
  )
  expect(letter).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n')
  const page = `${relay.url}/unsubscribe/${token}`
  const seen = await fetch(page)
  expect(seen.status).toBe(200)
  expect(seen.headers.get('content-security-policy')).toMatch(/form-action 'self'/)
  const html = await seen.text()
  expect(html).toContain(purpose)
  expect(html).not.toContain('ann@')
  expect((await fetch(page, { method: 'HEAD' })).status).toBe(200)
  expect((await fetch(page, { ...oneClick, body: 'something=else' })).status).toBe(400)
  expect((await fetch(page, { ...oneClick, body: 'x'.repeat(100_000) })).status).toBe(400)
  expect(await standing('ann@acme.example')).toBe(true)

  // as the server of a mail provider does it: another host name, no cookie, no Origin
  const click = await fetch(page, { ...oneClick, body: 'List-Unsubscribe=One-Click' })
  expect(click.status).toBe(200)
  const [consent] = await admin.policy.consents({ purpose })
  expect(consent).toMatchObject({ address: 'ann@acme.example', withdrawnBy: 'one-click' })
  expect((await fetch(page, { ...oneClick, body: 'List-Unsubscribe=One-Click' })).status).toBe(200)
  expect((await admin.policy.consents({ purpose }))[0]).toEqual(consent)
})

test('a form in several parts is one click too, also from the page itself', async () => {
  await give('bob@acme.example')
  const { token } = await mailed('bob@acme.example')
  const body = new FormData()
  body.append('List-Unsubscribe', 'One-Click')
  const headers = { origin: 'null', 'sec-fetch-site': 'same-origin' }
  expect((await fetch(`${relay.url}/unsubscribe/${token}`, { method: 'POST', body, headers })).status).toBe(200)
  expect(await standing('bob@acme.example')).toBe(false)
})

test('the page of an old letter asks about the consent that was given again since', async () => {
  await give('una@acme.example')
  const { token } = await mailed('una@acme.example')
  const page = `${relay.url}/unsubscribe/${token}`
  await fetch(page, { ...oneClick, body: 'List-Unsubscribe=One-Click' })
  expect(await (await fetch(page)).text()).toContain('You get no more of these letters')
  await give('una@acme.example')
  expect(await (await fetch(page)).text()).toContain('<form method="post">')
  expect(await standing('una@acme.example')).toBe(true)
  await fetch(page, { ...oneClick, body: 'List-Unsubscribe=One-Click' })
  expect(await standing('una@acme.example')).toBe(false)
})

test('a token that was made up leads nowhere', async () => {
  await give('eve@acme.example')
  const { token } = await mailed('eve@acme.example')
  const other = token.replace(/-./, (found) => (found === '-0' ? '-1' : '-0'))
  for (const wrong of [other, `1${token}`, token.slice(0, -1), '', '../session', 'x'.repeat(5000)])
    expect(
      (await fetch(`${relay.url}/unsubscribe/${wrong}`, { ...oneClick, body: 'List-Unsubscribe=One-Click' })).ok,
    ).toBe(false)
  expect(await standing('eve@acme.example')).toBe(true)
})

test('mail to the address in the letter withdraws, also in capital letters', async () => {
  const { token } = await mailed('eve@acme.example')
  const smtp = relay.relay.listeners.find(({ kind }) => kind === 'smtp')!
  const transport = createTransport({ host: smtp.host, port: smtp.port, tls: { rejectUnauthorized: false } })
  const to = `UNSUBSCRIBE+${token.toUpperCase()}@relay.test`
  await transport.sendMail({ from: 'eve@acme.example', to, subject: 'no more', text: '' })
  transport.close()
  while (await standing('eve@acme.example')) await new Promise((wait) => setTimeout(wait, 20))
  expect((await admin.policy.consents({}))[0]).toMatchObject({ address: 'eve@acme.example', withdrawnBy: 'mail' })
})

test('a mailing that still waits in the queue is stopped with its consent, and no other mail', async () => {
  await admin.routes.set({
    domain: 'slow.example',
    route: { kind: 'smarthost', host: '127.0.0.1', port: 1, tls: 'none' },
  })
  const tom = await give('tom@slow.example')
  await give('tim@slow.example')
  await admin.policy.sendMailing({ purpose, subject: 'What is new', text: 'Much.' })
  const queued = async () => (await admin.queue.list({ filter: {}, limit: 10 })).items.map(({ recipient }) => recipient)
  expect(await queued()).toEqual(expect.arrayContaining(['tom@slow.example', 'tim@slow.example']))
  while ((await admin.queue.list({ filter: {}, limit: 10 })).items.some(({ state }) => state === 'sending'))
    await new Promise((wait) => setTimeout(wait, 20))
  await admin.policy.withdrawConsent({ id: tom.id, reason: 'he telephoned' })
  expect(await queued()).toEqual(['tim@slow.example'])
})

test('the audit log has numbers and purposes of consents, never an address', async () => {
  const { rows } = await admin.audit.list({ action: 'consents', limit: 100 })
  expect(rows.length).toBeGreaterThan(8)
  expect(JSON.stringify(rows)).not.toMatch(/@(acme|slow)\.example/)
})
