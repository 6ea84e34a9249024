/** What can be written into the filter of the log. */

import { deliveryStates } from '../../../model/delivery.ts'
import type { Vocabulary } from '../../components/filter-words.ts'
import { text } from '../../text.ts'

function valuesOf(key: string, accounts: readonly string[]): { value: string; help: string }[] {
  switch (key) {
    case 'status':
      return [
        ...deliveryStates.map((state) => ({ value: state, help: text.stateHelp[state] })),
        { value: 'mixed', help: '' },
      ]
    case 'account':
      return accounts.map((name) => ({ value: name, help: '' }))
    case 'since':
    case 'until':
      return Object.entries(text.messages.ages).map(([value, help]) => ({ value, help }))
    case 'is':
      return [{ value: 'in-doubt', help: text.messages.inDoubt }]
    default:
      return []
  }
}

/** The keys of the log's filter and their values. `accounts`: names to suggest; undefined where there is only one. */
export function messageVocabulary(accounts: readonly string[] | undefined): Vocabulary {
  const { account, ...others } = text.messages.complete
  const keys = accounts && account !== undefined ? { ...others, account } : others
  return { keys, valuesOf: (key) => valuesOf(key, accounts ?? []) }
}
