/** Calls about cases and what follows from them. */

import { caseReasons, setCaseReasons } from '../../abuse/cases/reasons.ts'
import type { Guarded } from './base.ts'
import { caseActionCalls } from './caseActionCalls.ts'
import { caseRegisterCalls } from './caseRegister.ts'
import { entryOf, type Parts } from './context.ts'
import { refused } from './errors.ts'

export function caseCalls(os: Guarded, parts: Parts) {
  const { settings } = parts.store
  return {
    ...caseRegisterCalls(os, parts),
    ...caseActionCalls(os, parts),

    reasons: os.cases.reasons.handler(() => caseReasons(settings)),

    setReasons: os.cases.setReasons.handler(async ({ input, context }) => {
      const codes = input.reasons.map(({ code }) => code)
      if (new Set(codes).size < codes.length) throw refused('two reasons have the same code', 'give each its own')
      const said = { action: 'cases.setReasons', object: 'reasons of cases', reason: input.reason, details: { codes } }
      await setCaseReasons(settings, input.reasons, entryOf(parts, context.actor, said))
      return input.reasons
    }),
  }
}
