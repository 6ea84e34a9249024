/**
 * Mailings to those who consented, and the way out of them. A letter carries a token that names its consent and nothing
 * else; who has it may withdraw that consent, without a login. A withdrawal also stops what is still in the queue.
 */

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { formatId, type MessageId } from '../../model/id.ts'
import type { Consent, WithdrawnBy } from '../../store/consents.ts'
import type { Store } from '../../store/store.ts'
import type { Act } from '../../store/trust.ts'
import type { Desk } from '../desk/desks.ts'
import type { Engine } from '../engine.ts'
import type { SendOwn } from '../queue/own.ts'
import { fieldsOf } from '../report/feedback.ts'
import { mailingLetter } from '../report/mailingLetter.ts'
import type { Clock } from '../seams.ts'

/** Key of the setting with the secret of the tokens. It goes into backups: letters that are out stay good. */
const SECRET = 'consents.secret'
/** 128 bits of the HMAC, hex: letter case does not matter, as mail software may change it. */
const MAC_LENGTH = 32
/** Where the address that was written to stands in a mail. */
const recipientFields = new Set(['to', 'cc', 'delivered-to', 'x-original-to', 'envelope-to'])

export interface Mailing {
  purpose: string
  subject: string
  text: string
  /** where people reach the relay over the web; empty when they do not */
  publicUrl: string
}

export interface Consents {
  /** The consent a token names; undefined when the token was not made here. */
  find(token: string): Promise<Consent | undefined>
  /** Withdraws a consent and stops its mailings in the queue. Undefined when there is no such consent. */
  withdraw(id: number, by: WithdrawnBy, act: Act): Promise<Consent | undefined>
  /** The same by token: anybody who has it. */
  withdrawByToken(token: string, by: WithdrawnBy): Promise<Consent | undefined>
  /** Writes to everybody whose consent stands. `left`: those it could not be sent to, or who withdrew meanwhile. */
  send(mailing: Mailing): Promise<{ sent: number; left: number }>
}

export interface ConsentOptions {
  store: Pick<Store, 'consents' | 'settings' | 'desk' | 'persons'>
  /** name of this relay */
  hostname: string
  send: SendOwn
  act: Engine['act']
  clock: Clock
}

/** Builds the care of consents. */
export function createConsents({ store, hostname, send, act, clock }: ConsentOptions): Consents {
  const { consents, settings } = store
  let secret: Promise<string> | undefined

  async function readSecret(): Promise<string> {
    const known = await settings.get<string>(SECRET)
    if (known !== undefined) return known
    const made = randomBytes(32).toString('hex')
    await settings.set(SECRET, made)
    return made
  }

  async function macOf(id: number): Promise<string> {
    secret ??= readSecret()
    const key = Buffer.from(await secret, 'hex')
    return createHmac('sha256', key).update(`unsubscribe ${id}`).digest('hex').slice(0, MAC_LENGTH)
  }

  async function tokenOf(id: number): Promise<string> {
    return `${id.toString(36)}-${await macOf(id)}`
  }

  async function idOf(token: string): Promise<number | undefined> {
    const [, written, mac] = /^([0-9a-z]{1,10})-([0-9a-f]{32})$/.exec(token.toLowerCase()) ?? []
    if (written === undefined || mac === undefined) return undefined
    const id = Number.parseInt(written, 36)
    return timingSafeEqual(Buffer.from(await macOf(id)), Buffer.from(mac)) ? id : undefined
  }

  async function stop(messages: readonly MessageId[]): Promise<void> {
    // none given would mean all
    if (messages.length === 0) return
    const deliveries = messages.map((message) => ({ message: formatId(message), ordinal: 0 }))
    await act('cancel', { deliveries }, 'the consent to this mailing was withdrawn')
  }

  async function withdraw(id: number, by: WithdrawnBy, given: Act): Promise<Consent | undefined> {
    const withdrawn = await consents.withdraw(id, by, given)
    if (withdrawn) await stop(withdrawn.messages)
    return withdrawn?.consent
  }

  async function sendOne({ id, account, address }: Consent, mailing: Mailing): Promise<boolean> {
    // who objected is written to by nobody, whatever was said before
    if (store.persons.isSuppressed(account, address)) return false
    if ((await consents.get(id))?.withdrawn !== undefined) return false
    const letter = mailingLetter({ ...mailing, hostname, token: await tokenOf(id) })
    const answer = await send(account, address, letter)
    if (answer.kind !== 'accepted') return false
    if (await consents.mailed(id, answer.id, clock.now())) return true
    await stop([answer.id])
    return false
  }

  return {
    withdraw,
    async find(token) {
      const id = await idOf(token)
      return id === undefined ? undefined : consents.get(id)
    },
    async withdrawByToken(token, by) {
      const id = await idOf(token)
      if (id === undefined) return undefined
      return withdraw(id, by, { actor: 'nobody', at: clock.now(), reason: '' })
    },
    async send(mailing) {
      const standing = await consents.list({ purpose: mailing.purpose, standing: true })
      let sent = 0
      for (const consent of standing) if (await sendOne(consent, mailing)) sent += 1
      return { sent, left: standing.length - sent }
    },
  }
}

/** Tokens in the addresses a mail was written to. */
function tokensOf(content: Uint8Array): string[] {
  const fields = fieldsOf(Buffer.from(content).toString('latin1'))
  const written = fields.flatMap(([name, value]) => (recipientFields.has(name) ? [value] : []))
  return [...written.join(' ').matchAll(/unsubscribe\+([0-9a-z-]{1,64})@/gi)].map((match) => match[1]!)
}

/** Builds the desk that takes `unsubscribe+TOKEN@`. Whatever else is written there is not read. */
export function createUnsubscribeDesk(
  desk: Pick<Store['desk'], 'finish'>,
  consents: () => Pick<Consents, 'withdrawByToken'>,
): Desk {
  async function end(id: number): Promise<void> {
    await desk.finish(id, [], [])
  }
  return {
    name: 'unsubscribe',
    local: 'unsubscribe',
    tagged: true,
    async read({ id, content }) {
      for (const token of tokensOf(content)) await consents().withdrawByToken(token, 'mail')
      await end(id)
    },
    giveUp: ({ id }) => end(id),
  }
}
