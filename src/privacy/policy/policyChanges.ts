/**
 * Sees a change of the policy through: writes to every account, keeps the evidence that it was told, and puts the change
 * in force on its date. Looks at start and every minute; what fails is tried again at the next look.
 */

import { isFinal } from '../../model/delivery.ts'
import type { MessageDetail } from '../../model/message.ts'
import type { Letter } from '../../mta/mime/letter.ts'
import type { Clock, Log } from '../../mta/ports.ts'
import type { SendSystemMail } from '../../mta/queue/systemMail.ts'
import type { PolicyEvidence, PolicyLetter, PolicyVersion } from '../../store/policy.ts'
import type { Store } from '../../store/store.ts'
import { policyChangeLetter, policyWithdrawnLetter } from '../letters/policyLetter.ts'

const MINUTE_MS = 60_000

export interface PolicyChanges {
  /** Looks at once, then every minute. */
  start(): Promise<void>
  stop(): Promise<void>
  /** Looks now: something was announced or withdrawn. Resolves when what follows from it is done. */
  poll(): Promise<void>
  /** The letter about a change as it would go out, to be read before. */
  draft(change: PolicyVersion, effectiveAt: number): Promise<Letter>
}

export interface PolicyChangesOptions {
  store: Pick<Store, 'policy' | 'users' | 'log'>
  /** name of this relay */
  hostname: string
  send: SendSystemMail
  clock: Clock
  /** the time that what is destroyed goes by: a clock that is not believed puts nothing in force */
  destroyBy(): number
  /** destroys what is over by the days that came in force */
  runRetention(): Promise<unknown>
  log: Log
}

/** What became of a letter, as the log has it now. */
export function evidenceOf({ deliveries, attempts }: MessageDetail): PolicyEvidence {
  const [delivery] = deliveries
  const reply = delivery?.reason ?? ''
  return { state: delivery?.state ?? 'deferred', at: attempts.at(-1)?.endedAt, reply }
}

/** Builds the care of the policy. */
export function createPolicyChanges(options: PolicyChangesOptions): PolicyChanges {
  const { store, hostname, send, clock, destroyBy, runRetention, log } = options
  const { policy, users } = store
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()

  async function putInForce(): Promise<void> {
    for (const { version, state, effectiveAt } of await policy.versions()) {
      if (state !== 'announced' || effectiveAt === undefined || effectiveAt > destroyBy()) continue
      if (!(await policy.takeEffect(version, clock.now()))) continue
      log.info({ version }, 'a version of the policy took effect')
      await runRetention()
    }
  }

  async function admin(): Promise<string | undefined> {
    return (await users.list()).find(({ role }) => role === 'admin')?.email
  }

  async function draft(change: PolicyVersion, effectiveAt: number): Promise<Letter> {
    const before = (await policy.versions()).find(({ state }) => state === 'in force')
    const { reason } = change
    return policyChangeLetter({ hostname, before, after: change, effectiveAt, reason, admin: await admin() })
  }

  async function letterAbout(change: PolicyVersion, about: PolicyLetter['about']): Promise<Letter> {
    const effectiveAt = change.effectiveAt ?? clock.now()
    if (about === 'change') return draft(change, effectiveAt)
    return policyWithdrawnLetter({ hostname, version: change.version, effectiveAt, admin: await admin() })
  }

  async function write(letters: readonly PolicyLetter[]): Promise<void> {
    const drafts = new Map<string, Letter>()
    for (const letter of letters) {
      const key = `${letter.version} ${letter.about}`
      const change = await policy.get(letter.version)
      // it may be withdrawn while its letters go out
      if (!change || (letter.about === 'change' && change.state === 'withdrawn')) continue
      const drafted = drafts.get(key) ?? (await letterAbout(change, letter.about))
      drafts.set(key, drafted)
      const answer = await send(letter.account, letter.to, drafted)
      if (answer.kind === 'accepted') await policy.sent(letter, answer.id)
    }
  }

  async function keepEvidence(letters: readonly PolicyLetter[]): Promise<void> {
    for (const letter of letters) {
      const detail = letter.message === undefined ? undefined : await store.log.get(letter.message)
      if (!detail?.deliveries.every(({ state }) => isFinal(state))) continue
      await policy.settled(letter, evidenceOf(detail))
    }
  }

  async function poll(): Promise<void> {
    try {
      await putInForce()
      for (const { version, state } of await policy.versions())
        if (state === 'announced') await policy.addressNew(version, clock.now())
      const open = (await policy.letters()).filter(({ evidence }) => evidence === undefined)
      await write(open.filter(({ message }) => message === undefined))
      await keepEvidence(open)
    } catch (error) {
      log.error({ fault: (error as Error).message }, 'the policy could not be looked after')
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
      timer = setInterval(() => void queuePoll(), MINUTE_MS)
    },
    async stop() {
      if (timer) clearInterval(timer)
      await running
    },
    poll: queuePoll,
    draft,
  }
}
