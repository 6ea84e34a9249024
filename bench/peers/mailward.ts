/** A Mailward as its users run it: the built `mailward serve` with everything on. */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { waitForPort } from '../processes.ts'
import type { Peer } from './peer.ts'

const here = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Starts it, with one account whose credential is the loopback address, and a smarthost route to the sink.
 * @param checkout a built checkout of Mailward; this one when left out
 */
export async function startMailward(
  folder: string,
  port: number,
  consolePort: number,
  sinkPort: number,
  checkout = here,
): Promise<Peer> {
  const command = join(checkout, 'resources/bin/mailward.mjs')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const data = join(folder, 'data')
  const environment = { ...process.env, XDG_CONFIG_HOME: join(folder, 'config'), HOME: folder }
  const listen = ['--smtp', `127.0.0.1:${port}`, '--smtps', 'none', '--console', `127.0.0.1:${consolePort}`]
  const child: ChildProcess = spawn(process.execPath, [command, 'serve', '--data', data, ...listen, '--log', 'warn'], {
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await waitForPort(port)
  const run = (...words: string[]): void => {
    execFileSync(process.execPath, [command, ...words, '--data', data], { env: environment, stdio: 'pipe' })
  }
  run('account', 'add', 'acme', '--contact', 'ops@acme.example', '--domain', 'acme.example')
  run('credential', 'add', 'acme', '--address', '127.0.0.0/8')
  run('route', 'set', '*', 'smarthost', `127.0.0.1:${sinkPort}`, '--tls', 'none')
  return {
    name: checkout === here ? 'Mailward' : 'other',
    pid: child.pid!,
    port,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
