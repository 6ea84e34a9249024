/** Runs a command: connects, and turns what is refused into one line on stderr and an exit status. */

import { ORPCError } from '@orpc/client'
import { type Client, connect, dataFolder } from './client.ts'
import { Failure } from './failure.ts'

export const exitStatus = { done: 0, refused: 1, usage: 2 } as const

/** Options every command has. */
export interface CommonOptions {
  data?: string
  json?: boolean
}

/** What is wrong with the input, as the contract's schemas say it. */
function issues(data: unknown): string | undefined {
  const list = (data as { issues?: { message?: string; path?: (string | number)[] }[] } | undefined)?.issues
  return list?.map(({ message, path }) => (path?.length ? `${path.join('.')}: ${message}` : message)).join('; ')
}

/** An error of a call in one line: what happened, and what to change. */
function explain(error: ORPCError<string, unknown>): string {
  const { message, data } = error
  if (error.code === 'BAD_REQUEST') return issues(data) ?? message
  const { change } = (data ?? {}) as { change?: string }
  return change ? `${message}: ${change}` : message
}

/** The one line for an error; undefined when it is a bug and its stack should be seen. */
export function explanation(error: unknown): string | undefined {
  if (error instanceof Failure) return error.message
  if (!(error instanceof ORPCError)) return undefined
  if (error.status >= 500) return 'the relay made a mistake: see its log'
  return explain(error)
}

/** Runs what a command does, with a connection to the relay of its data folder. */
export async function withRelay(options: CommonOptions, act: (client: Client) => Promise<void>): Promise<void> {
  await act(await connect(dataFolder(options.data)))
}
