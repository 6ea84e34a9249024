/** Notifications (RFC 3464) enter the queue like any mail: as messages of the account whose mail they are about. */

import { formatId, type IdClock } from '../../model/id.ts'
import { buildNotification } from '../dsn/notification.ts'
import { isWanted } from '../dsn/notified.ts'
import type { Parts } from './acceptance.ts'
import type { Notify } from './recordResult.ts'
import { ownParts } from './systemMail.ts'

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
    return [ownParts(id, record.account, now, written)]
  }
}
