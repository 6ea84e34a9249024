/** What the calls about requests share: finding one, taking a step with it, and showing it as it is after. */

import type { Draft } from '../../privacy/letters/requestLetters.ts'
import { respondentOf } from '../../privacy/requests/context.ts'
import type {
  NewLetter,
  RequestAct,
  RequestRecord,
  RequestResult,
  RequestStep,
  SubjectRequest,
} from '../../store/requests.ts'
import type { Actor } from '../auth/authorise.ts'
import { actorOf } from './actor.ts'
import type { Parts } from './context.ts'
import { conflict, notFound } from './errors.ts'
import { requestView } from './requestViews.ts'

/** Refuses what the store did not do. */
export function mustBe(result: RequestResult): void {
  if (!result.ok) throw conflict(result.obstacle)
}

/** @param obstacle what is in the way, in words; empty when nothing is */
export function without(obstacle: string): void {
  if (obstacle !== '') throw conflict(obstacle)
}

/** A letter as someone wrote it, or else as drafted. */
export function written(draft: Draft, letter: Draft | undefined): Draft {
  return letter ? { subject: letter.subject, text: letter.text } : draft
}

export function requestLookup({ store, clock, requests: { care, drafts } }: Parts) {
  const { directory } = store

  async function byId(id: number): Promise<RequestRecord> {
    const found = await store.requests.get(id)
    if (!found) throw notFound(`request ${id}`, 'look at the list of requests')
    return found
  }

  function actOf(actor: Actor, request: number): RequestAct {
    return { request, actor: actorOf(actor), at: clock.now() }
  }

  /** What the relay itself has to do follows at once; the view is as it is now. */
  async function viewOf(id: number) {
    care.wake()
    return requestView(await byId(id), directory)
  }

  async function step(actor: Actor, id: number, given: RequestStep) {
    mustBe(await store.requests.step(actOf(actor, id), given))
    return viewOf(id)
  }

  function letters(request: SubjectRequest, kind: string, draft: Draft): NewLetter[] {
    const letter = drafts.letter(request, kind, draft)
    return letter ? [letter] : []
  }

  function draftView(request: SubjectRequest, draft: Draft) {
    return { to: respondentOf(directory, request) ?? '', ...draft }
  }

  return { byId, actOf, viewOf, step, letters, draftView }
}
