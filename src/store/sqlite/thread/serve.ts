/** Answers calls one by one, for the workers that do not commit in groups. */

import type { MessagePort } from 'node:worker_threads'
import type { Answer, Call } from './protocol.ts'

/** Serves operations on a port; `stop` closes it after `close` ran. */
export function serve(
  port: MessagePort,
  operations: Record<string, (argument: never) => unknown>,
  close: () => void,
): void {
  const answer = ([number, operation, argument]: Call): Answer => {
    try {
      if (operation === 'stop') {
        close()
        return [number, true, undefined]
      }
      const run = operations[operation]
      if (!run) throw new Error(`this worker knows no operation ${operation}`)
      return [number, true, run(argument as never)]
    } catch (error) {
      const { message, code } = error as { message: string; code?: string }
      return [number, false, { message, code }]
    }
  }
  port.on('message', (calls: Call[]) => {
    port.postMessage(calls.map(answer))
    if (calls.some(([, operation]) => operation === 'stop')) port.close()
  })
}
