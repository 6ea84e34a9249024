import { beforeAll, describe, expect, test } from 'vitest'
import { whyNotLogIn } from '../../src/mta/client/auth.ts'
import { type CertificateAndKey, makeSelfSignedCertificate } from '../../src/mta/submission/certificate.ts'
import { agentFor, jobFor, reasonOf, routeTo, sinkFor, words } from './support.ts'

let tls: CertificateAndKey

beforeAll(async () => {
  tls = await makeSelfSignedCertificate('localhost')
})

const login = { username: 'acme', password: 'pässword ***' }

describe.each(['PLAIN', 'LOGIN', 'CRAM-MD5'] as const)('AUTH %s', (mechanism) => {
  test('logs in, and the transcript does not tell the secrets', async () => {
    const sink = await sinkFor({ tls, auth: { ...login, mechanisms: [mechanism] } })
    const route = routeTo(sink, { ...login, unverifiedLogin: true })
    const report = await agentFor().deliver(jobFor({ route, to: ['ann@a.example'] }))
    expect(words(report)).toEqual(['delivered'])
    expect(sink.messages[0]?.username).toBe('acme')
    const secrets = sink.commands.filter(
      (line) => /^(AUTH PLAIN .|[A-Za-z0-9+/=]{8,}$)/.test(line) && line !== 'STARTTLS',
    )
    expect(secrets.length).toBeGreaterThan(0)
    for (const secret of secrets) expect(report.transcript).not.toContain(secret.split(' ').at(-1))
  })

  test('wrong password: deferred, and the reason names what to change', async () => {
    const sink = await sinkFor({ tls, auth: { ...login, mechanisms: [mechanism] } })
    const route = routeTo(sink, { ...login, password: 'wrong', unverifiedLogin: true })
    const report = await agentFor().deliver(jobFor({ route, to: ['ann@a.example'] }))
    expect(words(report)).toEqual(['deferred'])
    expect(reasonOf(report)).toBe(
      'the smarthost refused the login (535 5.7.8 credentials refused): change user name or password of the route',
    )
  })
})

test('a temporary refusal of the login blames nobody', async () => {
  const sink = await sinkFor({ auth: login, authRefusal: '454 4.7.0 try later' })
  const route = routeTo(sink, { ...login, password: 'wrong' })
  const report = await agentFor().deliver(jobFor({ route, to: ['ann@a.example'] }))
  expect(reasonOf(report)).toBe('the smarthost refused the login (454 4.7.0 try later)')
})

test('a smarthost that wants a login the route does not have: deferred, never bounced', async () => {
  const sink = await sinkFor({ auth: login })
  const report = await agentFor().deliver(jobFor({ route: routeTo(sink), to: ['ann@a.example'] }))
  expect(words(report)).toEqual(['deferred'])
  expect(reasonOf(report)).toMatch(/^the smarthost wants a login .*: set user name and password of the route$/)
})

test('a smarthost without AUTH: deferred, never sent without the login', async () => {
  const sink = await sinkFor()
  const report = await agentFor().deliver(jobFor({ route: routeTo(sink, login), to: ['ann@a.example'] }))
  expect([words(report), sink.messages.length]).toEqual([['deferred'], 0])
})

describe('a password', () => {
  test.each(['opportunistic', 'require'] as const)(
    'never goes to a certificate that proves nothing: %s',
    async (policy) => {
      const sink = await sinkFor({ tls, auth: login })
      const route = routeTo(sink, { ...login, tls: policy })
      const report = await agentFor().deliver(jobFor({ route, to: ['ann@a.example'] }))
      expect([words(report), sink.messages.length]).toEqual([['deferred'], 0])
      expect(sink.commands.filter((line) => line.startsWith('AUTH'))).toEqual([])
      expect(reasonOf(report)).toMatch(/certificate/)
    },
  )

  test('goes to a host that proves its name', async () => {
    const sink = await sinkFor({ tls, auth: login })
    const route = routeTo(sink, { ...login, host: 'localhost', tls: 'require' })
    const agent = agentFor({ certificateAuthorities: [tls.cert] })
    const report = await agent.deliver(jobFor({ route, to: ['ann@a.example'] }))
    expect(words(report)).toEqual(['delivered'])
    expect(report.tls).toMatch(/ verified$/)
  })

  test('goes over a network unprotected only where the route says so by name', () => {
    const remote = { address: '192.0.2.7' }
    expect(whyNotLogIn(remote, 'none')).toMatch(/allow the login without verified TLS in the route/)
    expect(whyNotLogIn(remote, 'unverified')).toMatch(/allow the login without verified TLS in the route/)
    expect(whyNotLogIn(remote, 'verified')).toBeUndefined()
    for (const protection of ['none', 'unverified'] as const)
      expect(whyNotLogIn({ ...remote, unverifiedLogin: true }, protection)).toBeUndefined()
    expect(whyNotLogIn({ address: '127.0.0.1' }, 'none')).toBeUndefined()
    expect(whyNotLogIn({ address: '::1' }, 'none')).toBeUndefined()
  })
})

test('connections are shared only under the same login', async () => {
  const sink = await sinkFor({ auth: login })
  const agent = agentFor()
  const good = jobFor({ route: routeTo(sink, login), to: ['ann@a.example'] })
  const bad = jobFor({ route: routeTo(sink, { ...login, password: 'wrong' }), to: ['ann@a.example'] })
  expect(words(await agent.deliver(good))).toEqual(['delivered'])
  expect(words(await agent.deliver(bad))).toEqual(['deferred'])
  expect(words(await agent.deliver(good))).toEqual(['delivered'])
  expect(sink.counts.connections).toBe(2)
})
