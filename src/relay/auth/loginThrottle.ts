/**
 * Slows guessing of users' passwords across restarts: a network (IPv4 address, IPv6 /64) that guesses at one user waits
 * for minutes; whoever shares its network or its user waits for seconds only, so that wrong passwords of some never lock
 * out the right ones of others. A try counts as failed when it begins, so that many at once gain nothing.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import { clientNetwork } from '../../model/addressRange.ts'
import type { Clock } from '../../mta/ports.ts'
import type { AuditEntry, Store, ThrottleEntry } from '../../store/store.ts'

/** Failures that cost nothing: people mistype; many people may share an address. */
const free = { address: 20, email: 5, /** from a network that has shown the right password */ known: 10 }
/** First wait, in milliseconds; it doubles with each further failure. */
const FIRST_WAIT = 5_000
const LONGEST_WAIT = 15 * 60_000
/** After this long without a try the failures are forgotten. */
const FORGET_AFTER = 60 * 60_000
/** Longest time a try is kept waiting because of what others tried, in milliseconds. */
const SLOWEST = 5_000
const PREFIX = 'login '
/** Pairs of user and network remembered; the least recent go first. */
const MOST_KNOWN = 10_000

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

interface Keys {
  network: Key
  email: Key
  pair: Key
}

function keysOf({ address, email }: Attempt): Keys {
  const network = clientNetwork(address)
  return {
    network: { key: `${PREFIX}address ${network}`, free: free.address },
    email: emailKey(email),
    pair: { key: `${emailKey(email).key} from ${network}`, free: free.email },
  }
}

/** What the throttle measures time by: a wall clock to remember with, a steady one that never jumps, and a pause. */
export interface ThrottleClocks {
  clock: Clock
  steady: Clock
  pause(ms: number): Promise<unknown>
}

const processClocks = (clock: Clock): ThrottleClocks => ({
  clock,
  steady: { now: () => performance.now() },
  pause: sleep,
})

/** A throttle that remembers in the store. */
export async function createLoginThrottle(
  store: Store['throttle'],
  wall: Clock,
  { clock, steady, pause }: ThrottleClocks = processClocks(wall),
): Promise<LoginThrottle> {
  /** failures by key, with the steady time of the last one */
  const entries = new Map<string, { failures: number; at: number }>()
  /** pairs of user and network that have shown the right password */
  const known = new Set<string>()
  for (const { key, failures, lastAt } of await store.load()) {
    if (!key.startsWith(PREFIX)) continue
    // a wall clock that was ahead must not make it last for longer
    entries.set(key, { failures, at: steady.now() - Math.max(0, clock.now() - lastAt) })
  }

  function failuresOf(key: string): number {
    const entry = entries.get(key)
    return entry && steady.now() - entry.at < FORGET_AFTER ? entry.failures : 0
  }

  function remaining({ key, free: allowed }: Key): number {
    const entry = entries.get(key)
    return entry ? Math.max(0, entry.at + waitAfter(failuresOf(key), allowed) - steady.now()) : 0
  }

  function put(key: string, failures: number): ThrottleEntry {
    if (failures > 0) entries.set(key, { failures, at: steady.now() })
    else entries.delete(key)
    return { key, failures, lastAt: clock.now() }
  }

  /** What is too old to matter, taken out of memory and, being written with no failures, out of the store. */
  function forgotten(): ThrottleEntry[] {
    const old = [...entries].filter(([, { at }]) => steady.now() - at >= FORGET_AFTER)
    return old.map(([key]) => put(key, 0))
  }

  function pairKey(key: string): Key {
    return { key, free: known.has(key) ? free.known : free.email }
  }

  function pairsOf(email: string): Key[] {
    const own = `${emailKey(email).key} from `
    return [...entries.keys()].filter((key) => key.startsWith(own)).map(pairKey)
  }

  function remember(key: string): void {
    known.delete(key)
    known.add(key)
    if (known.size > MOST_KNOWN) known.delete(known.values().next().value!)
  }

  return {
    async begin(attempt) {
      const { network, email, ...keysOfPair } = keysOf(attempt)
      const pair = pairKey(keysOfPair.pair.key)
      const waitMs = remaining(pair)
      if (waitMs > 0) return { kind: 'wait', waitMs }
      // what others tried does not slow a network that has shown the right password
      const slowMs = known.has(pair.key) ? 0 : Math.min(SLOWEST, Math.max(remaining(network), remaining(email)))
      const old = forgotten()
      const keys = [network, email, pair]
      await store.save([...old, ...keys.map(({ key }) => put(key, failuresOf(key) + 1))])
      if (slowMs > 0) await pause(slowMs)
      const oneLess = ({ key }: Key) => put(key, Math.max(0, failuresOf(key) - 1))
      return {
        kind: 'go',
        // one right password does not make up for guesses at others from the same network
        succeeded: () => {
          remember(pair.key)
          return store.save([oneLess(network), put(email.key, 0), put(pair.key, 0)])
        },
        withdrawn: () => store.save(keys.map(oneLess)),
      }
    },
    waitOf: (email) => Math.max(0, ...pairsOf(email).map(remaining)),
    unlock: (email, entry) =>
      store.save(
        [emailKey(email), ...pairsOf(email)].map(({ key }) => put(key, 0)),
        entry,
      ),
  }
}
