/**
 * The relay's own role mailboxes: takes mail for them, and has each read its own when it is durable. A crash between
 * leaves the mail where it is; it is read at the next start. What a mailbox makes of a mail and the end of the mail are
 * one transaction, so that nothing is read twice.
 */

import type { Mailbox } from '../../model/address.ts'
import { parseAddress } from '../../model/addressRange.ts'
import type { WaitingMail } from '../../store/signals.ts'
import type { Store } from '../../store/store.ts'
import { asciiDomain } from '../domains/domain.ts'
import type { Clock, Log, MailToRelay, RoleMailboxes } from '../ports.ts'
import type { Unreadable } from '../reading/reader.ts'

/** Key of the setting with further domains of the role mailboxes, besides the relay's name. */
export const DESK_DOMAINS = 'desk.domains'

const HOUR_MS = 3_600_000
/** How often mail that could not be read is tried again. */
const AGAIN_MS = 60_000
const MOST_TRIES = 5
/** Mail of one network in an hour: reporters of feedback loops have a lot to say. */
const MOST_AN_HOUR = 300
/** Networks remembered at most; the least recent go first. */
const MOST_CLIENTS = 20_000
/** Mail that may wait to be read. */
const MOST_WAITING = 2000

/** Reads the mail of one desk. */
export interface RoleMailbox {
  name: string
  /** what stands before the @, in lower case */
  local: string
  /** takes mail to `local+anything` too, or to nothing else */
  tagged?: boolean | 'only'
  /** Reads a mail and ends it in the store. Rejects when it could not: then it is tried again. */
  read(mail: WaitingMail): Promise<void>
  /** Ends a mail that could not be read, for the team to know. */
  giveUp(mail: WaitingMail, problem: Unreadable): Promise<void>
}

export interface MailboxRoom extends RoleMailboxes {
  /** Reads the settings, and then whatever waits. */
  start(): Promise<void>
  stop(): Promise<void>
  /** Reads the settings again. */
  reload(): Promise<void>
  /** Resolves when everything that can be read now is read. */
  settled(): Promise<void>
}

export interface MailboxOptions {
  store: Pick<Store, 'desk' | 'settings'>
  hostname: string
  mailboxes: readonly RoleMailbox[]
  clock: Clock
  log: Log
}

/** The network of a client: /24 of IPv4, /48 of IPv6, which is what one sender has. */
export function networkOf(address: string): string {
  const groups = parseAddress(address)
  if (!groups) return address
  if (!address.includes(':')) return `${address.slice(0, address.lastIndexOf('.'))}.0/24`
  const network = groups.slice(0, 3).map((group) => group.toString(16))
  return `${network.join(':')}::/48`
}

/** Counts by the hour, of so many clients as fit. */
class Hourly {
  private readonly counts = new Map<string, { since: number; count: number }>()

  of(key: string, now: number): number {
    const known = this.counts.get(key)
    return known && Math.abs(now - known.since) < HOUR_MS ? known.count : 0
  }

  add(key: string, now: number): void {
    const count = this.of(key, now)
    const since = count > 0 ? this.counts.get(key)!.since : now
    this.counts.delete(key)
    this.counts.set(key, { since, count: count + 1 })
    while (this.counts.size > MOST_CLIENTS) this.counts.delete(this.counts.keys().next().value!)
  }
}

/** Builds the role mailboxes; nothing is read before `start`. */
export function createMailboxes({ store, hostname, mailboxes, clock, log }: MailboxOptions): MailboxRoom {
  const written = new Hourly()
  let domains: ReadonlySet<string> = new Set()
  let waiting = 0
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  let isStopping = false

  async function reload(): Promise<void> {
    const further = (await store.settings.get<string[]>(DESK_DOMAINS)) ?? []
    domains = new Set([hostname, ...further].flatMap((domain) => asciiDomain(domain) ?? []))
  }

  async function readOne(desk: RoleMailbox): Promise<boolean> {
    const mail = await store.desk.next(desk.name, MOST_TRIES + 1)
    if (!mail) return false
    await (mail.tries > MOST_TRIES ? desk.giveUp(mail, 'broken') : desk.read(mail))
    return true
  }

  /** Reads what waits. A mail that cannot be read ends the round: the others come first in the next. */
  async function round(): Promise<void> {
    try {
      for (const desk of mailboxes) while (!isStopping && (await readOne(desk)));
      waiting = await store.desk.waiting()
    } catch (error) {
      log.error({ fault: (error as Error).message }, 'mail to the relay could not be read: it is tried again')
    }
  }

  function wake(): void {
    running = running.then(round)
  }

  return {
    find({ local, domain }: Mailbox) {
      const ascii = asciiDomain(domain)
      if (ascii === undefined || !domains.has(ascii)) return undefined
      const name = local.toLowerCase()
      const [untagged] = name.split('+')
      return mailboxes.find(({ local: own, tagged }) =>
        name === untagged ? own === name && tagged !== 'only' : tagged && own === untagged,
      )?.name
    },
    mayWrite: (client) => written.of(networkOf(client), clock.now()) < MOST_AN_HOUR,
    async take({ desk, client, data }: MailToRelay) {
      if (waiting >= MOST_WAITING) return false
      const now = clock.now()
      written.add(networkOf(client), now)
      waiting++
      await store.desk.take({ desk, client, receivedAt: now, content: data })
      wake()
      return true
    },
    async start() {
      await reload()
      wake()
      timer = setInterval(wake, AGAIN_MS)
    },
    async stop() {
      isStopping = true
      clearInterval(timer)
      await running
    },
    reload,
    settled: () => running,
  }
}
