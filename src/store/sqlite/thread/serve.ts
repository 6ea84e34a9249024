/** Answers calls one by one, for the workers that do not commit in groups. */

import type { MessagePort } from 'node:worker_threads'
import { type Answer, type Call, STOP } from './protocol.ts'
import { operationsOf, type Subjects } from './remote.ts'

/** Serves subjects on a port; `stop` closes it after `close` ran. */
export function serve(port: MessagePort, subjects: Subjects, close: () => void): void {
  const operations = operationsOf(subjects)
  const answer = ([number, operation, given]: Call): Answer => {
    try {
      if (operation === STOP) {
        close()
        return [number, true, undefined]
      }
      const run = operations.get(operation)
      if (!run) throw new Error(`this worker knows no operation ${operation}`)
      return [number, true, run(...(given as never[]))]
    } catch (error) {
      const { message, code } = error as { message: string; code?: string }
      return [number, false, { message, code }]
    }
  }
  port.on('message', (calls: Call[]) => {
    port.postMessage(calls.map(answer))
    if (calls.some(([, operation]) => operation === STOP)) port.close()
  })
}
