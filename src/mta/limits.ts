/** The limits an operator may set, and their defaults. */

export interface EngineLimits {
  /** largest message, bytes */
  messageBytes: number
  /** recipients a message */
  recipients: number
  /** open SMTP sessions in all */
  sessions: number
  /** open SMTP sessions from one address */
  sessionsPerAddress: number
  /** transactions at once to one destination */
  perDestination: number
  /** transactions at once in all */
  deliveries: number
}

export const defaultLimits: EngineLimits = {
  messageBytes: 35_882_577,
  recipients: 1000,
  sessions: 500,
  sessionsPerAddress: 200,
  perDestination: 20,
  deliveries: 200,
}
