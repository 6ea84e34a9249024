/** Notifications (RFC 3464) enter the queue like any mail: as messages of the account whose mail they are about. */

import { formatId, type IdClock } from '../../model/id.ts'
import { decideMessage } from '../policy/decide.ts'
import { buildNotification } from '../report/notification.ts'
import { isWanted } from '../report/told.ts'
import { ownEnvelope, type Parts } from './acceptance.ts'
import type { Notify } from './settlement.ts'

/** The client that the relay's own mail is from. */
const self = { address: '', helo: '', tls: undefined }

/** Builds the writer of notifications. */
export function createNotify(hostname: string, ids: IdClock): Notify {
  return (job, told, report, now): Parts[] => {
    const { record } = job
    if (record.envelope.from === '' || !told.some(isWanted)) return []
    const id = ids.next(now)
    const written = buildNotification({
      hostname,
      id: formatId(id),
      now,
      record,
      told,
      destination: report.destination,
    })
    if (!written) return []
    const { data, headerLength, subject, messageId, recipient, smtputf8 } = written
    return [
      {
        record: {
          id,
          account: record.account,
          credential: undefined,
          acceptedAt: now,
          envelope: { ...ownEnvelope, smtputf8, body: smtputf8 ? '8bitmime' : '7bit' },
          subject,
          messageId,
          size: data.length,
          headers: data.subarray(0, headerLength),
          client: self,
          keepUntil: decideMessage(now).keepUntil,
          sampled: false,
        },
        body: data,
        recipients: [{ address: recipient, options: { notify: undefined, orcpt: undefined } }],
      },
    ]
  }
}
