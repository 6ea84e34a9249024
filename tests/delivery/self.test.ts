import { networkInterfaces } from 'node:os'
import { expect, test } from 'vitest'
import { isOwnListener } from '../../src/mta/delivery/route/self.ts'

const own = Object.values(networkInterfaces()).flatMap((all) => all ?? [])[0]!.address

test.each([
  ['the very address', '192.0.2.1', 25, '192.0.2.1', 25, true],
  ['another port', '192.0.2.1', 2525, '192.0.2.1', 25, false],
  ['another address', '127.0.0.1', 25, '127.0.0.2', 25, false],
  ['any loopback address behind a wildcard', '0.0.0.0', 25, '127.0.0.2', 25, true],
  ['an address of an interface behind a wildcard', '::', 25, own, 25, true],
  ['a foreign address behind a wildcard', '0.0.0.0', 25, '192.0.2.1', 25, false],
])('%s', (_name, host, port, address, dialled, expected) => {
  expect(isOwnListener([{ host, port }], address, dialled)).toBe(expected)
})
