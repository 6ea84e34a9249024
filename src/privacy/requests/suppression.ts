/** Keeps the person from being written to, where a request asks for it; a restriction only as long as it lasts. */

import type { Actor } from '../../store/cases.ts'
import type { SubjectRequest } from '../../store/requests.ts'
import { EVERY_ACCOUNT } from '../../store/subjects.ts'
import { type RequestParts, relayItself } from './context.ts'

export function createSuppression({ store, clock }: Pick<RequestParts, 'store' | 'clock'>) {
  const { holds, subjects, requests } = store

  async function suppress(request: SubjectRequest, actor: Actor): Promise<void> {
    // an account's own address is no recipient it could be kept from
    if (request.track === 'holder') return
    const account = request.track === 'third party' ? EVERY_ACCOUNT : request.account
    if (account === undefined) return
    const hash = subjects.hash(request.subject)
    const known = subjects.suppressions().find((one) => one.account === account && one.hash === hash)
    if (known && (known.request === request.id || request.kind === 'restriction')) return
    // what belongs to a restriction ends with it
    if (known) await subjects.unsuppress(account, hash, actor.email, clock.now())
    await subjects.suppress({ account, hash, at: clock.now(), request: request.id }, actor.email)
  }

  /** Keeps what is held as it is, and keeps the person from being written to, until a person lifts it. */
  async function restrict(request: SubjectRequest, by: Actor): Promise<void> {
    await suppress(request, by)
    if (request.hold !== undefined) return
    const reason = `request ${request.id}: restriction`
    const known = (await holds.list()).find((hold) => !hold.released && hold.reason === reason)
    const { account, subject, track } = request
    const scope =
      track === 'holder'
        ? ({ kind: 'account', account: account! } as const)
        : ({ kind: 'address', address: subject } as const)
    const hold = known ?? (await holds.place(scope, { actor: by.email, at: clock.now(), reason }))
    const act = { request: request.id, actor: by, at: clock.now() }
    await requests.bindHold(act, hold.id, `legal hold ${hold.id} keeps what is held`)
  }

  /** A restriction that was lifted: the person may be written to again. */
  async function lift(request: SubjectRequest): Promise<void> {
    // by its number: the hash may be one of before 2026-12
    for (const { account, hash, request: by } of subjects.suppressions())
      if (by === request.id) await subjects.unsuppress(account, hash, relayItself.email, clock.now())
    const act = { request: request.id, actor: relayItself, at: clock.now() }
    await requests.bindHold(act, undefined, 'the restriction was lifted with its legal hold')
  }

  return { suppress, restrict, lift }
}
