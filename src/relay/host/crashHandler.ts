/** What nobody caught: a bug. The process ends, its supervisor starts it anew, and the queue is recovered from disk. */

import { errorFields } from '../../base/errorFields.ts'
import type { Log } from '../../mta/ports.ts'

/**
 * Ends the process on a fault nobody caught, with a line in the log instead of Node's own report: that would print
 * the message of the error, which may quote an address.
 */
export function endOnError(log: Log): void {
  const end = (fault: unknown): void => {
    log.error(errorFields(fault), 'a fault nobody caught: the relay ends')
    process.exit(1)
  }
  process.on('uncaughtException', end)
  process.on('unhandledRejection', end)
}
