/** The policy of retention as it is kept among the settings; read by every thread that has to go by it. */

import { KEEP_DAYS, type KeepPolicy, type Shortening } from '../../model/retention.ts'
import type { Connection } from './connection.ts'

const DAYS = 'retention.days'
const SHORTENINGS = 'retention.shortenings'

/** Reads the policy in force. */
export class PolicyReader {
  private readonly select

  constructor(main: Connection) {
    this.select = main.prepare('SELECT value FROM setting WHERE key = ?').pluck()
  }

  read(): KeepPolicy {
    const days = this.select.get(DAYS) as string | undefined
    const shortenings = this.select.get(SHORTENINGS) as string | undefined
    return {
      days: days === undefined ? KEEP_DAYS : (JSON.parse(days) as number),
      // JSON leaves an undefined account out, which reads as undefined again
      shortenings: shortenings === undefined ? [] : (JSON.parse(shortenings) as Shortening[]),
    }
  }
}

/** Keeps a policy. To be called in a transaction. */
export function writePolicy(main: Connection, { days, shortenings }: KeepPolicy): void {
  const set = main.prepare('INSERT INTO setting VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value')
  set.run(DAYS, JSON.stringify(days))
  set.run(SHORTENINGS, JSON.stringify(shortenings))
}
