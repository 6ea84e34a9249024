/** The text log: JSON lines on stderr, written by pino without a transport (a worker thread would not survive bundling). */

import { destination, pino } from 'pino'
import type { Log } from '../../mta/ports.ts'
import type { LogLevel } from './configuration.ts'

export function createLog(level: LogLevel): Log {
  return pino({ level }, destination({ dest: 2, sync: true }))
}
