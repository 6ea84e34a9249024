/** Certificates SMTP clients see: makes one on first start, and describes any. */

import { createHash, createPrivateKey, generateKeyPair, randomBytes, sign, X509Certificate } from 'node:crypto'
import { promisify } from 'node:util'
import { bits, boolean, der, integer, octets, oid, sequence, set, time, utf8 } from './der.ts'

const VALID_YEARS = 10
const ORGANISATION = 'Mailward self-made certificate'

const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'))
const generate = promisify(generateKeyPair)

/** PEM. */
export interface CertificateAndKey {
  key: string
  cert: string
}

export interface CertificateDescription {
  /** common name, or the first name it is for */
  subject: string
  /** milliseconds, Unix time */
  expiresAt: number
  /** SHA-256 of the certificate, hex pairs joined by colons */
  fingerprint: string
  /** made by this program and signed by nobody else */
  selfMade: boolean
}

function name(commonName: string): Buffer {
  const organisation = set(sequence(oid('2.5.4.10'), utf8(ORGANISATION)))
  // RFC 5280 appendix A bounds a common name to 64 characters; the whole host name stands in the alternative names
  return sequence(organisation, set(sequence(oid('2.5.4.3'), utf8(commonName.slice(0, 64)))))
}

function extension(id: string, isCritical: boolean, value: Uint8Array): Buffer {
  return isCritical ? sequence(oid(id), boolean(true), octets(value)) : sequence(oid(id), octets(value))
}

function alternativeNames(hostname: string): Buffer {
  const hosts = [...new Set([hostname, 'localhost'])].map((host) => der(0x82, Buffer.from(host, 'latin1')))
  const loopback = [Buffer.from([127, 0, 0, 1]), Buffer.concat([Buffer.alloc(15), Buffer.from([1])])]
  return sequence(...hosts, ...loopback.map((address) => der(0x87, address)))
}

function extensions(hostname: string, publicKey: Buffer): Buffer {
  const keyId = createHash('sha1').update(publicKey).digest()
  const digitalSignature = bits(Buffer.from([0x80]), 7)
  const serverAuthentication = sequence(oid('1.3.6.1.5.5.7.3.1'))
  return sequence(
    extension('2.5.29.14', false, octets(keyId)),
    extension('2.5.29.15', true, digitalSignature),
    extension('2.5.29.37', false, serverAuthentication),
    extension('2.5.29.19', true, sequence()),
    extension('2.5.29.17', false, alternativeNames(hostname)),
  )
}

function pem(label: string, contents: Buffer): string {
  const lines = contents.toString('base64').match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

/**
 * Makes a self-signed certificate with a fresh P-256 key (RFC 5280): ten years, for the host name, localhost and
 * the loopback addresses. By hand, since the libraries for it bring ten packages for sixty lines.
 * @param hostname an ASCII host name
 */
export async function makeSelfSignedCertificate(hostname: string): Promise<CertificateAndKey> {
  const { privateKey, publicKey } = await generate('ec', { namedCurve: 'prime256v1' })
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const from = new Date(Date.now() - 24 * 3_600_000)
  const until = new Date(from)
  until.setUTCFullYear(from.getUTCFullYear() + VALID_YEARS)
  const serial = randomBytes(16)
  serial[0] = (serial[0]! & 0x7f) | 0x40
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(serial),
    ecdsaWithSha256,
    name(hostname),
    sequence(time(from), time(until)),
    name(hostname),
    spki,
    der(0xa3, extensions(hostname, spki)),
  )
  const cert = sequence(body, ecdsaWithSha256, bits(sign('sha256', body, privateKey)))
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert: pem('CERTIFICATE', cert) }
}

function fieldOf(distinguishedName: string, field: string): string | undefined {
  const line = distinguishedName.split('\n').find((part) => part.startsWith(`${field}=`))
  return line?.slice(field.length + 1)
}

/** What a person should know about a certificate (PEM). Throws when it is none. */
export function describeCertificate(cert: string): CertificateDescription {
  const certificate = new X509Certificate(cert)
  const alternative = /DNS:([^,]+)/.exec(certificate.subjectAltName ?? '')?.[1]
  return {
    subject: fieldOf(certificate.subject, 'CN') ?? alternative ?? certificate.subject.replaceAll('\n', ', '),
    expiresAt: Date.parse(certificate.validTo),
    fingerprint: certificate.fingerprint256,
    selfMade: fieldOf(certificate.subject, 'O') === ORGANISATION && certificate.issuer === certificate.subject,
  }
}

/** Throws when these are no certificate and its key (PEM). */
export function checkPair({ key, cert }: CertificateAndKey): void {
  if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)))
    throw new Error('the key does not belong to the certificate: name the right pair')
}
