import { createHash, X509Certificate } from 'node:crypto'
import { connect, type TLSSocket } from 'node:tls'
import { beforeAll, expect, test } from 'vitest'
import { hashPassword } from '../../src/base/passwordHash.ts'
import type { Credential } from '../../src/model/account.ts'
import { makeSelfSignedCertificate } from '../../src/mta/submission/certificate.ts'
import { createParts } from '../../src/mta/submission/parts.ts'
import { Session } from '../../src/mta/submission/session.ts'
import { Client } from './support/client.ts'
import { kept, message, optionsOf, plain, startIntake, testCertificate } from './support/intake.ts'

const word = 'correct horse battery staple'
let shop: Partial<Credential>

beforeAll(async () => {
  shop = { kind: 'password', name: 'shop', secret: await hashPassword(word) }
})

function fingerprint(pem: string): string {
  return new X509Certificate(pem).fingerprint256
}

function shown(client: Client): string {
  return (client.socket as TLSSocket).getPeerCertificate().fingerprint256
}

test('over STARTTLS a client greets again, logs in and sends', async () => {
  const { greet, submissions } = await startIntake({ credentials: [shop] })
  const client = await greet()
  await client.startTls()
  expect(await client.say('MAIL FROM:<a@acme.example>')).toMatch(/^503 5\.5\.1 Say EHLO first/)
  const capabilities = await client.say('EHLO client.example')
  expect(capabilities).toContain('AUTH PLAIN LOGIN')
  expect(capabilities).not.toContain('STARTTLS')
  expect(await client.say('STARTTLS')).toMatch(/^503 /)
  expect(await client.say(`AUTH PLAIN ${plain('shop', word)}`)).toMatch(/^235 /)
  expect(await client.submit(message)).toMatch(/^250 /)
  const { client: seen, received } = submissions[0]!
  expect(seen.tls).toMatch(/^TLSv1\.3 TLS_\w+$/)
  expect(received('ID', 0)).toMatch(
    /\r\n\t\(using TLSv1\.3 with cipher TLS_\w+\)\r\n\tby relay\.example \(Mailward\) with ESMTPSA id ID;/,
  )
})

test('over implicit TLS a client logs in and sends', async () => {
  const { securePort, submissions } = await startIntake({ credentials: [shop], smtps: true })
  const client = kept(await Client.openSecure(securePort))
  expect(await client.say('EHLO client.example')).not.toContain('STARTTLS')
  expect(await client.talk(`AUTH PLAIN ${plain('shop', word)}`)).toMatch(/^235 /)
  expect(await client.submit(message)).toMatch(/^250 /)
  expect(submissions[0]!.client.tls).toMatch(/^TLSv1\.3 /)
})

test('the certificate shown is the given one, on both listeners, and a new one from when it is given', async () => {
  const { greet, submissionServer, securePort } = await startIntake({ smtps: true })
  const poll = async () => {
    const [one, two] = [await greet(), kept(await Client.openSecure(securePort))]
    await one.startTls()
    return [shown(one), shown(two)]
  }
  const first = fingerprint((await testCertificate()).cert)
  expect(await poll()).toEqual([first, first])
  const next = await makeSelfSignedCertificate('relay.example')
  submissionServer.useCertificate(next)
  const second = fingerprint(next.cert)
  expect(await poll()).toEqual([second, second])
  expect(() => submissionServer.useCertificate({ key: next.key, cert: 'none' })).toThrow()
  expect(await poll()).toEqual([second, second])
})

test('an intake without a certificate and its key does not start', async () => {
  const [one, two] = [await testCertificate(), await makeSelfSignedCertificate('relay.example')]
  const pairs = [
    { key: '', cert: '' },
    { key: one.key, cert: two.cert },
  ]
  for (const tls of pairs) await expect(startIntake({ tls })).rejects.toThrow()
})

test('in plaintext only this machine is offered AUTH; others are told to encrypt', async () => {
  const { options } = await optionsOf({ credentials: [shop] })
  const parts = createParts(options)
  const outcome = (address: string, tls?: string) => {
    const session = new Session(parts, address, tls)
    return [session.answer('EHLO', 'EHLO c').includes('AUTH'), session.checkLogin()?.enhancedCode]
  }
  expect(outcome('192.0.2.7')).toEqual([false, '5.7.11'])
  expect(outcome('2001:db8::1')).toEqual([false, '5.7.11'])
  expect(outcome('192.0.2.7', 'TLSv1.3 TLS_AES_256_GCM_SHA384')).toEqual([true, undefined])
  expect(outcome('127.9.9.9')).toEqual([true, undefined])
  expect(outcome('::1')).toEqual([true, undefined])
  const stranger = new Session(parts, '192.0.2.7', undefined)
  stranger.answer('EHLO', 'EHLO c')
  expect(stranger.answer('MAIL', 'MAIL FROM:<a@acme.example>')).toMatch(/^530 5\.7\.0 .*STARTTLS/)
})

test.each([
  'STARTTLS\r\nMAIL FROM:<a@acme.example>\r\n',
  `STARTTLS\r\n${'NOOP\r\n'.repeat(500)}`,
  'STARTTLS\r\nEHLO inject',
])('what comes in plaintext behind STARTTLS is thrown away: %j', async (injected) => {
  const { greet } = await startIntake()
  const client = await greet()
  client.write(injected)
  expect(await client.reply()).toMatch(/^220 /)
  await client.handshake()
  // the first reply inside TLS is the one to our own first command
  expect(await client.say('RCPT TO:<b@x.example>')).toMatch(/^503 5\.5\.1 Send MAIL first/)
  expect(await client.say('EHLO client.example')).toMatch(/^250-/)
})

test('who was logged in before STARTTLS is not after it', async () => {
  const { greet } = await startIntake({ credentials: [shop] })
  const client = await greet()
  expect(await client.say(`AUTH PLAIN ${plain('shop', word)}`)).toMatch(/^235 /)
  await client.startTls()
  await client.say('EHLO client.example')
  expect(await client.say('MAIL FROM:<a@acme.example>')).toMatch(/^530 /)
})

test.each(['TLSv1', 'TLSv1.1'] as const)('%s is not spoken', async (version) => {
  const { securePort } = await startIntake({ smtps: true })
  const outcome = await new Promise((resolve) => {
    const options = { port: securePort, host: '127.0.0.1', rejectUnauthorized: false, ciphers: 'DEFAULT@SECLEVEL=0' }
    const socket = connect({ ...options, minVersion: version, maxVersion: version }, () => resolve('connected'))
    socket.on('error', () => resolve('refused'))
  })
  expect(outcome).toBe('refused')
})

test('plaintext on the TLS listener and a broken handshake harm nobody else', async () => {
  const { securePort, greet, port } = await startIntake({ smtps: true })
  const confused = kept(Client.dial(securePort))
  confused.write('EHLO client.example\r\n')
  await confused.closed()
  const broken = await greet()
  await broken.expect('220', 'STARTTLS')
  broken.write('this is no ClientHello\r\n')
  await broken.closed()
  const hello = kept(await Client.open(port))
  hello.write(createHash('sha512').update('x').digest())
  hello.write('\r\n')
  expect(await hello.reply()).toMatch(/^(500 5\.5\.[12]|closed)/)
  expect(await (await greet()).submit(message)).toMatch(/^250 /)
})
