/** A message made ready for the wire, once for all hosts that are tried. */

import type { Delivery, Envelope } from '../../model/message.ts'
import type { Outcome } from '../../model/outcome.ts'
import type { Capabilities } from '../client/capabilities.ts'
import { type Content, prepareContent } from '../client/content.ts'
import type { DeliveryJob } from '../ports.ts'
import { isUtf8, wireAddress } from './address.ts'
import { refusal } from './classify.ts'

export interface Mail {
  envelope: Envelope
  /** reverse path as it is written in MAIL */
  from: string
  content: Content
  /** header fields are in UTF-8 (RFC 6532) */
  utf8Headers: boolean
}

const CONTROL = /\p{Cc}/u

function hasUtf8(bytes: Uint8Array): boolean {
  return bytes.some((byte) => byte > 127)
}

/** The message for the wire, or why it can go to nobody. */
export function prepareMail({ record, body }: DeliveryJob): Mail | Outcome {
  const content = prepareContent(body)
  if (!content) return refusal(554, '5.6.0', 'the message holds a CR or LF that is not part of a line end')
  if (CONTROL.test(record.envelope.from)) return refusal(553, '5.1.7', 'the sender address holds control characters')
  const utf8Headers = record.envelope.smtputf8 && hasUtf8(record.headers)
  return { envelope: record.envelope, from: wireAddress(record.envelope.from), content, utf8Headers }
}

/** Why this recipient cannot get this message through a host with these capabilities, if so. */
export function objection(mail: Mail, { recipient }: Delivery, capabilities: Capabilities): Outcome | undefined {
  if (CONTROL.test(recipient)) return refusal(553, '5.1.3', 'the recipient address holds control characters')
  const { maxSize, smtpUtf8 } = capabilities
  if (maxSize !== undefined && mail.content.bytes > maxSize)
    return refusal(552, '5.3.4', `the next hop takes messages of at most ${maxSize} bytes`)
  if (smtpUtf8) return undefined
  if (isUtf8(mail.from) || isUtf8(wireAddress(recipient)))
    return refusal(553, '5.6.7', 'the next hop does not take addresses outside ASCII (SMTPUTF8)')
  if (mail.utf8Headers) return refusal(554, '5.6.9', 'the next hop does not take header fields in UTF-8 (SMTPUTF8)')
  return undefined
}
