/**
 * `npm run dev`: the demo's relay from its sources, and the console with hot reload before it. A change in the console is
 * on screen at once, with its state kept; a change elsewhere restarts the relay, and the console dials again.
 * The folder is the developer's own (`.dev/` in the checkout); `--data DIR` names another. `--port N` moves the console.
 */

import './node-version.mjs'
import { fork } from 'node:child_process'
import { watch } from 'node:fs'
import { createServer as createSocket } from 'node:net'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { createServer } from 'vite'

const root = resolve(import.meta.dirname, '../..')
const { values } = parseArgs({ options: { data: { type: 'string' }, port: { type: 'string', default: '5180' } } })
const folder = resolve(values.data ?? join(root, '.dev/demo'))

/** Saving in an editor makes several events; the relay starts once. Milliseconds. */
const SETTLE_MS = 120
/** What the relay is not made of: the console reloads by itself, the shell has a window of its own. */
const NOT_RELAY = ['console', 'desktop']
/** Paths of the console's address that the relay answers. */
const RELAY_PATHS = /^\/(?:rpc|session|metrics|healthz|livez|readyz|(?:api|package|unsubscribe)\/.*)(?:\?|$)/

function freePort() {
  return new Promise((found, failed) => {
    const probe = createSocket()
    probe.once('error', failed)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => found(port))
    })
  })
}

const relayPort = await freePort()
let relay
let ending = false

function startRelay() {
  const startedAt = performance.now()
  const child = fork(join(root, 'src/demo/entry.ts'), ['--data', folder, '--console', `127.0.0.1:${relayPort}`], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  child.once('message', () => console.log(`relay started in ${Math.round(performance.now() - startedAt)} ms`))
  child.once('exit', (code) => {
    if (child === relay && !ending && code)
      console.error(`The relay ended with status ${code}; save a file to start it again.`)
  })
  relay = child
}

/** Ends the relay in order, so that the next one finds its folder free. */
function stopRelay() {
  const child = relay
  if (!child || child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((ended) => {
    child.once('exit', ended)
    child.kill('SIGTERM')
  })
}

let restarting = Promise.resolve()
let timer
function restart(path) {
  clearTimeout(timer)
  timer = setTimeout(() => {
    restarting = restarting.then(async () => {
      console.log(`src/${path} changed: the relay restarts`)
      await stopRelay()
      if (!ending) startRelay()
    })
  }, SETTLE_MS)
}

const proxy = { [RELAY_PATHS.source]: { target: `http://127.0.0.1:${relayPort}`, ws: true } }
const server = await createServer({
  configFile: false,
  root: join(root, 'src/console'),
  cacheDir: join(root, 'node_modules/.vite-dev'),
  plugins: [react(), tailwindcss()],
  server: { host: '127.0.0.1', port: Number(values.port), strictPort: true, proxy },
})

startRelay()
watch(join(root, 'src'), { recursive: true }, (_, path) => {
  if (path?.endsWith('.ts') && !NOT_RELAY.includes(path.split(/[\\/]/)[0])) restart(path)
})
await server.listen()
console.log(`Console with hot reload: http://127.0.0.1:${values.port}/ (log in as the demo says)`)

async function end() {
  if (ending) return
  ending = true
  await server.close()
  await restarting
  await stopRelay()
  process.exit(0)
}
process.once('SIGINT', () => void end())
process.once('SIGTERM', () => void end())
