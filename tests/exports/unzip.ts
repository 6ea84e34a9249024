/**
 * Opens encrypted ZIPs without the library that makes them: APPNOTE 4.3 and 7.3 (WinZip AE-2), by hand. An entry whose
 * passphrase or authentication code is wrong throws.
 */

import { createCipheriv, createHmac, pbkdf2Sync } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'

const ITERATIONS = 1000
const KEY = 32
const SALT = 16
const MAC = 10

/** AES in counter mode with a little-endian counter that begins at 1, which no library offers. */
function decrypt(key: Uint8Array, data: Buffer): Buffer {
  const counters = Buffer.alloc(Math.ceil(data.length / 16) * 16)
  for (let block = 0; block < counters.length / 16; block++) counters.writeUInt32LE(block + 1, block * 16)
  const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false)
  const stream = Buffer.concat([cipher.update(counters), cipher.final()])
  return Buffer.from(data.map((byte, at) => byte ^ stream[at]!))
}

function open(data: Buffer, passphrase: string): Buffer {
  const keys = pbkdf2Sync(passphrase, data.subarray(0, SALT), ITERATIONS, 2 * KEY + 2, 'sha1')
  if (!keys.subarray(2 * KEY).equals(data.subarray(SALT, SALT + 2))) throw new Error('wrong passphrase')
  const sealed = data.subarray(SALT + 2, data.length - MAC)
  const mac = createHmac('sha1', keys.subarray(KEY, 2 * KEY))
    .update(sealed)
    .digest()
    .subarray(0, MAC)
  if (!mac.equals(data.subarray(data.length - MAC))) throw new Error('changed')
  return decrypt(keys.subarray(0, KEY), sealed)
}

/** The files of an encrypted ZIP by name. */
export function unzip(zip: Buffer, passphrase: string): Map<string, string> {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  const files = new Map<string, string>()
  let at = zip.readUInt32LE(end + 16)
  while (zip.readUInt32LE(at) === 0x02014b50) {
    const [flags, method, size] = [zip.readUInt16LE(at + 8), zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)]
    const [name, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ]
    if ((flags & 1) === 0 || method !== 99) throw new Error('an entry is not encrypted')
    const local = zip.readUInt32LE(at + 42)
    const data = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    // the real method stands in the extra field 0x9901
    const field = zip.indexOf(Buffer.from([0x01, 0x99]), at + 46 + name)
    const plain = open(zip.subarray(data, data + size), passphrase)
    const isDeflated = zip.readUInt16LE(field + 9) === 8
    files.set(
      zip.toString('utf8', at + 46, at + 46 + name),
      (isDeflated ? inflateRawSync(plain) : plain).toString('utf8'),
    )
    at += 46 + name + extra + comment
  }
  return files
}
