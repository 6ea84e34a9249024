/** Calls about where figures become signals, how samples are scored, and which addresses of ours take reports. */

import { checkScoringUrl } from '../../abuse/scoring/connect.ts'
import { signalSettings } from '../../abuse/signals/signalRules.ts'
import type { MailboxDomainView, Simulation } from '../../contract/signals.ts'
import { DAY_MS, KEEP_DAYS } from '../../model/retention.ts'
import { defaultScoring, defaultSignalThresholds, type Scoring, type SignalKind } from '../../model/signal.ts'
import { DESK_DOMAINS } from '../../mta/mailboxes/mailboxes.ts'
import { accountName } from '../../store/accountName.ts'
import type { Simulated } from '../../store/signals.ts'
import type { Directory } from '../../store/store.ts'
import type { Actor } from '../auth/authorise.ts'
import type { Guarded } from './base.ts'
import { checkDomain, checkEmail } from './check.ts'
import { entryOf, type Parts } from './context.ts'
import { refused } from './errors.ts'
import { timeView } from './views.ts'

/** Kinds that thresholds decide about; of many recipients only what was noticed at its time can be counted. */
const simulated: readonly { kind: SignalKind; complete: boolean }[] = [
  { kind: 'complaint', complete: true },
  { kind: 'bounces', complete: true },
  { kind: 'spam score', complete: true },
  { kind: 'volume jump', complete: true },
  { kind: 'many recipients', complete: false },
]

function simulationView(found: readonly Simulated[], since: number, directory: Directory): Simulation {
  const kinds = simulated.map(({ kind, complete }) => {
    const own = found.filter((one) => one.kind === kind).toSorted((a, b) => b.count - a.count)
    const accounts = own.map(({ account, count }) => ({ account: accountName(directory, account), count }))
    return { kind, complete, total: own.reduce((sum, { count }) => sum + count, 0), accounts }
  })
  return { since: timeView(since), kinds }
}

/** What every entry of a list was found to be. */
function checkedAll(texts: readonly string[], check: typeof checkDomain): string[] {
  const values = texts.map((text) => {
    const checked = check(text)
    if (!checked.ok) throw refused(checked.problem)
    return checked.value.toLowerCase()
  })
  return [...new Set(values)]
}

export function signalRuleCalls(os: Guarded, parts: Parts) {
  const { store, clock, engine, hostname } = parts
  const { directory, settings, signals } = store

  /** Writes a setting with its audit entry, and has the engine go by it. */
  async function set(key: string, value: unknown, actor: Actor, action: string, reason: string, facts: object) {
    const entry = entryOf(parts, actor, { action, object: key, reason, facts: { ...facts } })
    await settings.set(key, value, entry)
    await engine.signals.reload()
  }

  function mailboxDomainView(domains: string[]): MailboxDomainView {
    return { addresses: [hostname, ...domains].map((domain) => `abuse@${domain}`), domains }
  }

  return {
    thresholds: os.signals.thresholds.handler(async () => ({
      ...defaultSignalThresholds,
      ...(await settings.get<object>(signalSettings.thresholds)),
    })),

    setThresholds: os.signals.setThresholds.handler(async ({ input, context }) => {
      const { reason, ...thresholds } = input
      await set(signalSettings.thresholds, thresholds, context.actor, 'signals.setThresholds', reason, thresholds)
      await engine.signals.poll()
      return thresholds
    }),

    simulate: os.signals.simulate.handler(async ({ input }) => {
      const now = clock.now()
      const since = now - KEEP_DAYS * DAY_MS
      return simulationView(await signals.simulate(input, since, now), since, directory)
    }),

    scoring: os.signals.scoring.handler(
      async () => (await settings.get<Scoring>(signalSettings.scoring)) ?? defaultScoring,
    ),

    setScoring: os.signals.setScoring.handler(async ({ input, context }) => {
      const { reason, kind, timeoutMs } = input
      const url = checkScoringUrl(kind, input.url)
      if (!url.ok) throw refused(url.problem)
      const scoring = { kind, url: url.value, timeoutMs }
      await set(signalSettings.scoring, scoring, context.actor, 'signals.setScoring', reason, scoring)
      return scoring
    }),

    traps: os.signals.traps.handler(async () => ({
      addresses: (await settings.get<string[]>(signalSettings.traps)) ?? [],
    })),

    setTraps: os.signals.setTraps.handler(async ({ input, context }) => {
      const addresses = checkedAll(input.addresses, checkEmail)
      const facts = { addresses: addresses.length }
      await set(signalSettings.traps, addresses, context.actor, 'signals.setTraps', input.reason, facts)
      return { addresses }
    }),

    desk: os.signals.desk.handler(async () => mailboxDomainView((await settings.get<string[]>(DESK_DOMAINS)) ?? [])),

    setMailboxDomain: os.signals.setMailboxDomain.handler(async ({ input, context }) => {
      const domains = checkedAll(input.domains, checkDomain)
      await set(DESK_DOMAINS, domains, context.actor, 'signals.setDesk', input.reason, { domains: domains.length })
      return mailboxDomainView(domains)
    }),
  }
}
