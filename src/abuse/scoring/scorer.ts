/** What scores a mail for spam. Whoever does it is handed in: the engine speaks no HTTP. */

import type { Client } from '../../model/message.ts'
import type { Scoring } from '../../model/signal.ts'

/** A mail to be scored, from memory. */
export interface MailToScore {
  /** the whole message */
  bytes: Uint8Array
  from: string
  to: readonly string[]
  client: Client
}

export interface Score {
  /** 0 to 100; 50 is where the scorer itself says spam */
  score: number
  /** names of what it found: never content */
  symbols: string[]
}

/** Rejects when no answer came in time, or none that can be understood. */
export type Scorer = (mail: MailToScore) => Promise<Score>

/** The scorer of a setting; undefined for the built-in checks. */
export type ConnectScorer = (scoring: Scoring) => Scorer | undefined

/** How many symbols of a score are kept. */
const MOST_SYMBOLS = 20

/** A score as it is kept: within bounds, and with names only. */
export function bounded({ score, symbols }: Score): Score {
  return {
    score: Number.isFinite(score) ? Math.min(100, Math.max(0, Math.round(score))) : 0,
    symbols: symbols.filter((symbol) => /^[A-Za-z0-9_.-]{1,64}$/.test(symbol)).slice(0, MOST_SYMBOLS),
  }
}
