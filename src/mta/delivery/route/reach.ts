/**
 * Which addresses mail exchangers cannot have. DNS is written by strangers: an MX record that points to this machine or
 * into the network around it would turn the relay against both (RFC 5321 §5.1 on loops; RFC 6890 for the networks).
 */

import { BlockList, isIP } from 'node:net'
import { networkInterfaces } from 'node:os'

export type Reach =
  | 'open'
  /** this machine itself */
  | 'home'
  /** a network that does not belong to the internet */
  | 'private'

/** IPv4: network, length. */
const home4 = [
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
] as const
const private4 = [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const
/** unspecified, loopback, IPv4-compatible */
const home6 = [['::', 96]] as const
/** local (unique, link, site), multicast, discard, and a prefix of local translators (RFC 8215) */
const private6 = [
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
  ['100::', 64],
  ['64:ff9b:1::', 48],
] as const

type Networks = readonly (readonly [string, number])[]

/** An IPv4 network as IPv6 carries it: in NAT64 (RFC 6052) and 6to4 (RFC 3056); mapped ones `BlockList` knows. */
function carried([network, length]: readonly [string, number]): [string, number][] {
  const [a, b, c, d] = network.split('.').map(Number) as [number, number, number, number]
  const high = ((a << 8) | b).toString(16)
  const low = ((c << 8) | d).toString(16)
  return [
    [`64:ff9b::${high}:${low}`, 96 + length],
    [`2002:${high}:${low}::`, 16 + length],
  ]
}

function listOf(four: Networks, six: Networks): BlockList {
  const list = new BlockList()
  for (const [network, length] of four) list.addSubnet(network, length, 'ipv4')
  for (const [network, length] of [...six, ...four.flatMap(carried)]) list.addSubnet(network, length, 'ipv6')
  return list
}

const home = listOf(home4, home6)
const closed = listOf(private4, private6)

/** Where an IP address lies, seen from this machine. */
export function reachOf(address: string): Reach {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  if (home.check(address, family) || isOwn(address)) return 'home'
  return closed.check(address, family) ? 'private' : 'open'
}

/** Whether a network interface of this machine has the address. */
function isOwn(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
  return Object.values(networkInterfaces()).some((all) => all?.some((one) => one.address === mapped))
}
