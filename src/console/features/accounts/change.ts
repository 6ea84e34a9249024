/** Orders about an account: what depends on them is read again, and why one was refused is said. */

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import { problemOf, useApi } from '../../api.ts'

/** Reads accounts, trust and samples again after a change. */
function useReadAgain(): () => Promise<void> {
  const { queries } = useApi()
  const cache = useQueryClient()
  return async () => {
    const keys = [queries.accounts.key(), queries.trust.key(), queries.samples.key()]
    await Promise.all(keys.map((queryKey) => cache.invalidateQueries({ queryKey })))
  }
}

/** An order given with a click: a refusal is told at the edge of the screen. */
export function useChange<I>(change: (input: I) => Promise<unknown>, done?: (input: I) => void) {
  const readAgain = useReadAgain()
  return useMutation({
    mutationFn: change,
    onSuccess: async (_, input) => {
      await readAgain()
      done?.(input)
    },
    onError: (error) => {
      const { what, change: advice } = problemOf(error)
      toast.error(what, { description: advice })
    },
  })
}

/** An order given with a form, which shows a refusal itself. */
export function useOrder<R>(order: () => Promise<R>, done: (result: R) => void) {
  const readAgain = useReadAgain()
  return useMutation({
    mutationFn: order,
    onSuccess: async (result) => {
      await readAgain()
      done(result)
    },
  })
}
