/**
 * Slows guessing of people's passwords, by address of the guesser and by account guessed at, across restarts.
 * A try counts as failed when it begins, so that many at once gain nothing.
 */

import type { Clock } from '../../mta/ports.ts'
import type { AuditEntry, Store, ThrottleEntry } from '../../store/store.ts'

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
  | {
      kind: 'go'
      succeeded(): Promise<void>
      /** the password was right and more is needed: neither a failure nor a success */
      withdrawn(): Promise<void>
    }

export interface LoginThrottle {
  begin(attempt: Attempt): Promise<Begun>
  /** how long tries for this e-mail address will not be looked at, in milliseconds; 0 for not at all */
  waitOf(email: string): number
  /** Forgets the failures for an e-mail address, in one transaction with the audit entry. */
  unlock(email: string, entry: AuditEntry): Promise<void>
}

function waitAfter(failures: number, freeFailures: number): number {
  if (failures < freeFailures) return 0
  return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (failures - freeFailures))
}

interface Key {
  key: string
  free: number
}

function emailKey(email: string): Key {
  return { key: `${PREFIX}email ${email.trim().toLowerCase().slice(0, 320)}`, free: free.email }
}

function keysOf({ address, email }: Attempt): [address: Key, email: Key] {
  return [{ key: `${PREFIX}address ${address}`, free: free.address }, emailKey(email)]
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
      const [address, email] = keys
      const oneLess = ({ key }: Key) => put(key, failures(key) - 1)
      return {
        kind: 'go',
        // one right password does not make up for guesses at other people from the same address
        succeeded: () => store.save([oneLess(address), put(email.key, 0)]),
        withdrawn: () => store.save([oneLess(address), oneLess(email)]),
      }
    },
    waitOf: (email) => Math.max(0, remaining(emailKey(email))),
    unlock: (email, entry) => store.save([put(emailKey(email).key, 0)], entry),
  }
}
