/** Signals, and the mail to the relay itself that some of them come from. Times are milliseconds of Unix time. */

import type { MessageId } from '../model/id.ts'
import type { DayFigures, SignalKind, SignalThresholds } from '../model/signal.ts'

export interface Signal {
  id: number
  /** undefined when nobody knows whose it is yet: for a person */
  account: number | undefined
  kind: SignalKind
  at: number
  /** 0 to 100 */
  weight: number
  /** words: neither content nor addresses */
  summary: string
  /** the records behind it, at most 100 */
  messages: MessageId[]
  /** where it comes from: `acceptance`, `volume`, `feedback`, `letter`, a scorer's name, or who reported */
  source: string
  /** how often the same fact was told within a day */
  times: number
  case: number | undefined
  /** a person found that it says nothing */
  dismissed: boolean
}

/** A signal to be kept. */
export interface NewSignal extends Omit<Signal, 'id' | 'times' | 'case' | 'dismissed'> {
  /** what makes it the same as another: of one fact an account has one signal a day */
  fact: string
  /** the figure behind it, where there is one: share, factor, score, recipients */
  value: number | undefined
}

/** A complaint that came by mail. */
export interface NewComplaint extends NewSignal {
  /** network the report came from */
  reporter: string
  /** whether the report shows that its sender has seen the message */
  proved: boolean
  /** how many the message went to: so many complaints about it can count */
  recipients: number
}

export interface SignalQuery {
  account: number | undefined
  /** only those of no account that nobody has dismissed */
  unmatched: boolean
  kind: SignalKind | undefined
  since: number | undefined
  /** only those in no case that nobody has dismissed */
  unassigned: boolean
  /** only those in this case */
  case?: number | undefined
  /** only lower ids */
  before: number | undefined
  limit: number
}

export interface SignalPage {
  signals: Signal[]
  /** `before` of the next page; undefined when this is the last */
  next: number | undefined
}

/** One kind of signal of one account, and how many there would have been. */
export interface Simulated {
  kind: SignalKind
  account: number
  count: number
}

/** Figures of an account: today first, then the days before it. */
export interface AccountDays {
  account: number
  days: DayFigures[]
}

/** Who does it, as the audit log names them, and why. */
interface Act {
  actor: string
  at: number
  reason: string
}

export interface SignalStore {
  /** Newest first. */
  list(query: SignalQuery): Promise<SignalPage>
  get(id: number): Promise<Signal | undefined>
  /** Keeps signals. A fact that was told within a day is not told again: its messages join the signal there is. */
  add(signals: NewSignal[]): Promise<void>
  /** A person's report, with its entry in the audit log. Returns its id. */
  report(signal: NewSignal, act: Act): Promise<number>
  /**
   * Gives a signal of no account to one; a complaint becomes one of the account. False when it has an account already, or
   * was dismissed.
   */
  assign(id: number, account: number, act: Act): Promise<boolean>
  /** Takes a signal out of what counts. False when it is evidence in a case, or was dismissed before. */
  dismiss(id: number, act: Act): Promise<boolean>
  /** The score of a sample, and the signals it makes, in one transaction. */
  scored(message: MessageId, score: number, flagged: boolean, signals: NewSignal[]): Promise<void>
  /** Volume of every account, today and the `days` days before. */
  volume(now: number, days: number): Promise<AccountDays[]>
  /** What thresholds would have signalled since a moment. */
  simulate(thresholds: SignalThresholds, since: number, now: number): Promise<Simulated[]>
  /** Destroys signals from before a moment that no case holds, mail to the relay never read, complaints and volume. */
  purge(before: number): Promise<number>
}

/** A mail to the relay itself. */
export interface MailboxMail {
  /** which desk it is for, such as `abuse` */
  desk: string
  receivedAt: number
  /** address of the client it came from */
  client: string
  /** the bytes as received */
  content: Uint8Array
}

export interface WaitingMail extends MailboxMail {
  id: number
  /** how often it was begun to be read, this time included */
  tries: number
}

export interface MailboxStore {
  /** Resolves when the mail is durable: only then may 250 be said. */
  take(mail: MailboxMail): Promise<void>
  /** Counts the try and gives the mail that waits longest and was tried least; undefined when none waits. */
  next(desk: string, mostTries: number): Promise<WaitingMail | undefined>
  /** How many wait. */
  waiting(): Promise<number>
  /**
   * Ends a mail: its bytes are destroyed and what it says is kept, in one transaction. Returns the accounts that got a
   * complaint that counts; undefined when the mail was ended before.
   */
  finish(id: number, signals: NewSignal[], complaints: NewComplaint[]): Promise<number[] | undefined>
}
