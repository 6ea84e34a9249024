/** What the settings do about people. */

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import { problemOf, useApi } from '../../api.ts'

/** An act about people: the lists are read anew, and what was refused is said. */
export function usePeopleAct<T>(act: (given: T) => Promise<unknown>, said: (given: T) => string) {
  const { queries } = useApi()
  const cache = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSuccess: (_, given) => toast.success(said(given)),
    onError: (error) => {
      const { what, change } = problemOf(error)
      toast.error(what, { description: change })
    },
    onSettled: () => cache.invalidateQueries({ queryKey: queries.people.key() }),
  })
}
