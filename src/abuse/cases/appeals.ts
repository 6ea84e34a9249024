/**
 * Appeals: letters about actions of the review desk are answered to an address that names their case. What comes back
 * stands in the timeline of the case, and opens it again when it was decided. Whoever has the letter can answer it; what
 * the answer says is believed for nothing, a person reads it.
 */

import { createMailTokens } from '../../mta/mailboxes/addressToken.ts'
import type { RoleMailbox } from '../../mta/mailboxes/mailboxes.ts'
import type { LetterJobs } from '../../mta/mailboxes/readingJobs.ts'
import { beginningOf } from '../../mta/mailboxes/readMail.ts'
import type { Clock } from '../../mta/ports.ts'
import { type MailReader, type Unreadable, unreadable } from '../../mta/reading/reader.ts'
import type { WaitingMail } from '../../store/signals.ts'
import type { Store } from '../../store/store.ts'

const LOCAL = 'appeal'
/** What is kept of an answer, characters. */
const MOST_TEXT = 4000

export interface AppealOptions {
  store: Pick<Store, 'cases' | 'desk' | 'settings'>
  /** name of this relay */
  hostname: string
  reader: MailReader<LetterJobs>
  clock: Clock
}

export interface Appeals {
  /** Where an appeal against an action on a case is sent to. */
  addressOf(file: number): Promise<string>
  /** The desk that takes them. */
  desk: RoleMailbox
}

/** Builds the addresses of appeals, and the desk that reads what is written to them. */
export function createAppeals({ store, hostname, reader, clock }: AppealOptions): Appeals {
  const tokens = createMailTokens(store.settings, 'appeals.secret', LOCAL)

  async function drop(inbox: number): Promise<void> {
    await store.desk.finish(inbox, [], [])
  }

  async function caseOf(content: Uint8Array): Promise<number | undefined> {
    const written = await reader.read('tokens', { content, local: LOCAL })
    for (const token of written.ok ? written.value : []) {
      const id = await tokens.idOf(token)
      if (id !== undefined) return id
    }
    return undefined
  }

  async function appeal(inbox: number, content: Uint8Array, said: string): Promise<void> {
    const file = await caseOf(content)
    if (file === undefined) return drop(inbox)
    await store.cases.appeal({ case: file, inbox, text: said.slice(0, MOST_TEXT) }, clock.now())
  }

  function giveUp({ id, content }: Pick<WaitingMail, 'id' | 'content'>, problem: Unreadable): Promise<void> {
    const said = `A program could not read this answer (${unreadable[problem]}): ask the account what was meant.`
    return appeal(id, content, `${said} It begins:\n\n${beginningOf(content)}`)
  }

  return {
    addressOf: async (file) => `${LOCAL}+${await tokens.tokenOf(file)}@${hostname}`,
    desk: {
      name: LOCAL,
      local: LOCAL,
      tagged: 'only',
      async read({ id, content }) {
        const reading = await reader.read('letter', { content })
        if (!reading.ok) return giveUp({ id, content }, reading.problem)
        const { automatic, from, subject, text } = reading.value
        // a holiday notice and a bounce decide nothing
        if (automatic) return drop(id)
        await appeal(id, content, `From: ${from ?? 'unknown'}\nSubject: ${subject}\n\n${text}`)
      },
      giveUp,
    },
  }
}
