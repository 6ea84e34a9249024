import { networkInterfaces } from 'node:os'
import { describe, expect, test } from 'vitest'
import type { DeliveryOptions, Resolver } from '../../src/mta/delivery/index.ts'
import { reachOf } from '../../src/mta/delivery/route/reach.ts'
import type { Sink, SinkOptions } from '../support/sink.ts'
import { agentFor, jobFor, reasonOf, sinkFor, words } from './support.ts'

/** A zone: MX as `[preference, host]`, addresses by host; a string is the code of a DNS failure. */
interface Zone {
  mx?: Record<string, [number, string][] | string>
  four?: Record<string, string[] | string>
  six?: Record<string, string[] | string>
}

function answer<T>(found: T | string | undefined): Promise<T> {
  if (found === undefined || typeof found === 'string')
    return Promise.reject(Object.assign(new Error('dns'), { code: found ?? 'ENOTFOUND' }))
  return Promise.resolve(found)
}

function zone({ mx = {}, four = {}, six = {} }: Zone, questions: string[] = []): Resolver {
  const ask = <T>(question: string, found: T | string | undefined) => {
    questions.push(question)
    return answer<T>(found)
  }
  return {
    async resolveMx(domain) {
      const records = await ask<[number, string][]>(`MX ${domain}`, mx[domain])
      return records.map(([priority, exchange]) => ({ priority, exchange }))
    },
    resolve4: (host) => ask<string[]>(`A ${host}`, four[host]),
    resolve6: (host) => ask<string[]>(`AAAA ${host}`, six[host]),
  }
}

const domain = 'kestrel.example'
/** the exchangers of these tests are on this machine */
const nearby = { kind: 'mx', tls: 'none', privateAddresses: true } as const

function deliverTo(options: Partial<DeliveryOptions>, port25: number, more: { to?: string[]; domain?: string } = {}) {
  const to = more.to ?? ['ann@kestrel.example']
  return agentFor({ port25, ...options }).deliver(jobFor({ route: nearby, to, domain: more.domain ?? domain }))
}

/** Sinks on 127.0.0.2, .3, … that share one port, as mail exchangers do. */
async function exchangers(...options: SinkOptions[]): Promise<Sink[]> {
  const first = await sinkFor({ ...options[0], host: '127.0.0.2' })
  const rest = options.slice(1).map((one, i) => sinkFor({ ...one, host: `127.0.0.${i + 3}`, port: first.port }))
  return [first, ...(await Promise.all(rest))]
}

const two: Zone = {
  mx: {
    [domain]: [
      [20, 'mx2.kestrel.example'],
      [10, 'mx1.kestrel.example'],
    ],
  },
  four: { 'mx1.kestrel.example': ['127.0.0.2'], 'mx2.kestrel.example': ['127.0.0.3'] },
}

test('the preferred mail exchanger gets the mail, and is named', async () => {
  const [one, other] = await exchangers({}, {})
  const report = await deliverTo({ resolver: zone(two) }, one!.port)
  expect(words(report)).toEqual(['delivered'])
  expect(report.destination).toBe(`mx1.kestrel.example [127.0.0.2]:${one!.port}`)
  expect([one!.messages.length, other!.messages.length]).toEqual([1, 0])
})

describe('the next mail exchanger is tried', () => {
  test.each<[string, SinkOptions, string]>([
    ['after greeting 421', { greeting: '421' }, 'ann'],
    ['after greeting 554', { greeting: '554' }, 'ann'],
    ['after a dropped connection', { greeting: 'drop' }, 'ann'],
    ['after 421 to RCPT', {}, '421'],
    ['after a loss at RCPT', {}, 'disconnect-rcpt'],
  ])('%s', async (_name, options, local) => {
    const [, other] = await exchangers(options, {})
    const resolver = zone(two)
    const job = jobFor({ route: nearby, to: [`${local}@kestrel.example`], domain })
    const report = await agentFor({ resolver, port25: other!.port }).deliver(job)
    const misbehaves = local !== 'ann'
    expect(words(report)).toEqual([misbehaves ? 'deferred' : 'delivered'])
    expect(report.destination).toBe(`mx2.kestrel.example [127.0.0.3]:${other!.port}`)
  })

  test('after a refused connection, and from then on first', async () => {
    const [one, other] = await exchangers({}, {})
    await one!.stop()
    const agent = agentFor({ resolver: zone(two), port25: other!.port, pool: { idleMs: 0, uses: 1 } })
    const job = jobFor({ route: nearby, to: ['ann@kestrel.example'], domain })
    const first = await agent.deliver(job)
    const second = await agent.deliver(job)
    expect([words(first), words(second)]).toEqual([['delivered'], ['delivered']])
    expect(first.transcript).toContain('127.0.0.2')
    expect(second.transcript).not.toContain('127.0.0.2')
  })

  test('but not after 4xx to a recipient, nor in doubt', async () => {
    const [one, other] = await exchangers({}, {})
    const resolver = zone(two)
    expect(words(await deliverTo({ resolver }, one!.port, { to: ['tempfail@kestrel.example'] }))).toEqual(['deferred'])
    expect(words(await deliverTo({ resolver }, one!.port, { to: ['disconnect-dot@kestrel.example'] }))).toEqual([
      'in doubt',
    ])
    expect(other!.counts.connections).toBe(0)
  })
})

test('IPv6 and IPv4 addresses are tried in turn', async () => {
  const [, , last] = await exchangers({}, {}, {})
  const resolver = zone({
    mx: { [domain]: [[10, 'mx.kestrel.example']] },
    // nothing listens on ::1 at this port, nor on 127.0.0.9
    six: { 'mx.kestrel.example': ['::1'] },
    four: { 'mx.kestrel.example': ['127.0.0.9', '127.0.0.4'] },
  })
  const report = await deliverTo({ resolver }, last!.port)
  expect(words(report)).toEqual(['delivered'])
  const dialled = report.transcript.match(/connecting to .*/g)
  expect(dialled).toEqual(
    ['[::1]', '[127.0.0.9]', '[127.0.0.4]'].map((at) => `connecting to mx.kestrel.example ${at}:${last!.port}`),
  )
})

test('a host that cannot be looked up does not block the others', async () => {
  const [, other] = await exchangers({}, {})
  const resolver = zone({ ...two, four: { ...two.four, 'mx1.kestrel.example': 'ETIMEOUT' } })
  expect(words(await deliverTo({ resolver }, other!.port))).toEqual(['delivered'])
})

test('only so many addresses are dialled in one attempt', async () => {
  const [one] = await exchangers({})
  await one!.stop()
  const many = Array.from({ length: 30 }, (_, index) => `127.0.1.${index}`)
  const resolver = zone({ mx: { [domain]: [[10, 'mx.kestrel.example']] }, four: { 'mx.kestrel.example': many } })
  const report = await deliverTo({ resolver }, one!.port)
  expect(report.transcript.match(/-- connecting/g)).toHaveLength(8)
  expect(report).toMatchObject({ unreachable: true })
})

describe('the answer of DNS', () => {
  test.each<[string, Zone, string, string]>([
    ['null MX fails', { mx: { [domain]: [[0, '']] } }, 'failed', '5.1.10'],
    ['no such domain fails', { mx: { [domain]: 'ENOTFOUND' } }, 'failed', '5.1.2'],
    ['neither MX nor address fails', { mx: { [domain]: 'ENODATA' } }, 'failed', '5.1.2'],
    ['exchangers without address fail', { mx: { [domain]: [[1, 'gone.example']] } }, 'failed', '5.1.2'],
    ['MX lookup timed out: deferred', { mx: { [domain]: 'ETIMEOUT' } }, 'deferred', ''],
    ['MX lookup refused: deferred', { mx: { [domain]: 'ESERVFAIL' } }, 'deferred', ''],
    [
      'address lookup timed out: deferred',
      { mx: { [domain]: [[1, 'a.example']] }, six: { 'a.example': 'ETIMEOUT' } },
      'deferred',
      '',
    ],
    ['only this relay: a loop fails', { mx: { [domain]: [[1, 'Relay.Test']] } }, 'failed', '5.4.6'],
  ])('%s', async (_name, records, word, status) => {
    const [sink] = await exchangers({})
    const report = await deliverTo({ resolver: zone(records) }, sink!.port)
    expect(words(report)).toEqual([word])
    const outcome = report.outcomes.get(0)
    expect(outcome?.reply?.enhancedCode ?? '').toBe(status)
    expect(sink!.counts.connections).toBe(0)
  })

  test('without MX the domain itself is the mail exchanger', async () => {
    const [sink] = await exchangers({})
    const resolver = zone({ mx: { [domain]: 'ENODATA' }, four: { [domain]: ['127.0.0.2'] } })
    const report = await deliverTo({ resolver }, sink!.port)
    expect(words(report)).toEqual(['delivered'])
    expect(report.destination).toBe(`kestrel.example [127.0.0.2]:${sink!.port}`)
  })

  test('good answers are remembered, failures are not', async () => {
    const [sink] = await exchangers({})
    const questions: string[] = []
    const records: Zone = { ...two, mx: { ...two.mx, 'late.example': 'ETIMEOUT' } }
    const agent = agentFor({ resolver: zone(records, questions), port25: sink!.port })
    for (const name of [domain, domain, 'late.example', 'late.example'])
      await agent.deliver(jobFor({ route: nearby, to: [`ann@${name}`], domain: name }))
    const mx = questions.filter((question) => question.startsWith('MX'))
    expect(mx).toEqual([`MX ${domain}`, 'MX late.example', 'MX late.example'])
  })
})

describe('loops', () => {
  test('exchangers no better than this relay are left out', async () => {
    const [better, worse] = await exchangers({ greeting: '421' }, {})
    const records = two.mx![domain] as [number, string][]
    const resolver = zone({ ...two, mx: { [domain]: [...records, [20, 'relay.test']] } })
    expect(words(await deliverTo({ resolver }, better!.port))).toEqual(['deferred'])
    expect(worse!.counts.connections).toBe(0)
  })

  test('an own listener is never dialled', async () => {
    const [sink] = await exchangers({})
    const isSelf = (address: string, port: number) => address === '127.0.0.2' && port === sink!.port
    const report = await deliverTo({ resolver: zone(two), isSelf }, sink!.port)
    expect(report.outcomes.get(0)).toMatchObject({ kind: 'failed', reply: { enhancedCode: '5.4.6' } })
    expect(sink!.counts.connections).toBe(0)
  })

  test('this relay as a worse exchanger does not turn a bad moment of the better one into a failure', async () => {
    const [better] = await exchangers({ greeting: '421' })
    const isSelf = (address: string) => address === '127.0.0.3'
    expect(words(await deliverTo({ resolver: zone(two), isSelf }, better!.port))).toEqual(['deferred'])
  })

  test('a host that calls itself by our name is this relay', async () => {
    const [sink] = await exchangers({ name: 'relay.test' })
    const report = await deliverTo({ resolver: zone(two) }, sink!.port)
    expect(report.outcomes.get(0)).toMatchObject({ kind: 'failed', reply: { enhancedCode: '5.4.6' } })
    expect(sink!.messages).toEqual([])
  })
})

test('domains with the same mail exchanger share a connection', async () => {
  const [sink] = await exchangers({})
  const resolver = zone({
    mx: { 'a.example': [[1, 'mx.example']], 'b.example': [[5, 'mx.example']] },
    four: { 'mx.example': ['127.0.0.2'] },
  })
  const agent = agentFor({ resolver, port25: sink!.port })
  for (const name of ['a.example', 'b.example'])
    await agent.deliver(jobFor({ route: nearby, to: [`ann@${name}`], domain: name }))
  expect(sink!.counts).toMatchObject({ connections: 1, stored: 2 })
})

test.each(['[127.0.0.2]', '[IPv6:::ffff:127.0.0.2]'])('an address literal is dialled: %s', async (literal) => {
  const [sink] = await exchangers({})
  const report = await deliverTo({ resolver: zone({}) }, sink!.port, {
    to: [`ann@${literal}`],
    domain: literal.toLowerCase(),
  })
  expect(words(report)).toEqual(['delivered'])
})

test('a domain in brackets that is no address fails', async () => {
  const report = await deliverTo({ resolver: zone({}) }, 1, { domain: '[nonsense]' })
  expect([words(report), reasonOf(report)]).toEqual([['failed'], '[nonsense] is not an address literal'])
})

describe('addresses no exchanger may have', () => {
  const strict = { kind: 'mx', tls: 'none' } as const
  const to = ['ann@kestrel.example']

  test.each([
    ['127.0.0.2', '5.4.6'],
    ['0.0.0.0', '5.4.6'],
    ['::1', '5.4.6'],
    ['::', '5.4.6'],
    ['::ffff:127.0.0.1', '5.4.6'],
    ['::127.0.0.1', '5.4.6'],
    ['64:ff9b::7f00:1', '5.4.6'],
    ['2002:7f00:1::', '5.4.6'],
    ['169.254.169.254', '5.1.2'],
    ['::ffff:169.254.169.254', '5.1.2'],
    ['10.1.2.3', '5.1.2'],
    ['172.31.0.1', '5.1.2'],
    ['192.168.0.1', '5.1.2'],
    ['100.64.0.1', '5.1.2'],
    ['255.255.255.255', '5.1.2'],
    ['fe80::1', '5.1.2'],
    ['fd00::1', '5.1.2'],
    ['64:ff9b::a9fe:a9fe', '5.1.2'],
  ])('%s is refused with %s', async (address, code) => {
    const family = address.includes(':') ? 'six' : 'four'
    const resolver = zone({ mx: { [domain]: [[1, 'mx.example']] }, [family]: { 'mx.example': [address] } })
    const report = await agentFor({ resolver, port25: 1 }).deliver(jobFor({ route: strict, to, domain }))
    expect(report.outcomes.get(0)).toMatchObject({ kind: 'failed', reply: { enhancedCode: code } })
    expect(report.transcript).not.toContain('connecting')
    const name = family === 'six' ? `[ipv6:${address}]` : `[${address}]`
    const literal = await agentFor({ port25: 1 }).deliver(jobFor({ route: strict, to, domain: name }))
    expect(literal.outcomes.get(0)).toMatchObject({ kind: 'failed', reply: { enhancedCode: code } })
  })

  test('every address of this machine is refused', async () => {
    for (const { address } of Object.values(networkInterfaces()).flatMap((all) => all ?? []))
      expect(reachOf(address)).toBe('home')
    for (const address of ['8.8.8.8', '2606:4700::1111', '64:ff9b::808:808']) expect(reachOf(address)).toBe('open')
  })

  test('beside others they are left out, and decide nothing', async () => {
    const records = { ...two, four: { 'mx1.kestrel.example': ['127.0.0.2'], 'mx2.kestrel.example': 'ETIMEOUT' } }
    const report = await agentFor({ resolver: zone(records), port25: 1 }).deliver(jobFor({ route: strict, to, domain }))
    expect(words(report)).toEqual(['deferred'])
  })
})
