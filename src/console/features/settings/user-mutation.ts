/** What the settings do about people. */

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import type { Role } from '../../../model/user.ts'
import { problemOf, useApi } from '../../api.ts'
import { text } from '../../text.ts'

/** A role in words; with the account a member acts for. */
export function roleWords(role: Role, account: string | null): string {
  return account === null ? text.role[role] : text.settings.users.ofAccount(text.role[role], account)
}

/** An act about people: the lists are read anew, and what was refused is said. */
export function useUserMutation<T>(act: (given: T) => Promise<unknown>, said: (given: T) => string) {
  const { queries } = useApi()
  const cache = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSuccess: (_, given) => toast.success(said(given)),
    onError: (error) => {
      const { what, change } = problemOf(error)
      toast.error(what, { description: change })
    },
    onSettled: () => cache.invalidateQueries({ queryKey: queries.users.key() }),
  })
}
