/** How screens talk to the relay: the typed client, its query options, and streams that survive a reconnect. */

import { ORPCError } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import type { RouterUtils } from '@orpc/tanstack-query'
import { createContext, useContext, useEffect, useEffectEvent, useSyncExternalStore } from 'react'
import type { contract } from '../contract/index.ts'
import type { UserView } from '../contract/session.ts'
import { text } from './text.ts'

export type Client = ContractRouterClient<typeof contract>

export type ConnectionState =
  /** nothing has been reached yet; `message` when trying has failed for good */
  | { kind: 'connecting'; message?: string }
  /** `generation` grows with each new connection */
  | { kind: 'open'; generation: number }
  /** it was there and will be back; milliseconds, Unix time */
  | { kind: 'lost'; since: number; message?: string }

export interface Connection {
  client: Client
  subscribe(listener: () => void): () => void
  state(): ConnectionState
  /** Keeps the session of a fresh login for the next connection; null ends it. */
  remember(token: string | null): Promise<void>
  /** Drops the connection and dials again. */
  redial(): void
}

export interface Api {
  connection: Connection
  client: Client
  /** query options by procedure */
  queries: RouterUtils<Client>
  /** to be told when the relay no longer knows who is here */
  sessionEnded: () => void
}

export const ApiContext = createContext<Api | null>(null)
export const UserContext = createContext<UserView | null>(null)

/** The api of the surrounding app. */
export function useApi(): Api {
  const api = useContext(ApiContext)
  if (!api) throw new Error('no ApiContext around')
  return api
}

/** Who is logged in. */
export function useUser(): UserView {
  const person = useContext(UserContext)
  if (!person) throw new Error('no PersonContext around')
  return person
}

export function useConnectionState(): ConnectionState {
  const { connection } = useApi()
  return useSyncExternalStore(connection.subscribe, connection.state)
}

const RESUBSCRIBE_MS = 1000

/**
 * Follows a stream of the relay, again after each reconnect.
 * @param open starts the stream; must be stable for a given `key`
 * @param key names the stream: a new key ends the old one; undefined: nothing is followed
 */
export function useStream<T>(
  key: string | undefined,
  open: (client: Client, signal: AbortSignal) => Promise<AsyncIterable<T>>,
  onItem: (item: T) => void,
  onStart?: () => void,
): void {
  const { client, sessionEnded } = useApi()
  const state = useConnectionState()
  const generation = state.kind === 'open' ? state.generation : undefined
  const start = useEffectEvent((signal: AbortSignal) => open(client, signal))
  const take = useEffectEvent(onItem)
  const started = useEffectEvent(() => onStart?.())

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for what is followed
  useEffect(() => {
    if (generation === undefined || key === undefined) return
    const controller = new AbortController()
    const { signal } = controller
    const follow = async (): Promise<void> => {
      while (!signal.aborted) {
        try {
          const stream = await start(signal)
          started()
          for await (const item of stream) {
            if (signal.aborted) return
            take(item)
          }
        } catch (error) {
          if (signal.aborted) return
          if (refusalCode(error) === 'UNAUTHORIZED') sessionEnded()
          if (isRefusal(error)) return
        }
        await new Promise((resolve) => setTimeout(resolve, RESUBSCRIBE_MS))
      }
    }
    void follow()
    return () => controller.abort()
  }, [generation, key])
}

/** Whether the relay answered, and the answer is no: trying again does not change it. */
export function isRefusal(error: unknown): boolean {
  return error instanceof ORPCError
}

export interface Problem {
  /** what happened */
  what: string
  /** what to do */
  change: string | undefined
}

/** What a person is told about an error of a call. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof ORPCError)) return text.errors.unreachable
  if (error.code === 'INTERNAL_SERVER_ERROR') return text.errors.fault
  const data: unknown = error.data
  const change = typeof data === 'object' && data !== null && 'change' in data ? data.change : undefined
  return { what: error.message, change: typeof change === 'string' ? change : undefined }
}

/** The code of the relay's answer, such as `NOT_FOUND`. */
export function refusalCode(error: unknown): string | undefined {
  return error instanceof ORPCError ? String(error.code) : undefined
}

/** What the relay asks for before the call can succeed, such as the code of a second factor. */
export function neededFor(error: unknown): string | undefined {
  if (!(error instanceof ORPCError)) return undefined
  const data: unknown = error.data
  const needs = typeof data === 'object' && data !== null && 'needs' in data ? data.needs : undefined
  return typeof needs === 'string' ? needs : undefined
}
