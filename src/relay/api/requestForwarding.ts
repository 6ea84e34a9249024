/** Calls that point a third party to the accounts, which decide about its data. */

import type { Account } from '../../model/account.ts'
import type { Guarded } from './base.ts'
import type { Parts } from './context.ts'
import { conflict } from './errors.ts'
import { requestLookup, written } from './requestLookup.ts'
import { accountNamed } from './views.ts'

export function requestForwardingCalls(os: Guarded, parts: Parts) {
  const { directory } = parts.store
  const { drafts } = parts.requests
  const { byId, step, letters, draftView } = requestLookup(parts)

  function accountsOf(names: readonly string[]): Account[] {
    return [...new Set(names.map((name) => accountNamed(directory, name)))]
  }

  return {
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
  }
}
