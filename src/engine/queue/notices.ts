/** Notifications (RFC 3464) enter the queue like any mail: as messages of the account whose mail they are about. */

import { formatId, type IdClock } from '../../model/id.ts'
import { buildNotification } from '../report/notification.ts'
import { isWanted } from '../report/told.ts'
import type { Parts } from './acceptance.ts'
import { ownParts } from './own.ts'
import type { Notify } from './settlement.ts'

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
