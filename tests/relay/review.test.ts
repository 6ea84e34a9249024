/** The review desk over the API of a real relay: from the suspicion to the sample, and what follows for the account. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { createORPCClient } from '@orpc/client'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RelayPort } from '../../src/relay/http/messagePort.ts'
import { submit } from '../soak/client.ts'
import { type Sink, startSink } from '../support/sink.ts'
import { type Client, callRaw, startTestRelay, type TestRelay } from './support.ts'

const MESSAGES = 1000
/** stands in every body */
const CANARY = 'A message that must not be lost.'

let relay: TestRelay
let sink: Sink
let rita: Client
let sam: Client
let operator: Client
let auditor: Client
let ritaToken: string
let operatorToken: string
let auditorToken: string
const windows: MessagePort[] = []
let sample: string

function smtpPort(): number {
  return relay.relay.listeners.find(({ kind }) => kind === 'smtp')!.port
}

/** Submits messages of an account; resolves with how many were acknowledged. */
async function send(count: number, from = 'billing@acme.example', sessions = 4): Promise<number> {
  let acknowledged = 0
  const part = (session: number) =>
    Array.from({ length: Math.ceil(count / sessions) }, (_, i) => `review-${session}-${i}`)
  await Promise.all(
    Array.from({ length: sessions }, (_, session) =>
      submit(smtpPort(), part(session), () => void acknowledged++, { from, localAddress: '127.0.0.1' }),
    ),
  )
  return acknowledged
}

/** A window of the desktop: calls over the transport of its MessagePort. */
function overPort(session?: string): Client {
  const { port1, port2 } = new MessageChannel()
  relay.relay.openPort(port2 as unknown as RelayPort, { session, remember: () => {} })
  windows.push(port1)
  const client: Client = createORPCClient(new PortLink({ port: port1 }))
  port1.start()
  return client
}

/** What a refused call said. */
async function refusal(call: Promise<unknown>): Promise<{ code: string; message: string }> {
  const answer = await call.then(
    () => undefined,
    (error: { code: string; message: string }) => error,
  )
  if (!answer) throw new Error('the call was not refused')
  return { code: answer.code, message: answer.message }
}

beforeAll(async () => {
  relay = await startTestRelay()
  sink = await startSink()
  await relay.person('admin')
  const reviewer = await relay.person('reviewer')
  ritaToken = reviewer.token
  rita = relay.bearer(reviewer.token)
  sam = relay.bearer((await relay.person('reviewer')).token)
  operatorToken = (await relay.person('operator')).token
  operator = relay.bearer(operatorToken)
  auditorToken = (await relay.person('auditor')).token
  auditor = relay.bearer(auditorToken)
  await relay.local.accounts.add({ name: 'acme', contact: 'ops@acme.example', domains: ['acme.example'] })
  await relay.local.accounts.addCredential({ account: 'acme', kind: 'address', range: '127.0.0.0/8' })
  expect(await send(MESSAGES)).toBe(MESSAGES)
  sample = (await rita.samples.list({ account: 'acme' })).samples[0]!.id
})

afterAll(async () => {
  for (const port of windows) port.close()
  await relay?.stop()
  await sink?.stop()
})

describe('a sample', () => {
  test('is opened by who asked, after a second person has agreed, once; and the account can see that', async () => {
    const file = await rita.cases.open({ account: 'acme', reason: 'phishing', note: 'two people rang' })
    const closed = (await rita.cases.get({ id: file.id })).samples[0]!
    expect(closed.obstacles.map(({ kind }) => kind)).toEqual(['suspicion', 'requested'])

    const asked = { case: file.id, sample, reason: 'see whether it asks for passwords' }
    expect(await refusal(rita.openings.request(asked))).toMatchObject({ code: 'REFUSED' })
    const opening = await rita.openings.request({ ...asked, override: 'two people rang' })
    expect((await rita.cases.get({ id: file.id })).samples[0]!.obstacles.map(({ kind }) => kind)).toEqual([
      'second person',
    ])
    expect(await refusal(rita.openings.view({ id: opening.id }))).toMatchObject({ code: 'CONFLICT' })
    expect(await refusal(rita.openings.approve({ id: opening.id }))).toMatchObject({
      code: 'REFUSED',
      message: 'nobody approves their own request',
    })
    await sam.openings.approve({ id: opening.id })
    expect(await refusal(sam.openings.view({ id: opening.id }))).toMatchObject({ code: 'REFUSED' })

    const view = await rita.openings.view({ id: opening.id })
    expect(view).toMatchObject({
      from: 'billing@acme.example',
      to: ['tom@kestrel.example'],
      html: null,
      attachments: [],
    })
    expect(view.text).toContain(CANARY)
    expect(view.headers.map(({ name }) => name)).toContain('X-Tag')
    expect(view.watermark).toContain('reviewer2@relay.example')
    expect(await refusal(rita.openings.view({ id: opening.id }))).toMatchObject({ code: 'CONFLICT' })

    const report = await auditor.openings.report({ name: 'acme' })
    expect(report).toMatchObject({ samples: 1, openings: [{ sample, case: file.id, reason: 'phishing' }] })
    const { rows } = await auditor.audit.list({ action: 'openings' })
    expect(rows.map(({ action }) => action)).toEqual(['openings.view', 'openings.approve', 'openings.request'])
    expect(await auditor.audit.verify({})).toMatchObject({ ok: true, findings: [] })
  })

  test('opens on no other path: no role, no list, no log, no file', async () => {
    const file = await rita.cases.open({ account: 'acme', reason: 'spam', note: 'again' })
    const opening = await rita.openings.request({ case: file.id, sample, reason: 'look', override: 'a test' })
    await sam.openings.approve({ id: opening.id })
    for (const other of [operator, auditor])
      expect(await refusal(other.openings.view({ id: opening.id }))).toMatchObject({ code: 'FORBIDDEN' })
    // the owner of the data folder is no person
    expect(await refusal(relay.local.openings.view({ id: opening.id }))).toMatchObject({ code: 'REFUSED' })
    expect(await refusal(relay.local.openings.request({ case: file.id, sample, reason: 'look' }))).toMatchObject({
      code: 'REFUSED',
    })

    const auth = { authorization: `Bearer ${ritaToken}` }
    const seen = [
      await callRaw(relay.url, 'samples.list', auth),
      await callRaw(relay.url, 'messages.get', { authorization: `Bearer ${ritaToken}` }, { id: sample }),
      await callRaw(relay.url, 'cases.get', auth, { id: file.id }),
      await callRaw(relay.url, 'audit.list', auth),
      await callRaw(relay.url, 'openings.view', {}, { id: opening.id }),
    ]
    for (const path of [
      '/api/samples',
      `/api/samples/${sample}`,
      `/api/messages/${sample}`,
      `/api/openings/${opening.id}`,
    ]) {
      const response = await fetch(`${relay.url}${path}`, { headers: auth })
      seen.push({ status: response.status, body: await response.text() })
    }
    for (const { body } of seen) expect(body).not.toContain(CANARY)
    for (const name of readdirSync(relay.folder, { recursive: true, withFileTypes: true })) {
      if (name.isFile()) expect(readFileSync(join(name.parentPath, name.name)).includes(CANARY)).toBe(false)
    }
    await rita.openings.revoke({ id: opening.id, reason: 'only a test' })
  })

  test('opens on no other path of the desktop’s MessagePort either: the same authorisation stands behind it', async () => {
    const file = await rita.cases.open({ account: 'acme', reason: 'spam', note: 'by the desktop' })
    const asked = { case: file.id, sample, reason: 'look', override: 'a test' }
    const opening = await overPort(ritaToken).openings.request(asked)
    const open = (session?: string) => refusal(overPort(session).openings.view({ id: opening.id }))
    expect(await open()).toMatchObject({ code: 'UNAUTHORIZED' })
    expect(await open('no session of anybody')).toMatchObject({ code: 'UNAUTHORIZED' })
    for (const token of [operatorToken, auditorToken]) {
      expect(await open(token)).toMatchObject({ code: 'FORBIDDEN' })
      const desktop = overPort(token)
      expect(await refusal(desktop.openings.request(asked))).toMatchObject({ code: 'FORBIDDEN' })
      expect(await refusal(desktop.openings.approve({ id: opening.id }))).toMatchObject({ code: 'FORBIDDEN' })
    }
    // not before a second person has agreed, and never by who asked
    expect(await open(ritaToken)).toMatchObject({ code: 'CONFLICT' })
    const desktop = overPort(ritaToken)
    expect(await refusal(desktop.openings.approve({ id: opening.id }))).toMatchObject({ code: 'REFUSED' })
    const seen = await Promise.all([
      desktop.samples.list({}),
      desktop.messages.get({ id: sample }),
      desktop.cases.get({ id: file.id }),
      desktop.signals.list({}),
      desktop.openings.report({ name: 'acme' }),
      overPort(auditorToken).audit.list({}),
    ])
    for (const answer of seen) expect(JSON.stringify(answer)).not.toContain(CANARY)

    await sam.openings.approve({ id: opening.id })
    expect((await desktop.openings.view({ id: opening.id })).text).toContain(CANARY)
    expect(await open(ritaToken)).toMatchObject({ code: 'CONFLICT' })
  })

  test('stays closed when its case was decided meanwhile', async () => {
    const file = await rita.cases.open({ account: 'acme', reason: 'spam', note: 'third' })
    const opening = await rita.openings.request({ case: file.id, sample, reason: 'look', override: 'a test' })
    await sam.openings.approve({ id: opening.id })
    await rita.cases.decide({ id: file.id, verdict: 'no breach', note: 'a mistake' })
    expect(await refusal(rita.openings.view({ id: opening.id }))).toMatchObject({ code: 'CONFLICT' })
    await rita.cases.close({ id: file.id })
    expect((await rita.cases.get({ id: file.id })).samples[0]!.obstacles.map(({ kind }) => kind)).toEqual([
      'case closed',
    ])
  })
})

describe('an action', () => {
  let file: number
  beforeAll(async () => {
    file = (await rita.cases.open({ account: 'acme', reason: 'compromised', note: 'strange mail' })).id
  })

  test('suspends: new mail is refused with the reason, queued mail waits, and both go on afterwards', async () => {
    await relay.local.queue.act({ action: 'cancel', filter: {}, reason: 'a clean start' })
    await relay.local.routes.set({ domain: '*', route: { kind: 'smarthost', host: '127.0.0.1', port: 1, tls: 'none' } })
    await send(8)
    const reason = 'a stolen password'
    const preview = await rita.cases.previewAction({ id: file, kind: 'suspend', reason })
    expect(preview.effects.join(' ')).toContain('8 deliveries')
    expect(preview.letter).toMatchObject({ to: 'ops@acme.example', subject: 'Your account is suspended: account acme' })
    const { subject, text } = preview.letter!
    const action = await rita.cases.act({ id: file, kind: 'suspend', reason, letter: { subject, text } })
    expect(action).toMatchObject({ canUndo: true, letter: { subject } })

    expect(await send(1, 'billing@acme.example', 1)).toBe(0)
    const account = await relay.local.accounts.get({ name: 'acme' })
    expect(account).toMatchObject({ status: 'suspended', statusReason: reason })
    const waiting = await relay.local.queue.list({ filter: { account: 'acme', state: 'held' } })
    expect(waiting.items).toHaveLength(8)

    await relay.local.routes.set({
      domain: '*',
      route: { kind: 'smarthost', host: sink.host, port: sink.port, tls: 'none' },
    })
    expect(await rita.cases.undo({ id: action.id, reason: 'the password was changed' })).toMatchObject({
      canUndo: false,
    })
    await sink.received(9)
    const subjects = sink.messages.map(({ data }) => /^Subject: (.*)\r$/m.exec(data.toString())![1])
    expect(subjects.filter((one) => one === subject)).toHaveLength(1)
    expect(await send(4)).toBe(4)
  })

  test('holds new mail and lets it go again', async () => {
    const action = await rita.cases.act({ id: file, kind: 'hold', reason: 'wait' })
    const before = sink.messages.length
    expect(await send(4)).toBe(4)
    expect((await relay.local.queue.list({ filter: { account: 'acme', state: 'held' } })).items).toHaveLength(4)
    expect(sink.messages.length).toBe(before)
    await rita.cases.undo({ id: action.id, reason: 'all is well' })
    await sink.received(before + 4)
  })

  test('slows an account down over all its credentials', async () => {
    const action = await rita.cases.act({ id: file, kind: 'throttle', perHour: 3, reason: 'too much at once' })
    expect(await send(8, 'billing@acme.example', 1)).toBe(3)
    await rita.cases.undo({ id: action.id, reason: 'enough' })
    expect(await send(8, 'billing@acme.example', 1)).toBe(8)
  })

  test('makes sense or is refused', async () => {
    expect(await refusal(rita.cases.act({ id: file, kind: 'throttle', reason: 'x' }))).toMatchObject({
      code: 'CONFLICT',
    })
    expect(await refusal(rita.cases.act({ id: file, kind: 'warn', reason: 'x' }))).toMatchObject({ code: 'REFUSED' })
    expect(await refusal(rita.cases.act({ id: file, kind: 'end trust', reason: 'x' }))).toMatchObject({
      code: 'CONFLICT',
    })
    expect(await refusal(auditor.cases.act({ id: file, kind: 'suspend', reason: 'x' }))).toMatchObject({
      code: 'FORBIDDEN',
    })
  })

  test('reasons come out of the list of the terms of service', async () => {
    expect(await refusal(rita.cases.open({ account: 'acme', reason: 'dislike', note: 'x' }))).toMatchObject({
      code: 'REFUSED',
    })
  })
})

test('an account whose new signals weigh too much is held by itself, with a case and a letter; a person lets it go', async () => {
  await relay.local.accounts.add({ name: 'bravo', contact: 'ops@bravo.example', domains: ['bravo.example'] })
  for (let i = 0; i < 5; i++) await operator.signals.report({ account: 'bravo', note: `report ${i}` })
  const held = async () => (await rita.cases.list({ status: 'active', account: 'bravo' })).cases[0]
  while (!(await held())) await new Promise((resolve) => setTimeout(resolve, 20))
  const file = (await held())!
  expect(file).toMatchObject({ reason: 'automatic', openedBy: 'system', suspicion: 100 })
  const detail = async () => rita.cases.get({ id: file.id })
  while ((await detail()).actions.length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
  const [action] = (await detail()).actions
  expect(action).toMatchObject({ kind: 'hold', by: 'system', canUndo: true })
  expect(action!.letter!.subject).toBe('Your mail is held: account bravo')
  await rita.cases.undo({ id: action!.id, reason: 'a mistake of the reporters' })
  expect((await rita.cases.list({ account: 'bravo' })).cases).toHaveLength(1)
})
