/** Hosts that are this machine. */

import { isIP } from 'node:net'

/** Whether a host stays on this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}
