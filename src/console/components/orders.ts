/** Orders to the relay: what depends on them is read again, and why one was refused is said. */

import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import { problemOf } from '../api.ts'

/** Reads again what these keys name. */
export function useReadAgain(keys: readonly QueryKey[]): () => Promise<void> {
  const cache = useQueryClient()
  return async () => {
    await Promise.all(keys.map((queryKey) => cache.invalidateQueries({ queryKey })))
  }
}

/** An order given with a form, which shows a refusal itself. */
export function useFormMutation<I, R>(
  order: (input: I) => Promise<R>,
  readAgain: () => Promise<void>,
  done: (result: R) => void,
) {
  return useMutation({
    mutationFn: order,
    onSuccess: async (result) => {
      await readAgain()
      done(result)
    },
    // somebody else may have been quicker
    onError: () => void readAgain(),
  })
}

/** An order given with a key or click: a refusal is told at the edge of the screen. */
export function useClickMutation<I>(
  order: (input: I) => Promise<unknown>,
  readAgain: () => Promise<void>,
  done?: (input: I) => void,
) {
  return useMutation({
    mutationFn: order,
    onSuccess: async (_, input) => {
      await readAgain()
      done?.(input)
    },
    onError: (error) => {
      const { what, change } = problemOf(error)
      toast.error(what, { description: change })
      void readAgain()
    },
  })
}
