/** Where the review desk is, and the ways to other places on it. */

import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import type { CaseSearch } from './view.ts'

/** Where the screen is, and the ways to other places on it. */
export function usePlace() {
  const { id } = useParams({ from: '/review/{-$id}' })
  const search = useSearch({ from: '/review/{-$id}' })
  const navigate = useNavigate()
  const go = useCallback(
    (to: string | undefined, next: CaseSearch, replace = false): void =>
      void navigate({ to: '/review/{-$id}', params: { id: to }, search: next, replace }),
    [navigate],
  )
  const { view = 'active', account } = search
  const list = useMemo<CaseSearch>(
    () => ({ ...(view === 'active' ? {} : { view }), ...(account ? { account } : {}) }),
    [view, account],
  )
  return { id, view, account, opening: search.opening, list, go }
}
