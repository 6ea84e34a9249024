/**
 * Slows guessing of passwords by client address and by user name, across connections and restarts. A guess counts as
 * wrong when it begins, so that many at once gain nothing.
 */

import { parseAddress } from '../../model/addressRange.ts'
import type { Store, ThrottleEntry } from '../../store/store.ts'
import type { Clock, Log } from '../ports.ts'

export interface ThrottleLimits {
  /** wrong passwords that cost nothing: from one address, which many may share, and for one user name */
  freeForAddress: number
  freeForUser: number
  /** wait after the first one beyond, milliseconds; it doubles with each */
  firstWaitMs: number
  longestWaitMs: number
  /** one wrong password is forgotten every so often, milliseconds */
  forgetMs: number
}

export const defaultThrottleLimits: ThrottleLimits = {
  freeForAddress: 20,
  freeForUser: 6,
  firstWaitMs: 15_000,
  longestWaitMs: 30 * 60_000,
  forgetMs: 10 * 60_000,
}

/** Keys remembered at most; the least recent go first. */
const MOST_KEYS = 20_000
/** Clients that logged in are not slowed by others' guesses at the same name; so many are remembered. */
const MOST_KNOWN = 20_000

interface Guess {
  address: string
  user: string
}

/** IPv6 clients choose their last 64 bits as they like, so a /64 counts as one client. */
function addressKey(address: string): string {
  const groups = address.includes(':') ? parseAddress(address) : undefined
  if (!groups) return `address ${address}`
  const network = groups.slice(0, 4).map((group) => group.toString(16))
  return `address ${network.join(':')}::/64`
}

function userKey(user: string): string {
  return `user ${user.toLowerCase().slice(0, 320)}`
}

function forgetOldest(
  keys: { size: number; keys(): Iterator<string>; delete(key: string): boolean },
  most: number,
): void {
  while (keys.size > most) keys.delete(keys.keys().next().value!)
}

export class PasswordThrottle {
  private readonly limits: ThrottleLimits
  private readonly store: Store['throttle']
  private readonly clock: Clock
  private readonly log: Log
  private readonly entries = new Map<string, ThrottleEntry>()
  private readonly known = new Set<string>()
  private unsaved = new Map<string, ThrottleEntry>()
  private saving: Promise<void> | undefined

  constructor(store: Store['throttle'], clock: Clock, log: Log, limits: ThrottleLimits) {
    this.store = store
    this.clock = clock
    this.log = log
    this.limits = limits
  }

  /** Reads what earlier runs have seen. */
  async load(): Promise<void> {
    for (const entry of await this.store.load())
      if (/^(?:address|user) /.test(entry.key)) this.entries.set(entry.key, entry)
  }

  /** How long to wait before another guess is looked at, milliseconds; 0 for not at all. */
  waitMs({ address, user }: Guess): number {
    const forAddress = this.remaining(addressKey(address), this.limits.freeForAddress)
    if (this.known.has(`${userKey(user)} ${address}`)) return forAddress
    return Math.max(forAddress, this.remaining(userKey(user), this.limits.freeForUser))
  }

  /** Counts a guess that is about to be looked at. */
  guessed({ address, user }: Guess): void {
    for (const key of [addressKey(address), userKey(user)]) this.put(key, this.failures(key) + 1)
  }

  /** Takes a guess back that was right. The address keeps what it guessed at other names. */
  wasRight({ address, user }: Guess): void {
    this.put(addressKey(address), this.failures(addressKey(address)) - 1)
    this.put(userKey(user), 0)
    this.greet({ address, user })
  }

  /** Remembers that this client knows the password. */
  greet({ address, user }: Guess): void {
    const key = `${userKey(user)} ${address}`
    this.known.delete(key)
    this.known.add(key)
    forgetOldest(this.known, MOST_KNOWN)
  }

  /** Resolves when everything counted so far is written. */
  async settled(): Promise<void> {
    await this.saving
  }

  private failures(key: string): number {
    const entry = this.entries.get(key)
    if (!entry) return 0
    const forgotten = Math.floor(Math.max(0, this.clock.now() - entry.lastAt) / this.limits.forgetMs)
    return Math.max(0, entry.failures - forgotten)
  }

  private remaining(key: string, free: number): number {
    const entry = this.entries.get(key)
    if (!entry || entry.failures < free) return 0
    const wait = Math.min(this.limits.longestWaitMs, this.limits.firstWaitMs * 2 ** (entry.failures - free))
    // a clock that jumped back must not lock anybody out for longer than the longest wait
    return Math.min(this.limits.longestWaitMs, Math.max(0, entry.lastAt + wait - this.clock.now()))
  }

  private put(key: string, failures: number): void {
    const entry = { key, failures: Math.max(0, failures), lastAt: this.clock.now() }
    this.entries.delete(key)
    if (entry.failures > 0) this.entries.set(key, entry)
    forgetOldest(this.entries, MOST_KEYS)
    this.unsaved.set(key, entry)
    this.saving ??= this.save()
  }

  /** Writes what changed; what changes meanwhile is written together, next. */
  private async save(): Promise<void> {
    await Promise.resolve()
    while (this.unsaved.size > 0) {
      const batch = [...this.unsaved.values()]
      this.unsaved = new Map()
      try {
        await this.store.save(batch)
      } catch (fault) {
        this.log.error({ entries: batch.length, fault: (fault as Error).message }, 'wrong passwords could not be saved')
        break
      }
    }
    this.saving = undefined
  }
}
