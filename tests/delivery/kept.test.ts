import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { agentFor, jobFor, plainBody, reasonOf, routeTo, sinkFor, words } from './support.ts'

const to = ['ann@a.example']

test('one connection carries many messages', async () => {
  const sink = await sinkFor()
  const agent = agentFor()
  for (let i = 0; i < 20; i++)
    expect(words(await agent.deliver(jobFor({ route: routeTo(sink), to })))).toEqual(['delivered'])
  expect(sink.counts).toMatchObject({ connections: 1, stored: 20 })
  expect(sink.commands.filter((line) => /^(EHLO|RSET|QUIT)/.test(line))).toEqual(['EHLO relay.test'])
})

test('messages at once get connections of their own', async () => {
  const sink = await sinkFor()
  const agent = agentFor()
  const reports = await Promise.all(
    Array.from({ length: 10 }, () => agent.deliver(jobFor({ route: routeTo(sink), to }))),
  )
  expect(reports.flatMap(words)).toEqual(Array.from({ length: 10 }, () => 'delivered'))
  expect(sink.counts).toMatchObject({ connections: 10, stored: 10 })
})

test('a kept connection that was closed meanwhile is replaced', async () => {
  const sink = await sinkFor({ closeAfter: 1 })
  const agent = agentFor()
  for (let i = 0; i < 5; i++)
    expect(words(await agent.deliver(jobFor({ route: routeTo(sink), to })))).toEqual(['delivered'])
  expect(sink.counts).toMatchObject({ connections: 5, stored: 5 })
})

test('a kept connection that is seen to close is not even tried', async () => {
  const sink = await sinkFor()
  const agent = agentFor()
  await agent.deliver(jobFor({ route: routeTo(sink), to }))
  sink.cut()
  await setTimeout(50)
  const report = await agent.deliver(jobFor({ route: routeTo(sink), to }))
  expect(words(report)).toEqual(['delivered'])
  expect(report.transcript).not.toContain('kept connection')
})

test('a kept connection that turns out dead at MAIL is replaced without anybody noticing', async () => {
  const sink = await sinkFor({ messagesPerConnection: 1 })
  const agent = agentFor()
  await agent.deliver(jobFor({ route: routeTo(sink), to }))
  const report = await agent.deliver(jobFor({ route: routeTo(sink), to }))
  expect(words(report)).toEqual(['delivered'])
  expect(report.transcript).toContain('421 4.7.0 enough for one connection')
  expect(report.unreachable).toBe(false)
  expect(sink.counts).toMatchObject({ connections: 2, stored: 2 })
})

test('a session that says it has had enough costs a new connection, not a try', async () => {
  const sink = await sinkFor({ messagesPerConnection: 1, limitReply: '452 4.5.3 too many messages in this session' })
  const agent = agentFor()
  for (let n = 0; n < 3; n++) {
    const report = await agent.deliver(jobFor({ route: routeTo(sink), to }))
    expect(words(report)).toEqual(['delivered'])
  }
  expect(sink.counts).toMatchObject({ connections: 3, stored: 3 })
})

test('a fresh session that has had enough at once defers, and is not asked again', async () => {
  const sink = await sinkFor({ messagesPerConnection: 0, limitReply: '452 4.5.3 too many messages in this session' })
  const report = await agentFor().deliver(jobFor({ route: routeTo(sink), to }))
  expect([words(report), sink.counts.connections]).toEqual([['deferred'], 1])
})

test.each([{}, { messagesPerConnection: 2 }])(
  'recipients beyond what a transaction takes follow at once: %j',
  async (more) => {
    const sink = await sinkFor({ recipientsPerTransaction: 3, ...more })
    const many = Array.from({ length: 10 }, (_, n) => `r${n}@a.example`)
    const report = await agentFor().deliver(jobFor({ route: routeTo(sink), to: many }))
    expect(new Set(words(report))).toEqual(new Set(['delivered']))
    expect(sink.messages.map(({ recipients }) => recipients.length)).toEqual([3, 3, 3, 1])
  },
)

test('a fresh connection that dies at MAIL is not dialled again', async () => {
  const sink = await sinkFor()
  const report = await agentFor().deliver(jobFor({ route: routeTo(sink), from: 'disconnect-mail@acme.example', to }))
  expect([words(report), sink.counts.connections]).toEqual([['deferred'], 1])
  expect(reasonOf(report)).toMatch(/^lost during MAIL: connection /)
  expect(report.unreachable).toBe(false)
})

test('every connection retires after its number of messages, and says goodbye', async () => {
  const sink = await sinkFor()
  const agent = agentFor({ pool: { uses: 2 } })
  for (let i = 0; i < 5; i++) await agent.deliver(jobFor({ route: routeTo(sink), to }))
  expect(sink.counts).toMatchObject({ connections: 3, stored: 5 })
  await expect.poll(() => sink.commands.filter((line) => line === 'QUIT').length).toBe(2)
})

test('idle connections are closed by themselves', async () => {
  const sink = await sinkFor()
  await agentFor({ pool: { idleMs: 40 } }).deliver(jobFor({ route: routeTo(sink), to }))
  await expect.poll(() => sink.counts.open).toBe(0)
  expect(sink.commands.at(-1)).toBe('QUIT')
})

test('stop waits for what is in flight and closes what is idle', async () => {
  const sink = await sinkFor({ slowMs: 200 })
  const agent = agentFor()
  await agent.deliver(jobFor({ route: routeTo(sink), to }))
  const running = agent.deliver(jobFor({ route: routeTo(sink), to: ['slow@a.example'] }))
  await expect.poll(() => sink.transactions.length).toBe(2)
  await agent.stop(10_000)
  expect(words(await running)).toEqual(['delivered'])
  await expect.poll(() => sink.counts.open).toBe(0)
})

test('stop cuts what takes longer than the grace: in doubt after the dot, deferred before', async () => {
  const sink = await sinkFor()
  const agent = agentFor()
  const after = agent.deliver(jobFor({ route: routeTo(sink), to: ['silent-dot@a.example'] }))
  const before = agent.deliver(jobFor({ route: routeTo(sink), to: ['silent-rcpt@a.example'] }))
  await expect.poll(() => [sink.transactions.length, sink.counts.refusedRecipients]).toEqual([1, 1])
  await agent.stop(20)
  expect([words(await after), words(await before)]).toEqual([['in doubt'], ['deferred']])
  const late = await agent.deliver(jobFor({ route: routeTo(sink), to }))
  expect([words(late), reasonOf(late), late.transcript]).toEqual([['deferred'], 'this relay was stopped', ''])
  await expect.poll(() => sink.counts.open).toBe(0)
})

test('the limit of transactions to one destination is that of the engine', () => {
  expect(agentFor().concurrency()).toBe(20)
})

test('many messages over few connections all arrive whole', async () => {
  const sink = await sinkFor()
  const agent = agentFor({ pool: { uses: 7 } })
  let next = 0
  const worker = async () => {
    while (next < 200) {
      const body = `${plainBody}.dot ${next++}\r\n`
      expect(words(await agent.deliver(jobFor({ route: routeTo(sink), to, body })))).toEqual(['delivered'])
    }
  }
  await Promise.all([worker(), worker(), worker(), worker()])
  const bodies = new Set(sink.messages.map((message) => message.data.toString()))
  expect(bodies.size).toBe(next)
})
