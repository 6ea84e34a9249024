/**
 * The automatic brake: when the new signals about an account weigh too much, its mail is held at once, nothing of it
 * dropped, and a case is opened for a person to decide.
 */

import type { Account } from '../../model/account.ts'
import type { QueueAction, QueueFilter } from '../../model/filter.ts'
import { DAY_MS } from '../../model/retention.ts'
import { AUTOMATIC, REVIEW_ORDER } from '../../model/review.ts'
import type { Signal } from '../../store/signals.ts'
import type { Store } from '../../store/store.ts'
import { reviewPolicy } from '../policy/review.ts'
import type { SendOwn } from '../queue/own.ts'
import { actionLetter } from '../report/reviewLetters.ts'
import type { Clock, Log } from '../seams.ts'

/** New signals looked at in one go. */
const SIGNALS = 1000
const system = { id: 0, email: 'system' }

export interface Brake {
  /** Looks whether an account has to be held. Looks wait for each other; resolves when this one is done. */
  look(): Promise<void>
}

export interface BrakeOptions {
  store: Pick<Store, 'cases' | 'directory' | 'settings' | 'signals'>
  act(action: QueueAction, filter: QueueFilter, reason: string): Promise<unknown>
  send: SendOwn
  /** name of this relay */
  hostname: string
  clock: Clock
  log: Log
}

/** Builds the brake. A look that fails is logged, and made up for by the next. */
export function createBrake({ store, act, send, hostname, clock, log }: BrakeOptions): Brake {
  const { cases, directory, settings, signals } = store
  let running: Promise<void> = Promise.resolve()

  /** Signals of a day that no case has taken up yet, by account. */
  async function newSignals(): Promise<Map<number, Signal[]>> {
    const query = { account: undefined, unmatched: false, kind: undefined, unassigned: true, before: undefined }
    const page = await signals.list({ ...query, since: clock.now() - DAY_MS, limit: SIGNALS })
    const byAccount = new Map<number, Signal[]>()
    for (const signal of page.signals) {
      if (signal.account === undefined) continue
      byAccount.set(signal.account, [...(byAccount.get(signal.account) ?? []), signal])
    }
    return byAccount
  }

  /** The case that is being worked on, or a new one; the signals are its evidence. */
  async function caseOf(account: number, found: Signal[], weight: number): Promise<number> {
    const now = clock.now()
    const ids = found.map(({ id }) => id)
    const { cases: open } = await cases.list({ status: 'active', account }, 1, undefined, now)
    const known = open.find(({ status }) => status !== 'decided')
    if (known) {
      await cases.addSignals(known.id, ids, system, now)
      return known.id
    }
    const note = `${found.length} new signals weigh ${weight}: mail of the account was held by itself`
    return cases.open({ account, reason: AUTOMATIC, note, signals: ids }, system, now)
  }

  async function hold(account: Account, found: Signal[], weight: number): Promise<void> {
    const reason = `signals of a day weigh ${weight}`
    await directory.setAccountFlow(account.id, { outgoing: 'held', hourlyLimit: account.hourlyLimit })
    await act('hold', { account: account.name }, REVIEW_ORDER)
    const file = await caseOf(account.id, found, weight)
    const terms = 'reports and figures about your mail are far beyond what is usual'
    const draft = { kind: 'hold', account: account.name, hostname, terms, reason: '', perHour: undefined } as const
    const { subject, text } = actionLetter(draft)
    const answer = await send(account.id, account.contact, {
      subject,
      paragraphs: text.split('\n\n'),
      replyTo: undefined,
    })
    const letter = answer.kind === 'accepted' ? { subject, text, message: answer.id } : undefined
    const at = clock.now()
    await cases.addAction(
      { case: file, kind: 'hold', perHour: undefined, reason, by: system.email, at, letter },
      system,
    )
    log.warn({ account: account.id, case: file, weight }, 'mail of an account is held: its signals weigh too much')
  }

  async function look(): Promise<void> {
    const { brake } = await reviewPolicy(settings)
    if (brake === 0) return
    for (const [id, found] of await newSignals()) {
      const account = directory.accountById(id)
      const weight = found.reduce((sum, signal) => sum + signal.weight, 0)
      if (account?.status === 'active' && account.outgoing === 'flow' && weight >= brake)
        await hold(account, found, weight)
    }
  }

  return {
    look() {
      running = running.then(look).catch((error: Error) => {
        log.error({ fault: error.message }, 'the brake could not look at the signals')
      })
      return running
    },
  }
}
