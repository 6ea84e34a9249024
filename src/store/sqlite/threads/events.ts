/** Keeps who listens to what happens in the store, and tells them. */

import type { Listen, StoreEvents, Tell } from '../../events.ts'

type Listeners = { [E in keyof StoreEvents]: ((what: StoreEvents[E]) => void)[] }

export function createEvents(): { on: Listen; tell: Tell } {
  const listeners: Listeners = {
    'messages changed': [],
    'signals added': [],
    'complaint added': [],
    'request received': [],
    'disk failed': [],
  }
  return {
    on: (event, listener) => void listeners[event].push(listener),
    tell: (event, what) => {
      for (const listener of listeners[event]) listener(what)
    },
  }
}
