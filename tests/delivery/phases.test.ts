import { describe, expect, test } from 'vitest'
import type { Timeouts } from '../../src/mta/delivery/index.ts'
import type { SinkOptions } from '../support/sink.ts'
import { agentFor, faults, jobFor, reasonOf, routeTo, sinkFor, words } from './support.ts'

const patient: Timeouts = {
  connect: 10_000,
  greeting: 10_000,
  hello: 10_000,
  tls: 10_000,
  auth: 10_000,
  mail: 10_000,
  rcpt: 10_000,
  data: 10_000,
  block: 10_000,
  final: 10_000,
}

/** Only the silence that is tested ends soon; what is asserted never depends on how soon. */
const impatient = (phase: keyof Timeouts): Timeouts => ({ ...patient, [phase]: 100 })

const from = 'sender@acme.example'
const ann = 'ann@a.example'

describe.each([
  { name: 'with PIPELINING', without: [] },
  { name: 'without PIPELINING', without: ['PIPELINING'] as const },
])('connection lost $name', ({ without }) => {
  test.each([
    ['at MAIL', 'disconnect-mail@acme.example', ann, ['deferred', 'deferred']],
    ['at RCPT', from, 'disconnect-rcpt@a.example', ['deferred', 'deferred']],
    ['after 354', from, 'disconnect-data@a.example', ['in doubt', 'in doubt']],
    ['after the dot, message stored', from, 'disconnect-dot@a.example', ['in doubt', 'in doubt']],
    ['after the dot, message lost', from, 'disconnect-dot-lost@a.example', ['in doubt', 'in doubt']],
    ['by 421 at MAIL', '421mail@acme.example', ann, ['deferred', 'deferred']],
    ['by 421 at RCPT', from, '421@a.example', ['deferred', 'deferred']],
    ['by 421 after the dot', from, '421data@a.example', ['deferred', 'deferred']],
    ['by nonsense at RCPT', from, 'garbage-rcpt@a.example', ['deferred', 'deferred']],
    ['by an odd reply to DATA', from, 'odd-data@a.example', ['deferred', 'deferred']],
    ['by an odd reply after the dot', from, 'odd@a.example', ['in doubt', 'in doubt']],
    ['by nonsense after the dot', from, 'garbage@a.example', ['in doubt', 'in doubt']],
  ])('%s', async (_name, sender, recipient, expected) => {
    const sink = await sinkFor({ without })
    const agent = agentFor({ timeouts: patient })
    const job = jobFor({ route: routeTo(sink), from: sender, to: [ann, recipient] })
    const report = await agent.deliver(job)
    expect(words(report)).toEqual(expected)
    expect(report.transcript.split('\n').at(-1)).toMatch(/^(-- |S: )/)
    expect(words(await agent.deliver(jobFor({ route: routeTo(sink), to: [ann] })))).toEqual(['delivered'])
    expect(sink.counts.connections).toBe(2)
    expect(faults).toEqual([])
  })

  test.each<[keyof Timeouts, string, string, string]>([
    ['mail', 'silent-mail@acme.example', ann, 'deferred'],
    ['rcpt', from, 'silent-rcpt@a.example', 'deferred'],
    ['data', from, 'silent-data@a.example', 'deferred'],
    ['final', from, 'silent-dot@a.example', 'in doubt'],
  ])('by silence at %s', async (phase, sender, recipient, expected) => {
    const sink = await sinkFor({ without })
    const agent = agentFor({ timeouts: impatient(phase) })
    const report = await agent.deliver(jobFor({ route: routeTo(sink), from: sender, to: [ann, recipient] }))
    expect(words(report)).toEqual([expected, expected])
    expect(reasonOf(report)).toMatch(/waited 0 s for the reply to /)
  })

  test('recipients decided before the loss keep their outcome', async () => {
    const sink = await sinkFor({ without })
    const to = ['permfail@a.example', ann, 'disconnect-rcpt@a.example']
    expect(words(await agentFor().deliver(jobFor({ route: routeTo(sink), to })))).toEqual([
      'failed',
      'deferred',
      'deferred',
    ])
  })
})

describe('connection lost while a large message is on its way', () => {
  // far more than socket buffers hold, so that the end of data cannot have been written
  const body = Buffer.from(`Subject: big\r\n\r\n${`${'x'.repeat(998)}\r\n`.repeat(30_000)}`)

  test('is not in doubt: the end of data never went out', async () => {
    const sink = await sinkFor()
    const report = await agentFor().deliver(jobFor({ route: routeTo(sink), to: ['disconnect-data@a.example'], body }))
    expect(words(report)).toEqual(['deferred'])
    expect(report.transcript).not.toContain('(message')
  })

  test('and one that is not lost arrives whole', async () => {
    const sink = await sinkFor()
    expect(words(await agentFor().deliver(jobFor({ route: routeTo(sink), to: [ann], body })))).toEqual(['delivered'])
    expect(sink.messages[0]?.data.equals(body)).toBe(true)
  })
})

describe('no session', () => {
  test.each<[string, SinkOptions, RegExp]>([
    ['greeting 554', { greeting: '554' }, /^no service: 554 5\.7\.1/],
    ['greeting 421', { greeting: '421' }, /^no service: 421 4\.3\.2/],
    ['greeting that is no SMTP', { greeting: 'garbage' }, /not an SMTP reply/],
    ['silence', { greeting: 'silence' }, /the greeting/],
    ['a connection dropped at once', { greeting: 'drop' }, /^lost before the greeting/],
  ])('%s defers', async (_name, options, reason) => {
    const sink = await sinkFor(options)
    const report = await agentFor({ timeouts: impatient('greeting') }).deliver(
      jobFor({ route: routeTo(sink), to: [ann] }),
    )
    expect(words(report)).toEqual(['deferred'])
    expect(reasonOf(report)).toMatch(reason)
    expect(report.unreachable).toBe(true)
  })

  test('a closed port defers and names host and port', async () => {
    const sink = await sinkFor()
    await sink.stop()
    const report = await agentFor().deliver(jobFor({ route: routeTo(sink), to: [ann] }))
    expect(reasonOf(report)).toBe(`cannot connect to 127.0.0.1:${sink.port}: connection refused`)
    expect(report).toMatchObject({ destination: `127.0.0.1:${sink.port}`, unreachable: true })
  })

  test('a smarthost name without address names what to change', async () => {
    const resolver = {
      resolveMx: () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })),
      resolve4: () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })),
      resolve6: () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })),
    }
    const sink = await sinkFor()
    const route = routeTo(sink, { host: 'gone.example' })
    const report = await agentFor({ resolver }).deliver(jobFor({ route, to: [ann] }))
    expect(words(report)).toEqual(['deferred'])
    expect(reasonOf(report)).toBe('the smarthost gone.example has no address: change the host name of the route')
  })
})

test('a slow host is waited for', async () => {
  const sink = await sinkFor({ slowMs: 300 })
  const report = await agentFor({ timeouts: patient }).deliver(
    jobFor({ route: routeTo(sink), to: ['slow@a.example', 'slow-rcpt@a.example'] }),
  )
  expect(words(report)).toEqual(['delivered', 'delivered'])
})

test('the transcript tells the dialogue, without the message', async () => {
  const sink = await sinkFor()
  const job = jobFor({ route: routeTo(sink), to: [ann, 'permfail@a.example'] })
  const report = await agentFor().deliver(job)
  expect(report.transcript.split('\n')).toEqual([
    `-- connecting to 127.0.0.1:${sink.port}`,
    'S: 220 sink.test ESMTP strict sink',
    'C: EHLO relay.test',
    'S: 250-sink.test',
    'S: 250-PIPELINING',
    'S: 250-8BITMIME',
    'S: 250-SMTPUTF8',
    'S: 250-DSN',
    'S: 250-ENHANCEDSTATUSCODES',
    'S: 250 SIZE 104857600',
    `C: MAIL FROM:<sender@acme.example> SIZE=${job.body.length}`,
    'C: RCPT TO:<ann@a.example>',
    'C: RCPT TO:<permfail@a.example>',
    'C: DATA',
    'S: 250 2.1.0 ok',
    'S: 250 2.1.5 ok',
    'S: 550 5.1.1 no such user',
    'S: 354 go ahead',
    `C: (message, ${job.body.length} bytes)`,
    'S: 250 2.0.0 stored',
  ])
})
