import { beforeAll, describe, expect, test } from 'vitest'
import type { TlsPolicy } from '../../src/model/route.ts'
import type { Resolver } from '../../src/mta/delivery/index.ts'
import { type CertificateAndKey, makeSelfSignedCertificate } from '../../src/mta/submission/certificate.ts'
import { type SinkOptions, startSink } from '../support/sink.ts'
import { agentFor, jobFor, reasonOf, routeTo, sinkFor, words } from './support.ts'

let tls: CertificateAndKey

beforeAll(async () => {
  tls = await makeSelfSignedCertificate('mx.kestrel.example')
})

/** Every name is the sink's address. */
const resolver: Resolver = {
  resolveMx: () => Promise.resolve([]),
  resolve4: () => Promise.resolve(['127.0.0.1']),
  resolve6: () => Promise.resolve([]),
}

interface Case {
  policy: TlsPolicy
  host?: string
  trusted?: boolean
  sink?: SinkOptions
}

async function deliver({ policy, host = 'mx.kestrel.example', trusted = true, sink: more = {} }: Case) {
  const sink = await sinkFor({ tls, ...more })
  const agent = agentFor({ resolver, certificateAuthorities: trusted ? [tls.cert] : [] })
  const report = await agent.deliver(jobFor({ route: routeTo(sink, { host, tls: policy }), to: ['ann@a.example'] }))
  return { sink, report, taken: { tls: report.tls, words: words(report), received: sink.messages[0]?.tls } }
}

const verified = 'TLSv1.3 TLS_AES_256_GCM_SHA384 verified'
const unverified = 'TLSv1.3 TLS_AES_256_GCM_SHA384 unverified'
const encrypted = { words: ['delivered'], received: 'TLSv1.3' }
const plaintext = { tls: undefined, words: ['delivered'], received: undefined }

describe('require', () => {
  test('delivers to a host that proves its name', async () => {
    const { taken, sink } = await deliver({ policy: 'require' })
    expect(taken).toEqual({ tls: verified, ...encrypted })
    // what was offered in plaintext does not count any more
    expect(sink.commands.slice(0, 3)).toEqual(['EHLO relay.test', 'STARTTLS', 'EHLO relay.test'])
  })

  test('defers when nobody vouches for the certificate', async () => {
    const { report, sink } = await deliver({ policy: 'require', trusted: false })
    expect(words(report)).toEqual(['deferred'])
    expect(reasonOf(report)).toMatch(/^TLS is required but the certificate of mx\.kestrel\.example is not valid: /)
    expect(report.tls).toBe(unverified)
    expect(sink.commands).not.toContainEqual(expect.stringMatching(/^MAIL/))
  })

  test('defers when the certificate is for another name', async () => {
    const { report } = await deliver({ policy: 'require', host: 'other.example' })
    expect(words(report)).toEqual(['deferred'])
    expect(reasonOf(report)).toMatch(/^TLS is required but the certificate of other\.example is not valid: /)
  })

  test('defers when STARTTLS is not offered', async () => {
    const { report, sink } = await deliver({ policy: 'require', sink: { tls: undefined } })
    expect(reasonOf(report)).toBe(
      "TLS is required but mx.kestrel.example does not offer STARTTLS (the route's TLS policy decides)",
    )
    expect([words(report), sink.messages.length]).toEqual([['deferred'], 0])
  })

  test.each(['refuse', 'break'] as const)('defers when STARTTLS fails: %s', async (startTls) => {
    const { report, sink } = await deliver({ policy: 'require', sink: { startTls } })
    expect([words(report), sink.messages.length]).toEqual([['deferred'], 0])
  })

  test('verifies an address by the address', async () => {
    expect((await deliver({ policy: 'require', host: '127.0.0.1' })).taken).toEqual({ tls: verified, ...encrypted })
  })
})

describe('opportunistic', () => {
  test('encrypts without asking for proof', async () => {
    const { taken } = await deliver({ policy: 'opportunistic', trusted: false })
    expect(taken).toEqual({ tls: unverified, ...encrypted })
  })

  test('uses plaintext where STARTTLS is not offered', async () => {
    expect((await deliver({ policy: 'opportunistic', sink: { tls: undefined } })).taken).toEqual(plaintext)
  })

  test.each([
    ['refuse', 1],
    ['break', 2],
  ] as const)('uses plaintext where STARTTLS fails: %s', async (startTls, connections) => {
    const { taken, sink } = await deliver({ policy: 'opportunistic', sink: { startTls } })
    expect(taken).toEqual(plaintext)
    expect(sink.counts.connections).toBe(connections)
  })
})

test('none never says STARTTLS', async () => {
  const { taken, sink } = await deliver({ policy: 'none' })
  expect(taken).toEqual(plaintext)
  expect(sink.commands).not.toContain('STARTTLS')
})

test('replies put in after STARTTLS in plaintext are thrown away', async () => {
  const { taken, report } = await deliver({ policy: 'require', sink: { startTls: 'inject' } })
  expect(taken).toEqual({ tls: verified, ...encrypted })
  expect(report.transcript).toContain('-- plaintext after STARTTLS thrown away')
})

// the port is part of what is tested, and not every system lets everybody open it
const mayOpen = await sinkMayOpen('127.0.0.65', 465)

test.skipIf(!mayOpen)('port 465 is TLS from the first byte (skipped where it cannot be opened)', async () => {
  const sink = await sinkFor({ host: '127.0.0.65', port: 465, tls, implicitTls: true })
  const names = { ...resolver, resolve4: () => Promise.resolve([sink.host]) }
  const agent = agentFor({ resolver: names, certificateAuthorities: [tls.cert] })
  const route = routeTo(sink, { host: 'mx.kestrel.example', tls: 'require' })
  const report = await agent.deliver(jobFor({ route, to: ['ann@a.example'] }))
  expect([words(report), report.tls, sink.messages[0]?.tls]).toEqual([['delivered'], verified, 'TLSv1.3'])
  expect(sink.commands).not.toContain('STARTTLS')
})

async function sinkMayOpen(host: string, port: number): Promise<boolean> {
  try {
    const sink = await startSink({ host, port })
    await sink.stop()
    return true
  } catch {
    return false
  }
}
