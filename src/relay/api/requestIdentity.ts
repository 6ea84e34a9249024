/** Calls that find out who asks: a code mailed to the address, or evidence described. */

import { CODE_DAYS } from '../../model/request.ts'
import { codeLetter } from '../../privacy/letters/requestLetters.ts'
import { letterAccount, respondentOf } from '../../privacy/requests/context.ts'
import { codeHash, makeCode } from '../../privacy/requests/identityCode.ts'
import { stepsOf } from '../../privacy/requests/steps.ts'
import type { CodeResult } from '../../store/requests.ts'
import type { Guarded } from './base.ts'
import type { Parts } from './context.ts'
import { conflict, refused } from './errors.ts'
import { mustBe, requestLookup, without } from './requestLookup.ts'

const wrong: Record<Exclude<CodeResult, 'confirmed'>, string> = {
  wrong: 'this is not the code that was mailed',
  none: 'no code was mailed',
  expired: 'the code is too old',
  'used up': 'the code was tried too often',
  moved: 'the code was mailed to an address that another has replaced since',
}

export function requestIdentityCalls(os: Guarded, parts: Parts) {
  const { store, clock, requests: desk } = parts
  const { directory } = store
  const { byId, actOf, viewOf } = requestLookup(parts)

  return {
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
  }
}
