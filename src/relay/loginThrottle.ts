/**
 * Slows guessing of people's passwords, by address of the guesser and by account guessed at, across restarts.
 * A try counts as failed when it begins, so that many at once gain nothing.
 */

import type { Clock } from '../engine/seams.ts'
import type { Store, ThrottleEntry } from '../store/store.ts'

/** Failures that cost nothing: people mistype; many people may share an address. */
const free = { address: 20, email: 5 }
/** First wait, in milliseconds; it doubles with each further failure. */
const FIRST_WAIT = 5_000
const LONGEST_WAIT = 15 * 60_000
/** After this long without a try the failures are forgotten. */
const FORGET_AFTER = 60 * 60_000
const PREFIX = 'login '

/** Who is trying, and for whom. */
export interface Attempt {
  address: string
  email: string
}

export type Begun =
  | { kind: 'wait'; waitMs: number }
  /** look at the password now; say so when it was right */
  | { kind: 'go'; succeeded(): Promise<void> }

export interface LoginThrottle {
  begin(attempt: Attempt): Promise<Begun>
}

function waitAfter(failures: number, freeFailures: number): number {
  if (failures < freeFailures) return 0
  return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (failures - freeFailures))
}

interface Key {
  key: string
  free: number
}

function keysOf({ address, email }: Attempt): Key[] {
  return [
    { key: `${PREFIX}address ${address}`, free: free.address },
    { key: `${PREFIX}email ${email.trim().toLowerCase().slice(0, 320)}`, free: free.email },
  ]
}

/** A throttle that remembers in the store. */
export async function createLoginThrottle(store: Store['throttle'], clock: Clock): Promise<LoginThrottle> {
  const entries = new Map<string, ThrottleEntry>()
  for (const entry of await store.load()) if (entry.key.startsWith(PREFIX)) entries.set(entry.key, entry)

  function failures(key: string): number {
    const entry = entries.get(key)
    return entry && clock.now() - entry.lastAt < FORGET_AFTER ? entry.failures : 0
  }

  function remaining({ key, free: allowed }: Key): number {
    const entry = entries.get(key)
    return entry ? entry.lastAt + waitAfter(failures(key), allowed) - clock.now() : 0
  }

  function put(key: string, count: number): ThrottleEntry {
    const entry = { key, failures: count, lastAt: clock.now() }
    if (count > 0) entries.set(key, entry)
    else entries.delete(key)
    return entry
  }

  /** What is too old to matter, taken out of memory and, being written with no failures, out of the store. */
  function forgotten(): ThrottleEntry[] {
    const old = [...entries.values()].filter((entry) => clock.now() - entry.lastAt >= FORGET_AFTER)
    return old.map((entry) => put(entry.key, 0))
  }

  return {
    async begin(attempt) {
      const keys = keysOf(attempt)
      const waitMs = Math.max(...keys.map(remaining))
      if (waitMs > 0) return { kind: 'wait', waitMs }
      const old = forgotten()
      await store.save([...old, ...keys.map(({ key }) => put(key, failures(key) + 1))])
      const succeeded = async () => {
        const [address, email] = keys as [Key, Key]
        // one right password does not make up for guesses at other people from the same address
        await store.save([put(address.key, failures(address.key) - 1), put(email.key, 0)])
      }
      return { kind: 'go', succeeded }
    },
  }
}
