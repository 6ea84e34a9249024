/** When questions to the relay are asked, asked again, and given up. */

import { onlineManager, QueryClient } from '@tanstack/react-query'
import { type Connection, isRefusal } from '../api.ts'

const RETRIES = 3

/**
 * The cache of what the relay has said. "Online" means connected to the relay: questions wait while the line is down
 * and are asked again when it is back. Orders (mutations) never wait and are never repeated by themselves.
 */
export function createQueryClient(connection: Connection): QueryClient {
  // the machine's own idea of being online says nothing about a relay on the same machine
  onlineManager.setEventListener((setOnline) => {
    const tell = (): void => setOnline(connection.state().kind === 'open')
    tell()
    return connection.subscribe(tell)
  })
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'online',
        refetchOnReconnect: 'always',
        refetchOnWindowFocus: false,
        staleTime: 2000,
        retry: (failures, error) => !isRefusal(error) && failures < RETRIES,
        retryDelay: 300,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  })
}
