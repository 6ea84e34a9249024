/** How deliveries and attempts of a finished message are kept in one text of its day record. */

import type { Attempt, Delivery } from '../../../model/message.ts'
import { type AttemptRow, type DeliveryRow, decodeAttempt, decodeDelivery } from './rows.ts'

type DeliveryFields = [number, string, string | null, string, number, string, number, number]
type AttemptFields = [
  number,
  string,
  number,
  number | null,
  string,
  string | null,
  number | null,
  string | null,
  string | null,
  string,
  number,
]

/** Writes the deliveries and attempts of a message as text. */
export function encodeOutcome(deliveries: readonly DeliveryRow[], attempts: readonly AttemptRow[]): string {
  const d = deliveries.map((row): DeliveryFields => {
    return [row.ordinal, row.recipient, row.options, row.destination, row.state, row.reason, row.attempts, row.in_doubt]
  })
  const a = attempts.map((row): AttemptFields => {
    const { number, ordinals, started_at, ended_at, destination, tls, code, enhanced_code, reply, transcript } = row
    return [
      number,
      ordinals,
      started_at,
      ended_at,
      destination,
      tls,
      code,
      enhanced_code,
      reply,
      transcript,
      row.in_doubt,
    ]
  })
  return JSON.stringify([d, a])
}

/** Reads what {@link encodeOutcome} wrote. */
export function decodeOutcome(message: number, text: string): { deliveries: Delivery[]; attempts: Attempt[] } {
  const [d, a] = JSON.parse(text) as [DeliveryFields[], AttemptFields[]]
  const deliveries = d.map(([ordinal, recipient, options, destination, state, reason, attempts, in_doubt]) =>
    decodeDelivery({
      message,
      ordinal,
      recipient,
      options,
      destination,
      state,
      reason,
      next_at: null,
      attempts,
      in_doubt,
    }),
  )
  const attempts = a.map(
    ([number, ordinals, started_at, ended_at, destination, tls, code, enhanced_code, reply, transcript, in_doubt]) =>
      decodeAttempt({
        number,
        ordinals,
        started_at,
        ended_at,
        destination,
        tls,
        code,
        enhanced_code,
        reply,
        transcript,
        in_doubt,
      }),
  )
  return { deliveries, attempts }
}
