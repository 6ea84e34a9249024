/** Calls about signals: what was found, what a person reports, and where figures become signals. */

import { checkScoringUrl } from '../../abuse/scoring/connect.ts'
import { signalSettings } from '../../abuse/signals/signalRules.ts'
import type { MailboxDomainView, SignalView, Simulation } from '../../contract/signals.ts'
import { isUnderReview } from '../../model/case.ts'
import { formatId, parseId } from '../../model/id.ts'
import { DAY_MS, KEEP_DAYS } from '../../model/retention.ts'
import {
  defaultScoring,
  defaultSignalThresholds,
  factWeights,
  type Scoring,
  type SignalKind,
} from '../../model/signal.ts'
import { DESK_DOMAINS } from '../../mta/mailboxes/mailboxes.ts'
import { accountName } from '../../store/accountName.ts'
import type { NewSignal, Signal, Simulated } from '../../store/signals.ts'
import type { Directory } from '../../store/store.ts'
import type { Act } from '../../store/trust.ts'
import { type Actor, actorName } from '../auth/authorise.ts'
import { actorOf } from './actor.ts'
import type { Guarded } from './base.ts'
import { checkDomain, checkEmail } from './check.ts'
import { entryOf, type Parts } from './context.ts'
import { conflict, notFound, refused, refuseStrangeCursor } from './errors.ts'
import { accountNamed, timeView } from './views.ts'

/** Kinds that thresholds decide about; of many recipients only what was noticed at its time can be counted. */
const simulated: readonly { kind: SignalKind; complete: boolean }[] = [
  { kind: 'complaint', complete: true },
  { kind: 'bounces', complete: true },
  { kind: 'spam score', complete: true },
  { kind: 'volume jump', complete: true },
  { kind: 'many recipients', complete: false },
]

function signalView(signal: Signal, directory: Directory): SignalView {
  const { id, account, kind, at, weight, summary, messages, source, times } = signal
  return {
    id,
    account: account === undefined ? null : accountName(directory, account),
    kind,
    at: timeView(at),
    weight,
    summary,
    messages: messages.map(formatId),
    source,
    times,
    case: signal.case ?? null,
    dismissed: signal.dismissed,
  }
}

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

export function signalCalls(os: Guarded, parts: Parts) {
  const { store, clock, engine, hostname } = parts
  const { cases, directory, settings, signals } = store

  async function found(id: number): Promise<SignalView> {
    const signal = await signals.get(id)
    if (!signal) throw notFound(`signal ${id}`, 'signals are kept 70 days: look at the list')
    return signalView(signal, directory)
  }

  function act(actor: Actor, reason = ''): Act {
    return { actor: actorName(actor), at: clock.now(), reason }
  }

  /** A signal joins a case of its own account that is being worked on. */
  async function refuseStrangeCase(id: number, account: number): Promise<void> {
    const file = await cases.get(id, clock.now())
    if (!file) throw notFound(`case ${id}`, 'look at the list of cases')
    if (file.account !== account) throw refused(`case ${id} is about another account`, 'choose a case of this account')
    if (!isUnderReview(file.status)) throw conflict(`case ${id} is ${file.status}`, 'open it again first')
  }

  /** Writes a setting with its audit entry, and has the engine go by it. */
  async function set(key: string, value: unknown, actor: Actor, action: string, reason: string, facts: object) {
    const entry = entryOf(parts, actor, { action, object: key, reason, facts: { ...facts } })
    await settings.set(key, value, entry)
    await engine.signals.reload()
  }

  function mailboxDomainView(domains: string[]): MailboxDomainView {
    return { addresses: [hostname, ...domains].map((domain) => `abuse@${domain}`), domains }
  }

  /** The message a report names: one of the account. */
  async function messageOf(account: number, text: string | undefined): Promise<number[]> {
    if (text === undefined) return []
    const id = parseId(text)
    const [row] = id === undefined ? [] : await store.log.rows([id])
    if (!row) throw notFound(`message ${text}`, 'its 70 days may be over: report without it')
    if (row.account !== account)
      throw refused(`message ${text} is not of this account`, 'give a message of this account')
    return [row.id]
  }

  return {
    list: os.signals.list.handler(async ({ input }) => {
      refuseStrangeCursor(input.cursor, /^\d+$/)
      const { unmatched, kind, unassigned, case: file, limit } = input
      const account = input.account === undefined ? undefined : accountNamed(directory, input.account).id
      const since = input.since === undefined ? undefined : Date.parse(input.since)
      const before = input.cursor === undefined ? undefined : Number(input.cursor)
      const page = await signals.list({ account, unmatched, kind, since, unassigned, case: file, before, limit })
      return {
        signals: page.signals.map((signal) => signalView(signal, directory)),
        next: page.next === undefined ? null : String(page.next),
      }
    }),

    get: os.signals.get.handler(({ input }) => found(input.id)),

    report: os.signals.report.handler(async ({ input, context }) => {
      const account = accountNamed(directory, input.account)
      if (/\S@\S/.test(input.note)) throw refused('a report holds no addresses', "give the message's id instead")
      const at = clock.now()
      const actor = actorName(context.actor)
      const signal: NewSignal = {
        account: account.id,
        kind: 'report',
        at,
        weight: factWeights.report,
        summary: input.note,
        messages: await messageOf(account.id, input.message),
        source: actor,
        // each is a fact of its own
        fact: `report ${at} ${actor}`,
        value: undefined,
      }
      return found(await signals.report(signal, { actor, at, reason: input.note }))
    }),

    assign: os.signals.assign.handler(async ({ input, context }) => {
      const signal = await found(input.id)
      const account = accountNamed(directory, input.account)
      if (input.case !== undefined) await refuseStrangeCase(input.case, account.id)
      if (!(await signals.assign(input.id, account.id, act(context.actor))))
        throw conflict(`signal ${input.id} is ${signal.dismissed ? 'dismissed' : `of account ${signal.account}`}`)
      if (signal.kind === 'complaint') await engine.pollTrust()
      if (input.case !== undefined) await cases.addSignals(input.case, [input.id], actorOf(context.actor), clock.now())
      return found(input.id)
    }),

    dismiss: os.signals.dismiss.handler(async ({ input, context }) => {
      const signal = await found(input.id)
      if (!(await signals.dismiss(input.id, act(context.actor, input.reason))))
        throw signal.dismissed
          ? conflict(`signal ${input.id} is dismissed already`)
          : conflict(`signal ${input.id} is evidence in case ${signal.case}`, 'give the verdict on that case')
      return found(input.id)
    }),

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
