import { describe, expect, test } from 'vitest'
import { agentFor, jobFor, reasonOf, routeTo, sinkFor, words } from './support.ts'

describe.each([
  { name: 'with PIPELINING', without: [] },
  { name: 'without PIPELINING', without: ['PIPELINING'] as const },
])('replies $name', ({ without }) => {
  test('each recipient has the outcome of its own reply', async () => {
    const sink = await sinkFor({ without })
    const to = ['tempfail@a.example', 'ann@a.example', 'permfail@a.example', 'bob@a.example', 'toomany@a.example']
    const report = await agentFor().deliver(jobFor({ route: routeTo(sink), to }))
    expect(words(report)).toEqual(['deferred', 'delivered', 'failed', 'delivered', 'deferred'])
    expect(sink.messages.map((message) => message.recipients.map(({ address }) => address))).toEqual([
      ['ann@a.example', 'bob@a.example'],
    ])
    expect(sink.counts.violations).toBe(0)
  })

  test('no recipient taken: nothing is sent, and the connection stays good', async () => {
    const sink = await sinkFor({ without })
    const agent = agentFor()
    const refused = await agent.deliver(
      jobFor({ route: routeTo(sink), to: ['permfail@a.example', 'tempfail@a.example'] }),
    )
    const taken = await agent.deliver(jobFor({ route: routeTo(sink), to: ['ann@a.example'] }))
    expect([words(refused), words(taken)]).toEqual([['failed', 'deferred'], ['delivered']])
    expect(sink.counts).toMatchObject({ connections: 1, stored: 1, violations: 0 })
  })

  test.each([
    ['tempmail@acme.example', 'deferred', '451 4.3.0 try later'],
    ['permmail@acme.example', 'failed', '550 5.7.1 sender refused'],
  ])('reply to MAIL for %s counts for all recipients: %s', async (from, outcome, reason) => {
    const sink = await sinkFor({ without })
    const agent = agentFor()
    const report = await agent.deliver(jobFor({ route: routeTo(sink), from, to: ['ann@a.example', 'bob@a.example'] }))
    expect(words(report)).toEqual([outcome, outcome])
    expect(reasonOf(report)).toBe(reason)
    expect(words(await agent.deliver(jobFor({ route: routeTo(sink), to: ['ann@a.example'] })))).toEqual(['delivered'])
    expect(sink.counts.connections).toBe(1)
  })

  test.each([
    ['refuse-data', 'failed'],
    ['defer-data', 'deferred'],
    ['tempdata', 'deferred'],
    ['permdata', 'failed'],
  ])('%s counts for the accepted recipients only: %s', async (behaviour, outcome) => {
    const sink = await sinkFor({ without })
    const agent = agentFor()
    const to = ['permfail@a.example', 'ann@a.example', `${behaviour}@a.example`]
    expect(words(await agent.deliver(jobFor({ route: routeTo(sink), to })))).toEqual(['failed', outcome, outcome])
    expect(words(await agent.deliver(jobFor({ route: routeTo(sink), to: ['ann@a.example'] })))).toEqual(['delivered'])
    expect(sink.counts).toMatchObject({ connections: 1, stored: 1 })
  })
})

test('a host that wants content although it took no recipient gets none', async () => {
  const sink = await sinkFor({ eagerData: true })
  const agent = agentFor()
  const refused = await agent.deliver(jobFor({ route: routeTo(sink), to: ['permfail@a.example'] }))
  expect(words(refused)).toEqual(['failed'])
  expect(sink.transactions.map(({ recipients, data }) => [recipients.length, data.length])).toEqual([[0, 0]])
  expect(words(await agent.deliver(jobFor({ route: routeTo(sink), to: ['ann@a.example'] })))).toEqual(['delivered'])
  expect(sink.counts.connections).toBe(1)
})

test('a recipient refused for a while is taken later', async () => {
  const sink = await sinkFor()
  const agent = agentFor()
  const seen: string[] = []
  for (let i = 0; i < 3; i++)
    seen.push(...words(await agent.deliver(jobFor({ route: routeTo(sink), to: ['tempfail2@a.example'] }))))
  expect(seen).toEqual(['deferred', 'deferred', 'delivered'])
})

test('a reply of several lines is one reply with one enhanced code', async () => {
  const sink = await sinkFor()
  const report = await agentFor().deliver(jobFor({ route: routeTo(sink), to: ['multiline@a.example'] }))
  expect(report.outcomes.get(0)).toEqual({
    kind: 'delivered',
    reply: { code: 250, enhancedCode: '2.0.0', text: 'stored and kept' },
    dsn: true,
  })
})

test('a host that only knows HELO gets the message without extensions', async () => {
  const sink = await sinkFor({ noEhlo: true })
  const envelope = { ret: 'full', envid: 'x1', body: '8bitmime' } as const
  const report = await agentFor().deliver(jobFor({ route: routeTo(sink), to: ['ann@a.example'], envelope }))
  expect(words(report)).toEqual(['delivered'])
  expect(sink.messages[0]).toMatchObject({ mailParameters: [], helo: 'relay.test' })
  expect(sink.messages[0]?.recipients[0]?.parameters).toEqual([])
})

test('parameters are passed on to a host that offers them', async () => {
  const sink = await sinkFor()
  const job = jobFor({
    route: routeTo(sink),
    to: ['ann@a.example'],
    envelope: { ret: 'hdrs', envid: 'QQ+2B1', body: '8bitmime' },
    options: { notify: ['success', 'failure'], orcpt: 'rfc822;ann+2Bx@a.example' },
  })
  const report = await agentFor().deliver(job)
  expect(report.outcomes.get(0)).toMatchObject({ kind: 'delivered', dsn: true })
  expect(sink.messages[0]?.mailParameters).toEqual([
    `SIZE=${job.body.length}`,
    'BODY=8BITMIME',
    'RET=HDRS',
    'ENVID=QQ+2B1',
  ])
  expect(sink.messages[0]?.recipients[0]?.parameters).toEqual([
    'NOTIFY=SUCCESS,FAILURE',
    'ORCPT=rfc822;ann+2Bx@a.example',
  ])
})

test('delivered to a host without DSN is told as such', async () => {
  const sink = await sinkFor({ without: ['DSN'] })
  const report = await agentFor().deliver(
    jobFor({ route: routeTo(sink), to: ['ann@a.example'], options: { notify: ['success'] } }),
  )
  expect(report.outcomes.get(0)).toMatchObject({ kind: 'delivered', dsn: false })
  expect(sink.messages[0]?.recipients[0]?.parameters).toEqual([])
})

test('a message larger than the host takes is not sent at all', async () => {
  const sink = await sinkFor({ maxSize: 20 })
  const report = await agentFor().deliver(jobFor({ route: routeTo(sink), to: ['ann@a.example'] }))
  expect(report.outcomes.get(0)).toMatchObject({ kind: 'failed', reply: { code: 552, enhancedCode: '5.3.4' } })
  expect(sink.commands).toEqual(['EHLO relay.test'])
})

test('more recipients than one transaction must take go in several', async () => {
  const sink = await sinkFor()
  const to = Array.from({ length: 250 }, (_, index) => `user${index}@a.example`)
  const report = await agentFor().deliver(jobFor({ route: routeTo(sink), to }))
  expect(new Set(words(report))).toEqual(new Set(['delivered']))
  expect(sink.messages.map((message) => message.recipients.length)).toEqual([100, 100, 50])
  expect(sink.counts.connections).toBe(1)
})

describe('addresses outside ASCII', () => {
  test('go with SMTPUTF8 where it is offered', async () => {
    const sink = await sinkFor()
    const report = await agentFor().deliver(jobFor({ route: routeTo(sink), to: ['анна@a.example'] }))
    expect(words(report)).toEqual(['delivered'])
    expect(sink.messages[0]?.mailParameters).toContain('SMTPUTF8')
    expect(sink.messages[0]?.recipients[0]?.address).toBe('анна@a.example')
  })

  test('fail where it is not, and take nobody else with them', async () => {
    const sink = await sinkFor({ without: ['SMTPUTF8'] })
    const report = await agentFor().deliver(jobFor({ route: routeTo(sink), to: ['анна@a.example', 'ann@a.example'] }))
    expect(words(report)).toEqual(['failed', 'delivered'])
    expect(report.outcomes.get(0)).toMatchObject({ reply: { enhancedCode: '5.6.7' } })
    expect(sink.messages[0]?.mailParameters).not.toContain('SMTPUTF8')
  })

  test('only in the domain are written in ASCII', async () => {
    const sink = await sinkFor({ without: ['SMTPUTF8'] })
    const report = await agentFor().deliver(jobFor({ route: routeTo(sink), to: ['ann@bücher.example'] }))
    expect(words(report)).toEqual(['delivered'])
    expect(sink.messages[0]?.recipients[0]?.address).toBe('ann@xn--bcher-kva.example')
  })

  test('in header fields fail where SMTPUTF8 is not offered', async () => {
    const sink = await sinkFor({ without: ['SMTPUTF8'] })
    const body = 'Subject: grüße\r\n\r\nx\r\n'
    const job = jobFor({ route: routeTo(sink), to: ['ann@a.example'], body, envelope: { smtputf8: true } })
    expect((await agentFor().deliver(job)).outcomes.get(0)).toMatchObject({ reply: { enhancedCode: '5.6.9' } })
  })
})

test('a line break in an address never reaches the wire', async () => {
  const sink = await sinkFor()
  const report = await agentFor().deliver(
    jobFor({ route: routeTo(sink), to: ['ann@a.example>\r\nRCPT TO:<eve@a.example', 'bob@a.example'] }),
  )
  expect(words(report)).toEqual(['failed', 'delivered'])
  expect(sink.messages[0]?.recipients.map(({ address }) => address)).toEqual(['bob@a.example'])
})

test('a route that is not carried out defers', async () => {
  const report = await agentFor().deliver(jobFor({ route: { kind: 'capture' }, to: ['ann@a.example'] }))
  expect(words(report)).toEqual(['deferred'])
})
