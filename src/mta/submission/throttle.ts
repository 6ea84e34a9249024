/**
 * Slows guessing of passwords, across connections and restarts: a client that guesses at one name waits for minutes,
 * and whoever shares its address or its name only for seconds, so that wrong passwords of some never lock out the right
 * ones of others. A guess counts as wrong when it begins, so that many at once gain nothing. Time is that of a clock
 * that never jumps.
 */

import { clientNetwork } from '../../model/addressRange.ts'
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

/** Longest time a guess is kept waiting because of what others guessed, milliseconds. */
const SLOWEST_MS = 5000

export function addressKey(address: string): string {
  return `address ${clientNetwork(address)}`
}

function userKey(user: string): string {
  return `user ${user.toLowerCase().slice(0, 320)}`
}

function pairKey({ address, user }: Guess): string {
  return `pair ${addressKey(address)} ${userKey(user)}`
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
  private readonly steady: Clock
  /** failures by key, with the steady time of the last one */
  private readonly entries = new Map<string, { failures: number; at: number }>()
  private readonly known = new Set<string>()
  private unsaved = new Map<string, ThrottleEntry>()
  private saving: Promise<void> | undefined

  constructor(store: Store['throttle'], clocks: { clock: Clock; steady: Clock }, log: Log, limits: ThrottleLimits) {
    this.store = store
    this.clock = clocks.clock
    this.steady = clocks.steady
    this.log = log
    this.limits = limits
  }

  /** Reads what earlier runs have seen. */
  async load(): Promise<void> {
    for (const entry of await this.store.load())
      if (/^(?:address|user|pair) /.test(entry.key)) {
        // a wall clock that was ahead must not make it last for longer
        const ago = Math.max(0, this.clock.now() - entry.lastAt)
        this.entries.set(entry.key, { failures: entry.failures, at: this.steady.now() - ago })
      }
  }

  /**
   * How long this client's guesses at this name are not looked at, milliseconds; 0 for not at all. A client that has
   * shown the right password is only slowed.
   */
  waitMs(guess: Guess): number {
    return this.isKnown(guess) ? 0 : this.remaining(pairKey(guess), this.limits.freeForUser)
  }

  /** How long a guess is to be kept waiting before it is looked at, milliseconds. */
  slowMs(guess: Guess): number {
    const { freeForAddress, freeForUser } = this.limits
    const wait = this.isKnown(guess)
      ? this.remaining(pairKey(guess), freeForUser)
      : Math.max(
          this.remaining(addressKey(guess.address), freeForAddress),
          this.remaining(userKey(guess.user), freeForUser),
        )
    return Math.min(SLOWEST_MS, wait)
  }

  /** Counts a guess that is about to be looked at. */
  guessed(guess: Guess): void {
    for (const key of [addressKey(guess.address), userKey(guess.user), pairKey(guess)])
      this.put(key, this.failures(key) + 1)
  }

  private isKnown({ address, user }: Guess): boolean {
    return this.known.has(`${userKey(user)} ${addressKey(address)}`)
  }

  /** Takes a guess back that was right. The address keeps what it guessed at other names. */
  wasRight({ address, user }: Guess): void {
    this.put(addressKey(address), this.failures(addressKey(address)) - 1)
    this.put(userKey(user), 0)
    this.put(pairKey({ address, user }), 0)
    this.greet({ address, user })
  }

  /** Remembers that this client knows the password. */
  greet({ address, user }: Guess): void {
    const key = `${userKey(user)} ${addressKey(address)}`
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
    const forgotten = Math.floor(Math.max(0, this.steady.now() - entry.at) / this.limits.forgetMs)
    return Math.max(0, entry.failures - forgotten)
  }

  private remaining(key: string, free: number): number {
    const entry = this.entries.get(key)
    if (!entry || entry.failures < free) return 0
    const wait = Math.min(this.limits.longestWaitMs, this.limits.firstWaitMs * 2 ** (entry.failures - free))
    return Math.max(0, entry.at + wait - this.steady.now())
  }

  private put(key: string, failures: number): void {
    const entry = { key, failures: Math.max(0, failures), lastAt: this.clock.now() }
    this.entries.delete(key)
    if (entry.failures > 0) this.entries.set(key, { failures: entry.failures, at: this.steady.now() })
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
