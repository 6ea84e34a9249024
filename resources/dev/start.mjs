/**
 * `npm start`: builds what is stale, then opens the desktop application; where there is no Electron or no screen,
 * runs the relay in this terminal and prints the link to its console. `npm run demo` does the same with demo data.
 * Words after `--` go to the application, or to `serve`: `npm start -- --data DIR`.
 */

import './node-version.mjs'
import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { build, isStale } from './build.mjs'
import { fetchElectron, findElectron } from './electron.mjs'

const root = resolve(import.meta.dirname, '../..')
const words = process.argv.slice(2)
const demo = words.includes('--demo')
const given = words.filter((word) => word !== '--demo')

/** An Electron that ends badly within this time (milliseconds) could not open at all. */
const OPENED_AFTER_MS = 10_000

/** Why there can be no window here, in one line; undefined when there can. */
function whyNoWindow() {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) return 'There is no screen here'
  if (process.getuid?.() === 0 && !given.includes('--no-sandbox')) {
    return 'Electron does not run as root (as root, and only in a container: npm start -- --no-sandbox)'
  }
  return undefined
}

/** The path of Electron, or why there is none. */
async function electron() {
  const here = findElectron()
  if (here) return { path: here }
  const problem = await fetchElectron()
  return problem ? { problem } : { path: findElectron() }
}

const children = new Set()
let interrupted = false

/** Ctrl-C reaches children by itself, being of one terminal; a signal sent to this process alone is handed on. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    interrupted = true
    for (const child of children) if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
  })
}

/** Starts a program in this terminal. */
function start(program, parameters, options = {}) {
  const child = spawn(program, parameters, { cwd: root, stdio: 'inherit', ...options })
  children.add(child)
  const ended = new Promise((settle) => {
    child.once('error', () => settle(1))
    child.once('exit', (code) => settle(code ?? 1))
  })
  return { child, ended: ended.finally(() => children.delete(child)) }
}

/** Opens the desktop application. Resolves to false when it could not open at all. */
async function openWindow(path, parameters, environment = {}) {
  const startedAt = Date.now()
  const { ended } = start(path, [root, ...parameters], { env: { ...process.env, ...environment } })
  const code = await ended
  if (code !== 0 && !interrupted && Date.now() - startedAt < OPENED_AFTER_MS) return false
  process.exitCode = code
  return true
}

async function serve() {
  const options = given.filter((word) => word !== '--no-sandbox')
  process.exitCode = await start(process.execPath, [join(root, 'out/main/cli.cjs'), 'serve', ...options]).ended
}

/** Runs the desktop application, else the relay alone. */
async function runProduct() {
  const none = whyNoWindow()
  const found = none ? { problem: none } : await electron()
  if (found.path && (await openWindow(found.path, given))) return
  const reason = found.problem ?? 'Electron could not open a window'
  console.log(`${reason}: the relay runs here and its console in your browser, at the link below.`)
  await serve()
}

/** The relay of the demo runs on Node in either case; a window, or the browser, connects to it. */
async function runDemo() {
  const parameters = given.filter((word) => word !== '--no-sandbox')
  const relay = start(process.execPath, [join(root, 'out/main/demo.cjs'), ...parameters], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  const ready = await Promise.race([new Promise((settle) => relay.child.once('message', settle)), relay.ended])
  if (typeof ready === 'number') {
    process.exitCode = ready
    return
  }
  const problem = await openDemoWindow(ready)
  if (problem) console.log(`${problem}: open the link above in your browser. Ctrl-C ends the demo.`)
  else relay.child.kill('SIGTERM')
  process.exitCode = await relay.ended
}

/** Resolves when the window was opened and the application has ended, or with why there is no window. */
async function openDemoWindow(relay) {
  const none = whyNoWindow()
  const found = none ? { problem: none } : await electron()
  if (!found.path) return found.problem
  const flags = given.filter((word) => word === '--no-sandbox')
  const environment = { MAILWARD_RELAY_URL: relay.console, MAILWARD_RELAY_SESSION: relay.session }
  return (await openWindow(found.path, flags, environment)) ? undefined : 'Electron could not open a window'
}

if (isStale()) {
  console.log('Building …')
  build()
}
await (demo ? runDemo() : runProduct())
