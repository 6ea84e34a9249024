import { createPrivateKey, X509Certificate } from 'node:crypto'
import { connect, createServer } from 'node:tls'
import { expect, test } from 'vitest'
import { describeCertificate, makeSelfSignedCertificate } from '../../src/mta/submission/certificate.ts'

test('a self-made certificate fits its key, its host name, localhost and loopback, and lasts ten years', async () => {
  const { key, cert } = await makeSelfSignedCertificate('mail.acme.example')
  const certificate = new X509Certificate(cert)
  expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true)
  expect(certificate.verify(certificate.publicKey)).toBe(true)
  expect(certificate.checkHost('mail.acme.example')).toBe('mail.acme.example')
  expect(certificate.checkHost('localhost')).toBe('localhost')
  expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1')
  expect(certificate.checkIP('::1')).toBe('::1')
  const years = (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / (365.25 * 86_400_000)
  expect(Math.round(years)).toBe(10)
})

test('two self-made certificates share nothing', async () => {
  const [one, two] = await Promise.all([makeSelfSignedCertificate('a.example'), makeSelfSignedCertificate('a.example')])
  expect(one.key).not.toBe(two.key)
  expect(new X509Certificate(one.cert).serialNumber).not.toBe(new X509Certificate(two.cert).serialNumber)
})

test('a certificate is described for a person', async () => {
  const { cert } = await makeSelfSignedCertificate('mail.acme.example')
  const { expiresAt, fingerprint, ...rest } = describeCertificate(cert)
  expect(rest).toEqual({ subject: 'mail.acme.example', selfMade: true })
  expect(expiresAt).toBeGreaterThan(Date.now() + 9 * 365 * 86_400_000)
  expect(fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)
})

test('a client that trusts it accepts it in a real handshake, and one that does not refuses it', async () => {
  const { key, cert } = await makeSelfSignedCertificate('mail.acme.example')
  const server = createServer({ key, cert }, (socket) => socket.end('hello'))
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const dial = (ca: string | undefined) =>
    new Promise<string>((resolve) => {
      const socket = connect({ port, host: '127.0.0.1', servername: 'mail.acme.example', ca }, () => {
        socket.destroy()
        resolve('trusted')
      })
      socket.on('error', (fault: NodeJS.ErrnoException) => resolve(fault.code ?? 'fault'))
    })
  try {
    expect(await dial(cert)).toBe('trusted')
    expect(await dial(undefined)).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
})
