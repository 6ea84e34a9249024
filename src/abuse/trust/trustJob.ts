/**
 * Ends trust that is no longer deserved: looks every hour whether trusted accounts are over a threshold, decides, and
 * tells the account's contact. A letter that could not be accepted is tried again at the next look.
 */

import type { Account } from '../../model/account.ts'
import { type Criteria, crossed, type Thresholds } from '../../model/trust.ts'
import type { Clock, Log } from '../../mta/ports.ts'
import type { SendSystemMail } from '../../mta/queue/systemMail.ts'
import type { Store } from '../../store/store.ts'
import type { TrustDecision } from '../../store/trust.ts'
import { trustEndedLetter } from '../letters/trustLetter.ts'

const HOUR_MS = 3_600_000

export interface TrustJob {
  /** Looks at once, then every hour. */
  start(): Promise<void>
  stop(): Promise<void>
  /** Looks now: something that counts has changed. Resolves when what follows from it is done. */
  poll(): Promise<void>
}

export interface TrustJobOptions {
  store: Pick<Store, 'directory' | 'users' | 'trust'>
  /** name of this relay */
  hostname: string
  send: SendSystemMail
  clock: Clock
  log: Log
}

/** Builds the care of trust. A look that fails is logged, and made up for by the next. */
export function createTrustJob({ store, hostname, send, clock, log }: TrustJobOptions): TrustJob {
  const { directory, users, trust } = store
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()

  async function endWhereCrossed(): Promise<void> {
    if (!directory.accounts().some((account) => account.trusted)) return
    const now = clock.now()
    const thresholds = await trust.thresholds()
    for (const { account, criteria } of await trust.figures(now)) {
      if (directory.accountById(account)?.trusted) await endIfCrossed(account, criteria, thresholds, now)
    }
  }

  async function endIfCrossed(account: number, criteria: Criteria, thresholds: Thresholds, now: number): Promise<void> {
    const reasons = crossed(criteria, thresholds)
    if (reasons.length === 0) return
    const decided = await trust.decide({
      account,
      decision: 'off',
      requestedBy: '',
      reason: reasons.join('; '),
      criteria,
      decidedBy: 'system',
      decidedAt: now,
      reviewAt: undefined,
      samples: 'keep',
      tell: true,
    })
    if (decided) log.warn({ account, decision: decided.id }, 'trust ended: a threshold was crossed')
  }

  /** Who decided that the account is trusted, or else an admin; undefined when there is none with an address. */
  async function adminOf(account: number): Promise<string | undefined> {
    const admins = (await users.list()).filter(({ role }) => role === 'admin').map(({ email }) => email)
    const decided = (await trust.history(account)).find(({ decision }) => decision === 'on')?.decidedBy
    return admins.find((email) => email === decided) ?? admins[0]
  }

  async function tell(account: Account, { id, decidedAt, reason }: TrustDecision): Promise<void> {
    const admin = await adminOf(account.id)
    const letter = trustEndedLetter({ account, hostname, endedAt: decidedAt, reason, admin })
    const answer = await send(account.id, account.contact, letter)
    if (answer.kind === 'accepted') await trust.told(id, answer.id)
  }

  async function poll(): Promise<void> {
    try {
      await endWhereCrossed()
      for (const decision of await trust.untold()) {
        const account = directory.accountById(decision.account)
        if (account) await tell(account, decision)
      }
    } catch (error) {
      log.error({ fault: (error as Error).message }, 'trust could not be looked at')
    }
  }

  /** One look after the other. */
  function queuePoll(): Promise<void> {
    running = running.then(poll)
    return running
  }

  return {
    async start() {
      await queuePoll()
      timer = setInterval(() => void queuePoll(), HOUR_MS)
    },
    async stop() {
      if (timer) clearInterval(timer)
      await running
    },
    poll: queuePoll,
  }
}
