/** The end of DATA: may the message be taken? What acceptance then gets. */

import type { Client } from '../../model/message.ts'
import type { Submission } from '../ports.ts'
import { type CheckResult, noRoom, pass, refuse } from './checkResult.ts'
import { checkContent } from './content.ts'
import type { DataError, DataReader } from './dataReader.ts'
import { checkRate } from './mail.ts'
import type { Parts } from './parts.ts'
import { maySend } from './permission.ts'
import { receivedField } from './received.ts'
import type { Transaction } from './transaction.ts'

/** Why data cannot be taken. `octets`: how many a message may have. */
export function dataReply(fault: DataError, octets: number, { tunables }: Parts): CheckResult<never> {
  switch (fault) {
    case 'bare-lf':
      return refuse(554, '5.5.2', 'The message holds a bare LF: end every line with CRLF')
    case 'bare-cr':
      return refuse(554, '5.5.2', 'The message holds a bare CR: end every line with CRLF')
    case 'nul':
      return refuse(554, '5.5.2', 'The message holds a NUL: encode binary content, such as in base64')
    case 'line':
      return refuse(
        554,
        '5.6.0',
        `A line is longer than ${tunables.lineOctets} octets: encode the content in shorter lines`,
      )
    case 'size':
      return refuse(552, '5.3.4', `The message is larger than ${octets} octets: send a smaller one`)
    case 'memory':
      return noRoom
  }
}

/** Checks a complete message. */
export function checkMessage(
  transaction: Transaction,
  reader: DataReader,
  parts: Parts,
  from: { client: Client; prefix: string },
): CheckResult<Submission> {
  if (reader.fault) return dataReply(reader.fault, parts.limits.messageBytes, parts)
  const { directory, tunables } = parts
  const { sender } = transaction
  if (!sender.ok) return sender
  const credential = directory.credentialById(sender.value.credential.id)
  const account = directory.accountById(sender.value.account.id)
  const reply = maySend(account, credential)
  if (reply) return { ok: false, reply }
  const data = reader.take()
  const content = checkContent(data, account!, tunables.header)
  if (!content.ok) return content
  const rate = checkRate({ credential: credential!, account: account! }, parts)
  if (!rate.ok) return rate
  const { envelope, recipients } = transaction
  return pass({
    account: account!,
    credential,
    client: from.client,
    // what was declared 7bit and is not must not be passed on as 7bit (RFC 6152 §3)
    envelope: reader.isEightBit ? { ...envelope, body: '8bitmime' } : envelope,
    recipients: [...recipients.values()],
    data,
    ...content.value,
    received: (id, acceptedAt) => receivedField(from.prefix, id, acceptedAt),
  })
}
