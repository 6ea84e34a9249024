/** Calls about requests of people. What may be done is decided in the store; here it is said in words. */

import type { Account } from '../../model/account.ts'
import { CODE_DAYS } from '../../model/request.ts'
import { codeLetter, type Draft } from '../../privacy/letters/requestLetters.ts'
import { letterAccount, respondentOf } from '../../privacy/requests/context.ts'
import { firstExecution } from '../../privacy/requests/execution.ts'
import { codeHash, makeCode } from '../../privacy/requests/identityCode.ts'
import { previewOf } from '../../privacy/requests/preview.ts'
import { requestPolicy, setRequestPolicy } from '../../privacy/requests/requestSettings.ts'
import { answerObstacle, decisionObstacle, stepsOf } from '../../privacy/requests/steps.ts'
import type {
  CodeResult,
  NewLetter,
  RequestAct,
  RequestRecord,
  RequestResult,
  RequestStep,
  SubjectRequest,
} from '../../store/requests.ts'
import type { Actor } from '../auth/authorise.ts'
import type { Guarded } from './base.ts'
import { actorOf } from './cases.ts'
import { checkEmail } from './check.ts'
import { entryOf, type Parts } from './context.ts'
import { conflict, notFound, refused, refuseStrangeCursor } from './errors.ts'
import { openRequest } from './openRequest.ts'
import { placeView, requestDetailView, requestEventView, requestView, searchView } from './requestViews.ts'
import { accountNamed, timeView } from './views.ts'

const wrong: Record<Exclude<CodeResult, 'confirmed'>, string> = {
  wrong: 'this is not the code that was mailed',
  none: 'no code was mailed',
  expired: 'the code is too old',
  'used up': 'the code was tried too often',
  moved: 'the code was mailed to an address that another has replaced since',
}

/** A letter as a person wrote it, or else as drafted. */
function written(draft: Draft, letter: Draft | undefined): Draft {
  return letter ? { subject: letter.subject, text: letter.text } : draft
}

export function requestCalls(os: Guarded, parts: Parts) {
  const { store, clock, requests: desk } = parts
  const { directory, settings } = store
  const { drafts, care, searches } = desk

  async function byId(id: number): Promise<RequestRecord> {
    const found = await store.requests.get(id)
    if (!found) throw notFound(`request ${id}`, 'look at the list of requests')
    return found
  }

  function actOf(actor: Actor, request: number): RequestAct {
    return { request, actor: actorOf(actor), at: clock.now() }
  }

  function mustBe(result: RequestResult): void {
    if (!result.ok) throw conflict(result.obstacle)
  }

  function without(obstacle: string): void {
    if (obstacle !== '') throw conflict(obstacle)
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

  function accountsOf(names: readonly string[]): Account[] {
    return [...new Set(names.map((name) => accountNamed(directory, name)))]
  }

  function draftView(request: SubjectRequest, draft: Draft) {
    return { to: respondentOf(directory, request) ?? '', ...draft }
  }

  return {
    list: os.requests.list.handler(async ({ input }) => {
      refuseStrangeCursor(input.cursor, /^[01]\.-?\d{1,16}\.\d{1,16}$/)
      const { state, kind, track, limit, cursor } = input
      const account = input.account === undefined ? undefined : accountNamed(directory, input.account).id
      const page = await store.requests.list({ state, kind, track, account, limit, cursor })
      return { requests: page.requests.map((one) => requestView(one, directory)), next: page.next ?? null }
    }),

    get: os.requests.get.handler(async ({ input }) => {
      const record = await byId(input.id)
      const [dataExports, rows] = await Promise.all([
        desk.dataExports.list(record.id),
        store.log.rows(record.letters.flatMap(({ message }) => message ?? [])),
      ])
      const circumstances = { now: clock.now(), dataExports, searching: searches.current() }
      return requestDetailView(record, {
        directory,
        letters: rows,
        dataExports,
        steps: stepsOf(record, circumstances),
        searching: searches.of(record.id),
        progress: desk.executions.progressOf(record.id),
      })
    }),

    open: os.requests.open.handler(async ({ input, context }) => {
      const { kind, track, text, correction, suppress, source } = input
      const receivedAt = input.receivedAt === undefined ? clock.now() : Date.parse(input.receivedAt)
      if (receivedAt > clock.now()) throw refused('it cannot have been received in the future', 'give an earlier time')
      const subject = checkEmail(input.subject)
      if (!subject.ok) throw refused(subject.problem)
      const account = input.account === undefined ? undefined : accountNamed(directory, input.account).id
      if (track === 'third party' && account !== undefined)
        throw refused('a third party asks about everything', 'leave the account out, or choose the track account')
      if (track !== 'third party' && account === undefined)
        throw refused(`on the track ${track} the request is about an account`, 'give the account')
      const given = { kind, track, subject: subject.value, account, text, correction, suppress, receivedAt, source }
      const opened = await openRequest(parts, { ...given, parent: input.parent, identity: undefined }, context.actor)
      return viewOf(opened)
    }),

    change: os.requests.change.handler(async ({ input, context }) => {
      const { id, reason, account, track, ...change } = input
      const record = await byId(id)
      const accountId = account == null ? account : accountNamed(directory, account).id
      const next = { track: track ?? record.track, account: accountId === undefined ? record.account : accountId }
      if (next.track === 'third party' && next.account != null)
        throw refused('a third party asks about everything', 'take the account out')
      if (next.track !== 'third party' && next.account == null)
        throw refused(`on the track ${next.track} the request is about an account`, 'give the account')
      const owner =
        change.owner == null ? undefined : (await store.users.list()).find(({ email }) => email === change.owner)
      if (change.owner != null && owner?.role !== 'admin' && owner?.role !== 'reviewer')
        throw refused(`${change.owner} does not work at this desk`, 'choose a reviewer or an admin')
      mustBe(await store.requests.change(actOf(context.actor, id), { ...change, track, account: accountId }, reason))
      return viewOf(id)
    }),

    note: os.requests.note.handler(async ({ input, context }) => {
      await byId(input.id)
      return requestEventView(await store.requests.note(actOf(context.actor, input.id), input.text))
    }),

    sendCode: os.requests.sendCode.handler(async ({ input, context }) => {
      const record = await byId(input.id)
      const to = respondentOf(directory, record)
      if (to === undefined) throw conflict('there is nobody to write to: the account is gone')
      const { id, kind, track, receivedAt, dueAt } = record
      const about = { id, kind, track, receivedAt, dueAt, hostname: parts.hostname }
      const code = makeCode()
      const letter = { account: letterAccount(record), to, ...codeLetter(about, code, CODE_DAYS) }
      without(stepsOf(record, { now: clock.now(), dataExports: [], searching: undefined })[0]!.obstacle)
      const message = await desk.post.sendOne(letter)
      if (message === undefined) throw refused('the letter could not be accepted', 'try again')
      // what is kept of the letter does not have the code
      const kept = { ...letter, text: codeLetter(about, '········', CODE_DAYS).text, kind: 'code', about: undefined }
      mustBe(await store.requests.codeSent(actOf(context.actor, id), codeHash(id, code), { ...kept, message }))
      return viewOf(id)
    }),

    confirmCode: os.requests.confirmCode.handler(async ({ input, context }) => {
      await byId(input.id)
      const code = input.code.replaceAll(/[\s-]/g, '')
      const verdict = await store.requests.tryCode(actOf(context.actor, input.id), [codeHash(input.id, code)])
      if (verdict !== 'confirmed') throw refused(wrong[verdict], 'mail a new code')
      return viewOf(input.id)
    }),

    confirmEvidence: os.requests.confirmEvidence.handler(async ({ input, context }) => {
      await byId(input.id)
      mustBe(await store.requests.confirm(actOf(context.actor, input.id), input.evidence))
      return viewOf(input.id)
    }),

    search: os.requests.search.handler(async ({ input, context }) => {
      const record = await byId(input.id)
      without(stepsOf(record, { now: clock.now(), dataExports: [], searching: searches.current() })[1]!.obstacle)
      if (record.erasedAt !== undefined) throw conflict('the person was taken out of this request')
      return searchView(searches.start(record, actorOf(context.actor)), directory)
    }),

    cancelSearch: os.requests.cancelSearch.handler(async ({ input }) => {
      await byId(input.id)
      await searches.cancel(input.id)
      return viewOf(input.id)
    }),

    preview: os.requests.preview.handler(async ({ input }) => {
      const record = await byId(input.id)
      const { effects, places, backups, answer } = await previewOf(parts, record)
      return {
        effects,
        places: places.map(placeView),
        backups: backups.map(({ folder, destroyBy }) => ({ folder, destroyBy: timeView(destroyBy) })),
        answer: answer ? draftView(record, answer) : null,
      }
    }),

    previewForward: os.requests.previewForward.handler(async ({ input }) => {
      const record = await byId(input.id)
      const accounts = accountsOf(input.accounts)
      return {
        person: draftView(record, drafts.forwarding(record, accounts)),
        accounts: accounts.map((account) => {
          const { to, subject, text } = drafts.toAccount(record, account)
          return { to, subject, text }
        }),
      }
    }),

    forward: os.requests.forward.handler(async ({ input, context }) => {
      const record = await byId(input.id)
      if (record.track !== 'third party') throw conflict('it is an account’s own request')
      const accounts = accountsOf(input.accounts)
      const own = letters(record, 'forwarding', written(drafts.forwarding(record, accounts), input.letter))
      return step(context.actor, record.id, {
        move: 'forward',
        outcome: 'forwarded',
        letters: [...own, ...accounts.map((account) => drafts.toAccount(record, account))],
        text: `to ${accounts.map(({ name }) => name).join(', ')}`,
        reason: '',
      })
    }),

    extend: os.requests.extend.handler(async ({ input, context }) => {
      const record = await byId(input.id)
      const [letter] = letters(record, 'extension', drafts.extension(record, input.reason))
      if (!letter) throw conflict('there is nobody to tell: the account is gone')
      mustBe(await store.requests.extend(actOf(context.actor, record.id), letter, input.reason))
      return viewOf(record.id)
    }),

    refuse: os.requests.refuse.handler(async ({ input, context }) => {
      const { id, ground, reason, letter } = input
      const record = await byId(id)
      if (ground === 'hold' && (await drafts.gags(record)).length > 0)
        throw refused(
          'the letter would tell of a legal demand nobody may be told of yet',
          'carry the request out: what is held stays, and the answer says nothing of it',
        )
      return step(context.actor, id, {
        move: 'refuse',
        outcome: 'refused',
        ground,
        letters: letters(record, 'refusal', written(drafts.refusal(record, ground, reason), letter)),
        text: `${ground}: ${reason}`,
        reason,
      })
    }),

    decide: os.requests.decide.handler(async ({ input, context }) => {
      without(decisionObstacle(await byId(input.id)))
      const { id, note } = input
      return step(context.actor, id, { move: 'decide', letters: [], text: note || 'to carry it out', reason: note })
    }),

    execute: os.requests.execute.handler(async ({ input, context }) => {
      const record = await byId(input.id)
      const execution = firstExecution(actorOf(context.actor), clock.now())
      const begun = { move: 'execute', text: 'begun', reason: '', execution } as const
      const given = { ...begun, letters: drafts.beforehand(record) }
      mustBe(await store.requests.step(actOf(context.actor, input.id), given))
      care.hurry(input.id)
      return requestView(await byId(input.id), directory)
    }),

    previewAnswer: os.requests.previewAnswer.handler(async ({ input }) => {
      const record = await byId(input.id)
      return draftView(record, await drafts.answer(record))
    }),

    answer: os.requests.answer.handler(async ({ input, context }) => {
      const record = await byId(input.id)
      without(answerObstacle(record, await desk.dataExports.list(record.id)))
      return step(context.actor, record.id, {
        move: 'answer',
        letters: letters(record, 'answer', written(await drafts.answer(record), input.letter)),
        text: 'the answer was sent',
        reason: '',
      })
    }),

    close: os.requests.close.handler(async ({ input, context }) => {
      const { id, outcome, reason } = input
      await byId(id)
      return step(context.actor, id, { move: 'close', outcome, letters: [], text: reason, reason })
    }),

    policy: os.requests.policy.handler(() => requestPolicy(settings)),

    setPolicy: os.requests.setPolicy.handler(async ({ input, context }) => {
      const { reason, ...policy } = input
      const said = { action: 'requests.setPolicy', object: 'request policy', reason, facts: { ...policy } }
      await setRequestPolicy(settings, policy, entryOf(parts, context.actor, said))
      return policy
    }),
  }
}
