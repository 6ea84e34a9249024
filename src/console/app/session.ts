/** Logging in, claiming the relay, logging out. */

import { hashKey, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useApi } from '../api.ts'

/** Who is logged in, and whether anybody ever has. */
export function useSession() {
  const { queries } = useApi()
  return useQuery(queries.session.state.queryOptions({ staleTime: Number.POSITIVE_INFINITY }))
}

/** Keeps a fresh session for the next connection and shows what it may see. The present connection has it already. */
export function useOpened(): (token: string) => Promise<void> {
  const { connection, queries } = useApi()
  const cache = useQueryClient()
  return useCallback(
    async (token) => {
      await connection.remember(token)
      await cache.invalidateQueries({ queryKey: queries.session.key() })
    },
    [connection, queries, cache],
  )
}

/** Ends the session, here and at the relay, and forgets everything that was read with it. */
export function useLogout(): () => Promise<void> {
  const { client, connection, queries } = useApi()
  const cache = useQueryClient()
  return useCallback(async () => {
    await client.session.logout()
    await connection.remember(null)
    const queryKey = queries.session.state.queryKey()
    cache.setQueryData(queryKey, (state) => state && { ...state, person: null })
    const session = hashKey(queryKey)
    cache.removeQueries({ predicate: (query) => query.queryHash !== session })
  }, [client, connection, queries, cache])
}
