/** Mail the relay itself writes enters the queue like any other: as a message of the account it is about. */

import { formatId } from '../../model/id.ts'
import { buildLetter, type Letter } from '../mime/letter.ts'
import type { SystemMessage } from '../mime/systemMessage.ts'
import type { Acceptance } from '../ports.ts'
import { type AcceptanceOptions, admit, type Parts, place, systemEnvelope } from './acceptance.ts'

/** The client that the relay's own mail is from. */
const self = { address: '', helo: '', tls: undefined }

/** The record of a message the relay wrote. It has no credential: it is neither numbered nor sampled. */
export function ownParts(id: number, account: number, now: number, written: SystemMessage): Parts {
  const { data, headerLength, subject, messageId, recipient, smtputf8 } = written
  return {
    record: {
      id,
      account,
      credential: undefined,
      acceptedAt: now,
      envelope: { ...systemEnvelope, smtputf8, body: smtputf8 ? '8bitmime' : '7bit' },
      subject,
      messageId,
      size: data.length,
      headers: data.subarray(0, headerLength),
      client: self,
      sampled: false,
    },
    body: data,
    recipients: [{ address: recipient, options: { notify: undefined, orcpt: undefined } }],
  }
}

/** Sends a letter of the relay about an account; resolves when it is durable, or refused. */
export type SendSystemMail = (account: number, to: string, letter: Letter) => Promise<Acceptance>

/** Builds the sender of letters. */
export function createSendSystemMail(hostname: string, options: AcceptanceOptions): SendSystemMail {
  const { store, scheduler, ids, clock } = options
  return (account, to, letter) => {
    const now = clock.now()
    const id = ids.next(now)
    const written = buildLetter({ hostname, id: formatId(id), now, to, letter })
    return admit(place(ownParts(id, account, now, written), store, undefined, scheduler), options)
  }
}
