/** The system's keychain, which only the shell can reach: each text goes there and back as a message. */

import type { FromRelay, ToRelay } from '../../contract/utility.ts'
import type { Keychain } from './sealFile.ts'

type Asked = Extract<FromRelay, { type: 'keychain' }>
type Answered = Extract<ToRelay, { type: 'keychain' }>

export interface ShellKeychain extends Keychain {
  /** To be called with what the shell answers. */
  answered(answer: Answered): void
}

/** @param tell says something to the shell */
export function createShellKeychain(tell: (message: Asked) => void): ShellKeychain {
  const waiting = new Map<number, (text: string | undefined) => void>()
  let last = 0

  function ask(act: Asked['act'], text: string): Promise<string | undefined> {
    const request = ++last
    return new Promise((resolve) => {
      waiting.set(request, resolve)
      tell({ type: 'keychain', request, act, text })
    })
  }

  return {
    seal: (text) => ask('seal', text),
    open: (sealed) => ask('open', sealed),
    answered({ request, text }) {
      waiting.get(request)?.(text ?? undefined)
      waiting.delete(request)
    },
  }
}
