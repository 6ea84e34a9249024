/** Orders about an account: what depends on them is read again, and why one was refused is said. */

import { useApi } from '../../api.ts'
import { useClickMutation, useFormMutation, useReadAgain } from '../../components/orders.ts'

/** Reads accounts, trust and samples again after a change. */
function useAccountsAgain(): () => Promise<void> {
  const { queries } = useApi()
  return useReadAgain([queries.accounts.key(), queries.trust.key(), queries.samples.key()])
}

/** An order given with a click: a refusal is told at the edge of the screen. */
export function useChange<I>(change: (input: I) => Promise<unknown>, done?: (input: I) => void) {
  return useClickMutation(change, useAccountsAgain(), done)
}

/** An order given with a form, which shows a refusal itself. */
export function useMutationAction<R>(order: () => Promise<R>, done: (result: R) => void) {
  return useFormMutation<void, R>(order, useAccountsAgain(), done)
}
