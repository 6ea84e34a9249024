/**
 * Sealing of samples. Each sample has a key of its own (AES-256-GCM, with message and day as associated data), which is
 * sealed to the public key of its day (X25519, RFC 7748; HKDF-SHA-256, RFC 5869). The private key of the day is sealed
 * in the same way to the seal key, and forgotten. So who runs the relay writes samples and cannot read them: it takes
 * the private part of the seal key, which is not there while the relay runs.
 */

import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'

const VERSION = 1
const KEY = 32
const IV = 12
const TAG = 16
const CIPHER = 'aes-256-gcm'
/** what stands before a raw key in DER (RFC 8410) */
const PUBLIC_DER = Buffer.from('302a300506032b656e032100', 'hex')
const PRIVATE_DER = Buffer.from('302e020100300506032b656e04220420', 'hex')

/** A key pair for sealing; raw X25519 keys of 32 bytes. */
export interface KeyPair {
  publicKey: Uint8Array
  privateKey: Uint8Array
}

function publicObject(raw: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([PUBLIC_DER, raw]), format: 'der', type: 'spki' })
}

function privateObject(raw: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PRIVATE_DER, raw]), format: 'der', type: 'pkcs8' })
}

function rawPublic(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(PUBLIC_DER.length)
}

/** Makes a key pair. */
export function makeKeyPair(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('x25519')
  const raw = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(PRIVATE_DER.length)
  return { publicKey: new Uint8Array(rawPublic(publicKey)), privateKey: new Uint8Array(raw) }
}

/** The public key that belongs to a private one, both raw. */
export function publicKeyOf(privateKey: Uint8Array): Uint8Array {
  return new Uint8Array(rawPublic(createPublicKey(privateObject(privateKey))))
}

function encrypt(key: Uint8Array, data: Uint8Array, associated: string): Buffer {
  const iv = randomBytes(IV)
  const cipher = createCipheriv(CIPHER, key, iv).setAAD(Buffer.from(associated))
  return Buffer.concat([iv, cipher.update(data), cipher.final(), cipher.getAuthTag()])
}

function decrypt(key: Uint8Array, sealed: Uint8Array, associated: string): Buffer {
  const end = sealed.length - TAG
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, IV)).setAAD(Buffer.from(associated))
  decipher.setAuthTag(sealed.subarray(end))
  return Buffer.concat([decipher.update(sealed.subarray(IV, end)), decipher.final()])
}

function sharedKey(secret: Buffer, ephemeral: Uint8Array, receiver: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, Buffer.concat([ephemeral, receiver]), `mailward ${purpose}`, KEY))
}

/** Seals a key to a public key; `purpose` keeps one kind of box from being taken for another. */
export function sealTo(publicKey: Uint8Array, content: Uint8Array, purpose: string): Uint8Array {
  const ephemeral = generateKeyPairSync('x25519')
  const own = rawPublic(ephemeral.publicKey)
  const secret = diffieHellman({ privateKey: ephemeral.privateKey, publicKey: publicObject(publicKey) })
  const key = sharedKey(secret, own, publicKey, purpose)
  return Buffer.concat([Buffer.of(VERSION), own, encrypt(key, content, purpose)])
}

/**
 * Opens what {@link sealTo} sealed.
 * @throws when the key is another one, or a byte was changed
 */
export function openSealed(privateKey: Uint8Array, box: Uint8Array, purpose: string): Uint8Array {
  if (box[0] !== VERSION) throw new Error(`this was sealed by a newer Mailward (version ${box[0]}): update Mailward`)
  const own = box.subarray(1, 1 + KEY)
  const secret = diffieHellman({ privateKey: privateObject(privateKey), publicKey: publicObject(own) })
  return decrypt(sharedKey(secret, own, publicKeyOf(privateKey), purpose), box.subarray(1 + KEY), purpose)
}

/** bytes of a sealed key of 32 bytes */
const BOX = 1 + KEY + IV + KEY + TAG

function associated(message: number, day: string): string {
  return `mailward sample ${message} ${day}`
}

/** A whole message as it is kept for compliance. */
export interface SampleContent {
  from: string
  to: string[]
  /** the message as accepted, headers included */
  bytes: Uint8Array
}

/** Seals a whole message to its day's public key. */
export function sealSample(dayPublicKey: Uint8Array, message: number, day: string, sample: SampleContent): Uint8Array {
  const key = randomBytes(KEY)
  const envelope = Buffer.from(JSON.stringify({ from: sample.from, to: sample.to }))
  const length = Buffer.allocUnsafe(4)
  length.writeUInt32BE(envelope.length)
  const plain = Buffer.concat([length, envelope, sample.bytes])
  const sealed = Buffer.concat([
    sealTo(dayPublicKey, key, associated(message, day)),
    encrypt(key, plain, associated(message, day)),
  ])
  plain.fill(0)
  key.fill(0)
  return sealed
}

/**
 * Opens a sample with its day's private key.
 * @throws when the key, the message or the day is another one, or a byte was changed
 */
export function openSample(dayPrivateKey: Uint8Array, message: number, day: string, sealed: Uint8Array): SampleContent {
  const key = openSealed(dayPrivateKey, sealed.subarray(0, BOX), associated(message, day))
  const plain = decrypt(key, sealed.subarray(BOX), associated(message, day))
  const end = 4 + plain.readUInt32BE(0)
  const { from, to } = JSON.parse(plain.toString('utf8', 4, end)) as { from: string; to: string[] }
  return { from, to, bytes: new Uint8Array(plain.subarray(end)) }
}

/** Wraps a day's private key with the seal key. */
export function wrapDayKey(sealPublicKey: Uint8Array, dayPrivateKey: Uint8Array, day: string): Uint8Array {
  return sealTo(sealPublicKey, dayPrivateKey, `mailward day ${day}`)
}

/** @throws when the seal key is another one */
export function unwrapDayKey(sealPrivateKey: Uint8Array, wrapped: Uint8Array, day: string): Uint8Array {
  return openSealed(sealPrivateKey, wrapped, `mailward day ${day}`)
}
