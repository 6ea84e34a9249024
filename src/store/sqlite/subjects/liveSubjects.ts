/** Looks for persons in live mail: what is unfinished, captured, or not yet moved to its day. */

import { isFinal } from '../../../model/delivery.ts'
import { encodeOutcome } from '../messages/outcome.ts'
import type { AttemptRow, DeliveryRow, MessageRow } from '../messages/rows.ts'
import type { Connection } from '../thread/connection.ts'
import { stateAt } from '../thread/schema.ts'
import type { Matcher } from './match.ts'
import { type Concern, concernOf, headerText, namesAddress, type RecordTexts, unescaped } from './record.ts'

const SLICE_MS = 25
const MESSAGES = 200
/** Account number of the relay's own mail. */
const OWN = 0
/** The queue key of mail that is never sent. */
const CAPTURE = 'capture'

/** A message of live mail that names persons who are meant. */
export interface LiveMessage {
  id: number
  account: number
  acceptedAt: number
  from: string
  to: string[]
  concern: Exclude<Concern, 'none'>
  /** whether a delivery is unfinished */
  isOpen: boolean
  /**
   * Unfinished deliveries that end with the persons: those that were captured, and are of the persons or of a message that
   * goes as a whole; and letters of the relay about their requests
   */
  captured: number[]
  /** whether other deliveries are unfinished */
  isWaiting: boolean
}

export interface LiveSlice {
  found: LiveMessage[]
  next: number | undefined
}

export class LiveSubjects {
  private readonly page
  private readonly deliveries
  private readonly attempts
  private readonly letter

  constructor(main: Connection) {
    this.page = main.prepare(`SELECT * FROM message WHERE id > ? ORDER BY id LIMIT ${MESSAGES}`)
    this.deliveries = main.prepare('SELECT * FROM delivery WHERE message = ?')
    this.attempts = main.prepare('SELECT * FROM attempt WHERE message = ?')
    this.letter = main.prepare('SELECT text FROM request_letter WHERE message = ?').pluck()
  }

  /**
   * Looks through messages above an id, for at most a slice's time.
   * @param withLetters whether what letters about requests say is read too
   */
  find(matcher: Matcher, after: number, withLetters: boolean): LiveSlice {
    const end = performance.now() + SLICE_MS
    const slice: LiveSlice = { found: [], next: after }
    for (;;) {
      const page = this.page.all(slice.next) as (MessageRow & { open: number })[]
      for (const message of page) {
        const letter =
          withLetters && message.account === OWN ? (this.letter.get(message.id) as string | undefined) : undefined
        const found = this.look(matcher, message, letter)
        if (found) slice.found.push(found)
        slice.next = message.id
        if (performance.now() > end) return slice
      }
      if (page.length < MESSAGES) return { ...slice, next: undefined }
    }
  }

  private look(
    matcher: Matcher,
    message: MessageRow & { open: number },
    letter: string | undefined,
  ): LiveMessage | undefined {
    const { id, account, accepted_at: acceptedAt } = message
    const deliveries = this.deliveries.all(id) as DeliveryRow[]
    const concern = concernOf(matcher, this.texts(message, deliveries, letter ?? ''))
    if (concern === 'none') return undefined
    const isSubject = matcher.of(account, acceptedAt)
    const unfinished = deliveries.filter(({ state }) => !isFinal(stateAt(state)))
    const captured = unfinished.filter(
      ({ destination, recipient }) =>
        letter !== undefined ||
        (destination === CAPTURE && (concern === 'alone' || (isSubject && namesAddress(recipient, isSubject)))),
    )
    return {
      id,
      account,
      acceptedAt,
      from: message.sender,
      to: deliveries.map(({ recipient }) => recipient),
      concern,
      isOpen: message.open > 0,
      captured: captured.map(({ ordinal }) => ordinal),
      isWaiting: unfinished.length > captured.length,
    }
  }

  private texts(message: MessageRow, deliveries: DeliveryRow[], letter: string): RecordTexts {
    return {
      account: message.account,
      acceptedAt: message.accepted_at,
      sender: message.sender,
      recipients: deliveries.map(({ recipient }) => recipient),
      rest: () => {
        const outcome = encodeOutcome(deliveries, this.attempts.all(message.id) as AttemptRow[])
        return [
          headerText(message.headers),
          unescaped(outcome),
          message.subject,
          message.message_id,
          message.extra,
          letter,
        ]
      },
    }
  }
}
