/** DNS as delivery needs it: questions answered in a closed union, good answers remembered for a minute. */

import type { MxRecord } from 'node:dns'
import { lookup, Resolver as SystemResolver } from 'node:dns/promises'
import { isIP } from 'node:net'
import { ExpiringCache } from '../../../base/expiringCache.ts'

/** The part of node:dns/promises that is used; tests bring their own. */
export interface Resolver {
  resolveMx(domain: string): Promise<MxRecord[]>
  resolve4(host: string): Promise<string[]>
  resolve6(host: string): Promise<string[]>
  /** Addresses as the system finds them, hosts file included: for smarthosts. */
  lookup?(host: string): Promise<string[]>
}

export type Exchangers =
  | { kind: 'hosts'; hosts: MxRecord[] }
  /** the domain exists but names no mail exchanger */
  | { kind: 'none' }
  /** there is no such domain */
  | { kind: 'no-domain' }
  /** the domain takes no mail (RFC 7505) */
  | { kind: 'no-mail' }
  | { kind: 'temporary'; why: string }

export type Addresses =
  | { kind: 'addresses'; addresses: string[] }
  | { kind: 'none' }
  | { kind: 'temporary'; why: string }

const LIFE_MS = 60_000
const SIZE = 1000

/** The resolver of the system, with limits that keep one slow zone from holding a delivery for long. */
export function systemResolver(): Resolver {
  const resolver = new SystemResolver({ timeout: 5000, tries: 2 })
  return {
    resolveMx: (domain) => resolver.resolveMx(domain),
    resolve4: (host) => resolver.resolve4(host),
    resolve6: (host) => resolver.resolve6(host),
    lookup: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  }
}

type Failure = 'no-name' | 'no-data' | { why: string }

function failureOf(error: unknown): Failure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown fault'
  if (code === 'ENOTFOUND') return 'no-name'
  if (code === 'ENODATA') return 'no-data'
  return { why: code }
}

/** One after another from each: a host that cannot be reached over one family is tried over the other next. */
function interleave(first: string[], second: string[]): string[] {
  const longest = Math.max(first.length, second.length)
  return Array.from({ length: longest }, (_, index) => [first[index], second[index]])
    .flat()
    .filter((address) => address !== undefined)
}

export class Names {
  private resolver: Resolver
  private exchangerCache = new ExpiringCache<Exchangers>(LIFE_MS, SIZE)
  private addressCache = new ExpiringCache<Addresses>(LIFE_MS, SIZE)

  constructor(resolver: Resolver) {
    this.resolver = resolver
  }

  /** Mail exchangers of a domain, in no order (RFC 5321 §5.1). */
  async exchangers(domain: string): Promise<Exchangers> {
    const known = this.exchangerCache.get(domain)
    if (known) return known
    const found = await this.askExchangers(domain)
    if (found.kind === 'hosts') this.exchangerCache.set(domain, found)
    return found
  }

  /** Addresses of a mail exchanger, from DNS alone. */
  async addresses(host: string): Promise<Addresses> {
    return this.remembered(`dns ${host}`, async () => {
      const [six, four] = await Promise.all([
        this.ask(() => this.resolver.resolve6(host)),
        this.ask(() => this.resolver.resolve4(host)),
      ])
      return merge(six, four)
    })
  }

  /** Addresses of a smarthost, as the system finds them; of an address, itself. */
  async smarthost(host: string): Promise<Addresses> {
    if (isIP(host) !== 0) return { kind: 'addresses', addresses: [host] }
    const { lookup: ask } = this.resolver
    if (!ask) return this.addresses(host)
    return this.remembered(`system ${host}`, async () => merge(await this.ask(() => ask(host)), []))
  }

  private async askExchangers(domain: string): Promise<Exchangers> {
    const records = await this.ask(() => this.resolver.resolveMx(domain))
    if (records === 'no-name') return { kind: 'no-domain' }
    if (records === 'no-data') return { kind: 'none' }
    if ('why' in records) return { kind: 'temporary', why: records.why }
    const hosts = records.filter(({ exchange }) => exchange !== '' && exchange !== '.')
    if (hosts.length > 0) return { kind: 'hosts', hosts }
    return records.length > 0 ? { kind: 'no-mail' } : { kind: 'none' }
  }

  private async ask<Answer>(question: () => Promise<Answer>): Promise<Answer | Failure> {
    try {
      return await question()
    } catch (error) {
      return failureOf(error)
    }
  }

  private async remembered(key: string, question: () => Promise<Addresses>): Promise<Addresses> {
    const known = this.addressCache.get(key)
    if (known) return known
    const found = await question()
    if (found.kind === 'addresses') this.addressCache.set(key, found)
    return found
  }
}

/** With addresses of one family at hand, a failure for the other does not matter. */
function merge(first: string[] | Failure, second: string[] | Failure): Addresses {
  const addresses = interleave(Array.isArray(first) ? first : [], Array.isArray(second) ? second : [])
  if (addresses.length > 0) return { kind: 'addresses', addresses }
  for (const failure of [first, second])
    if (typeof failure === 'object' && 'why' in failure) return { kind: 'temporary', why: failure.why }
  return { kind: 'none' }
}
