/**
 * Mailings to those who consented, and the way out of them. A letter carries a token that names its consent and nothing
 * else; who has it may withdraw that consent, without a login. A withdrawal also stops what is still in the queue.
 */

import { sameMailbox } from '../../model/addressKey.ts'
import { formatId, type MessageId } from '../../model/id.ts'
import { createMailTokens } from '../../mta/mailboxes/addressToken.ts'
import type { RoleMailbox } from '../../mta/mailboxes/mailboxes.ts'
import type { LetterJobs } from '../../mta/mailboxes/readingJobs.ts'
import type { ActOnQueue, Clock } from '../../mta/ports.ts'
import type { SendSystemMail } from '../../mta/queue/systemMail.ts'
import type { MailReader } from '../../mta/reading/reader.ts'
import type { Consent, WithdrawnBy } from '../../store/consents.ts'
import type { Store } from '../../store/store.ts'
import type { Act } from '../../store/trust.ts'
import { mailingLetter } from '../letters/mailingLetter.ts'

/** Key of the setting with the secret of the tokens. */
const SECRET = 'consents.secret'

export interface Mailing {
  purpose: string
  subject: string
  text: string
  /** where people reach the relay over the web; empty when they do not */
  publicUrl: string
}

export interface Consents {
  /**
   * The consent a token takes back: the one it names, or one that was given again since. Undefined when the token was not
   * made here.
   */
  find(token: string): Promise<Consent | undefined>
  /** Withdraws a consent and stops its mailings in the queue. Undefined when there is no such consent. */
  withdraw(id: number, by: WithdrawnBy, act: Act): Promise<Consent | undefined>
  /** The same by token: anybody who has it. */
  withdrawByToken(token: string, by: WithdrawnBy): Promise<Consent | undefined>
  /** Writes to everybody whose consent stands. `left`: those it could not be sent to, or who withdrew meanwhile. */
  send(mailing: Mailing): Promise<{ sent: number; left: number }>
}

export interface ConsentOptions {
  store: Pick<Store, 'consents' | 'settings' | 'desk' | 'subjects'>
  /** name of this relay */
  hostname: string
  send: SendSystemMail
  act: ActOnQueue
  clock: Clock
}

/** Builds the care of consents. */
export function createConsents({ store, hostname, send, act, clock }: ConsentOptions): Consents {
  const { consents, settings } = store
  const { tokenOf, idOf } = createMailTokens(settings, SECRET, 'unsubscribe')

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
    if (store.subjects.isSuppressed(account, address)) return false
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
      const named = id === undefined ? undefined : await consents.get(id)
      if (!named?.withdrawn) return named
      const { account, purpose, address } = named
      const standing = await consents.list({ account, purpose, standing: true })
      return standing.find((one) => sameMailbox(one.address, address)) ?? named
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

/** Builds the desk that takes `unsubscribe+TOKEN@`. Whatever else is written there is not read. */
export function createUnsubscribeMailbox(
  desk: Pick<Store['desk'], 'finish'>,
  reader: MailReader<LetterJobs>,
  consents: Pick<Consents, 'withdrawByToken'>,
): RoleMailbox {
  async function end(id: number): Promise<void> {
    await desk.finish(id, [], [])
  }
  return {
    name: 'unsubscribe',
    local: 'unsubscribe',
    tagged: true,
    async read({ id, content }) {
      const written = await reader.read('tokens', { content, local: 'unsubscribe' })
      for (const token of written.ok ? written.value : []) await consents.withdrawByToken(token, 'mail')
      await end(id)
    },
    giveUp: ({ id }) => end(id),
  }
}
