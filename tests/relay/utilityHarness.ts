/** Stands in for Electron around the utility process: gives `process` the port Electron would give it. */

import { type MessagePort, parentPort } from 'node:worker_threads'

const port = parentPort!

Object.assign(process, {
  parentPort: {
    on(_event: 'message', listener: (event: { data: unknown; ports: MessagePort[] }) => void) {
      port.on('message', listener)
    },
    postMessage: (message: unknown) => port.postMessage(message),
  },
})

await import('../../src/relay/entry/utility.ts')
