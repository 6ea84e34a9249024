/**
 * The automatic brake: when the new signals about an account weigh too much, its mail is held at once, nothing of it
 * dropped, and a case is opened for a person to decide.
 */

import type { Account } from '../../model/account.ts'
import { AUTOMATIC } from '../../model/case.ts'
import { DAY_MS } from '../../model/retention.ts'
import type { Clock, Log } from '../../mta/ports.ts'
import type { Signal } from '../../store/signals.ts'
import type { Store } from '../../store/store.ts'
import { caseSettings } from '../cases/caseSettings.ts'
import { actionLetter } from '../letters/caseLetters.ts'

/** New signals looked at in one go. */
const SIGNALS = 1000
const system = { id: 0, email: 'system' }

export interface AutomaticHold {
  /** Looks whether an account has to be held. Looks wait for each other; resolves when this one is done. */
  poll(): Promise<void>
}

export interface AutomaticHoldOptions {
  store: Pick<Store, 'cases' | 'directory' | 'settings' | 'signals'>
  /** lets the queue and the letter follow an action */
  follow(action: number): Promise<void>
  /** name of this relay */
  hostname: string
  clock: Clock
  log: Log
}

/** Builds the brake. A look that fails is logged, and made up for by the next. */
export function createAutomaticHold({ store, follow, hostname, clock, log }: AutomaticHoldOptions): AutomaticHold {
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

  async function hold(account: Account, found: Signal[], weight: number): Promise<void> {
    const reason = `signals of a day weigh ${weight}`
    const note = `${found.length} new signals weigh ${weight}: mail of the account was held by itself`
    const terms = 'reports and figures about your mail are far beyond what is usual'
    const draft = { kind: 'hold', account: account.name, hostname, terms, reason: '', perHour: undefined } as const
    const letter = { ...actionLetter(draft), message: undefined }
    const action = { kind: 'hold', perHour: undefined, reason, by: system.email, at: clock.now(), letter } as const
    const ids = found.map(({ id }) => id)
    const braked = await cases.brake({ account: account.id, reason: AUTOMATIC, note, signals: ids, action }, system)
    if (!braked) return
    log.warn(
      { account: account.id, case: braked.case, weight },
      'mail of an account is held: its signals weigh too much',
    )
    await follow(braked.id)
  }

  async function poll(): Promise<void> {
    const { brake } = await caseSettings(settings)
    if (brake === 0) return
    for (const [id, found] of await newSignals()) {
      const account = directory.accountById(id)
      const weight = found.reduce((sum, signal) => sum + signal.weight, 0)
      if (account?.status === 'active' && account.outgoing === 'flow' && weight >= brake)
        await hold(account, found, weight)
    }
  }

  return {
    poll() {
      running = running.then(poll).catch((error: Error) => {
        log.error({ fault: error.message }, 'the brake could not look at the signals')
      })
      return running
    },
  }
}
