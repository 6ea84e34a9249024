/** Where a job can go: the addresses of its route, best first, found one by one while they are tried. */

import type { MxRecord } from 'node:dns'
import { isIP } from 'node:net'
import type { Outcome } from '../../../model/outcome.ts'
import type { Route } from '../../../model/route.ts'
import { refusal } from '../classify.ts'
import type { Target } from '../target.ts'
import type { Names } from './names.ts'
import { reachOf } from './reach.ts'

export type Candidate =
  | { kind: 'target'; target: Target }
  /** nothing to try here; it may be the reason when nothing else works either */
  | { kind: 'problem'; reason: string }
  /** an address no exchanger may have; the end of it when there is no other */
  | { kind: 'barred'; outcome: Outcome; reason: string }
  /** the end of the search */
  | { kind: 'verdict'; outcome: Outcome }

export interface Surroundings {
  names: Names
  /** our own name: a mail exchanger so called is this relay */
  hostname: string
  /** port of mail exchangers */
  port25: number
  /** whether an address and port is this relay itself */
  isSelf: (address: string, port: number) => boolean
}

/** mail exchangers of one domain that are looked at */
const MOST_HOSTS = 10

type MxRoute = Extract<Route, { kind: 'mx' }>

const loop: Candidate = {
  kind: 'verdict',
  outcome: refusal(554, '5.4.6', 'the best mail exchanger of this domain is this relay itself: mail would loop'),
}

/** The candidates of a route, in the order they should be tried. */
export function candidates(route: Route, domain: string, surroundings: Surroundings): AsyncIterable<Candidate> {
  switch (route.kind) {
    case 'smarthost':
      return smarthost(route, surroundings)
    case 'mx':
      return domain.startsWith('[') ? literal(domain, route, surroundings) : exchangers(domain, route, surroundings)
    case 'capture':
    case 'reject':
      return nowhere(route.kind)
  }
}

async function* nowhere(kind: string): AsyncIterable<Candidate> {
  yield { kind: 'problem', reason: `the route is ${kind}: nothing is sent` }
}

async function* smarthost(
  route: Extract<Route, { kind: 'smarthost' }>,
  { names }: Surroundings,
): AsyncIterable<Candidate> {
  const { host, port, tls, username, password, unverifiedLogin } = route
  const found = await names.smarthost(host)
  if (found.kind === 'none')
    yield { kind: 'problem', reason: `the smarthost ${host} has no address: change the host name of the route` }
  if (found.kind === 'temporary')
    yield { kind: 'problem', reason: `the address of the smarthost ${host} cannot be looked up now (${found.why})` }
  if (found.kind !== 'addresses') return
  const credentials = username === undefined ? undefined : { username, password: password ?? '' }
  for (const address of found.addresses)
    yield { kind: 'target', target: { host, address, port, tls, credentials, unverifiedLogin, exchanger: false } }
}

/** `user@[192.0.2.7]` (RFC 5321 §4.1.3). */
async function* literal(domain: string, route: MxRoute, surroundings: Surroundings): AsyncIterable<Candidate> {
  const address = domain.replace(/^\[(?:ipv6:)?|\]$/gi, '')
  if (isIP(address) === 0)
    yield { kind: 'verdict', outcome: refusal(550, '5.1.2', `${domain} is not an address literal`) }
  else yield* exchangerTargets(address, [address], route, surroundings)
}

function exchangerTargets(
  host: string,
  addresses: string[],
  route: MxRoute,
  { port25, isSelf }: Surroundings,
): Candidate[] {
  const { tls, privateAddresses } = route
  return addresses.map((address) => {
    if (isSelf(address, port25)) return loop
    const reach = privateAddresses ? 'open' : reachOf(address)
    if (reach !== 'open') return barred(host, address, reach)
    return { kind: 'target', target: { host, address, port: port25, tls, credentials: undefined, exchanger: true } }
  })
}

function barred(host: string, address: string, reach: 'home' | 'private'): Candidate {
  const at = host === address ? address : `${host} [${address}]`
  const reason =
    reach === 'home'
      ? `the mail exchanger ${at} is this relay's own machine: mail would loop`
      : `the mail exchanger ${at} is in a private network, where no mail exchanger can be`
  const outcome = reach === 'home' ? refusal(554, '5.4.6', reason) : refusal(550, '5.1.2', reason)
  return { kind: 'barred', outcome, reason }
}

async function* exchangers(domain: string, route: MxRoute, surroundings: Surroundings): AsyncIterable<Candidate> {
  const found = await surroundings.names.exchangers(domain)
  switch (found.kind) {
    case 'hosts':
      yield* hosts(found.hosts, route, surroundings)
      return
    case 'none':
      // a domain without MX is its own mail exchanger (RFC 5321 §5.1)
      yield* hosts([{ exchange: domain, priority: 0 }], route, surroundings)
      return
    case 'no-domain':
      yield { kind: 'verdict', outcome: refusal(550, '5.1.2', `there is no domain ${domain}`) }
      return
    case 'no-mail':
      yield { kind: 'verdict', outcome: refusal(556, '5.1.10', `${domain} takes no mail (null MX)`) }
      return
    case 'temporary':
      yield { kind: 'problem', reason: `the mail exchangers of ${domain} cannot be looked up now (${found.why})` }
  }
}

/** By preference; equal ones in random order, which spreads the load as their owner asked for. */
function inOrder(records: readonly MxRecord[]): MxRecord[] {
  return records
    .map((record) => ({ record, draw: Math.random() }))
    .sort((a, b) => a.record.priority - b.record.priority || a.draw - b.draw)
    .map(({ record }) => record)
}

async function* hosts(
  records: readonly MxRecord[],
  route: MxRoute,
  surroundings: Surroundings,
): AsyncIterable<Candidate> {
  const sorted = inOrder(records)
  const self = sorted.find(({ exchange }) => exchange.toLowerCase() === surroundings.hostname.toLowerCase())
  // those no better than ourselves would only hand the mail back to us (RFC 5321 §5.1)
  const better = self ? sorted.filter(({ priority }) => priority < self.priority) : sorted
  if (better.length === 0) yield loop
  let unknown = 0
  const looked = better.slice(0, MOST_HOSTS)
  for (const { exchange } of looked) {
    const host = exchange.toLowerCase()
    const found = await surroundings.names.addresses(host)
    if (found.kind === 'addresses') yield* exchangerTargets(host, found.addresses, route, surroundings)
    else if (found.kind === 'temporary')
      yield {
        kind: 'problem',
        reason: `the address of the mail exchanger ${host} cannot be looked up now (${found.why})`,
      }
    else unknown += 1
  }
  if (unknown > 0 && unknown === looked.length)
    yield { kind: 'verdict', outcome: refusal(550, '5.1.2', 'no mail exchanger of this domain has an address') }
}
