/** Real filters of the test's own, rspamd and spamd: no redis, no network, no rules but for the test pattern. */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Whether a program is installed. */
export function has(program: 'rspamd' | 'spamd'): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

function configuration(folder: string, port: number): string {
  return `
options {
  pidfile = "${folder}/pid"
  filters = ""
  url_tld = "${folder}/tld.dat"
  disable_hyperscan = true
  hs_cache_dir = "${folder}"
  dns { nameserver = ["127.0.0.1:9"]; timeout = 0.1s; retransmits = 1 }
  control_socket = "${folder}/control.sock mode=0600"
}
logging { type = "file"; filename = "${folder}/log"; level = "error" }
worker "normal" { bind_socket = "127.0.0.1:${port}"; count = 1 }
actions { reject = 15; add_header = 6; greylist = 4 }
`
}

async function isUp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })
}

async function answers(port: number, child: ChildProcess): Promise<void> {
  const end = Date.now() + 60_000
  while (Date.now() < end) {
    if (child.exitCode !== null) throw new Error(`the filter ended with ${child.exitCode}`)
    if (await isUp(port)) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the filter did not come up')
}

export interface Filter {
  port: number
  stop(): Promise<void>
}

/** Starts a filter in a folder of its own; resolves when it listens. */
async function start(program: string, prepare: (folder: string, port: number) => string[]): Promise<Filter> {
  const folder = mkdtempSync(join(tmpdir(), `mailward-${program}-`))
  const port = await freePort()
  // it changes to a user of its own where it can
  chmodSync(folder, 0o777)
  const child = spawn(program, prepare(folder, port), { stdio: 'ignore' })
  const stop = async () => {
    if (child.exitCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000)
      await ended
      clearTimeout(timer)
    }
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await answers(port, child)
  } catch (error) {
    await stop()
    throw error
  }
  return { port, stop }
}

/** Starts rspamd on a free port of 127.0.0.1. */
export function startRspamd(): Promise<Filter> {
  return start('rspamd', (folder, port) => {
    writeFileSync(join(folder, 'tld.dat'), 'example\ncom\n')
    writeFileSync(join(folder, 'rspamd.conf'), configuration(folder, port))
    return ['-f', '-i', '-c', join(folder, 'rspamd.conf')]
  })
}

const RULES = `
required_score 5
body GTUBE /XJS\\*C4JDBQADN1\\.NSBN3\\*2IDNEN\\*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL\\*C\\.34X/
score GTUBE 1000
body PILLS /cheap pills/
score PILLS 2.5
`

/** Starts SpamAssassin's spamd on a free port of 127.0.0.1. */
export function startSpamd(): Promise<Filter> {
  return start('spamd', (folder, port) => {
    const [site, rules] = [join(folder, 'site'), join(folder, 'rules')]
    for (const path of [site, rules]) mkdirSync(path)
    writeFileSync(join(site, '10.pre'), 'loadplugin Mail::SpamAssassin::Plugin::Check\n')
    writeFileSync(join(rules, '10.cf'), RULES)
    const paths = [`--siteconfigpath=${site}`, `--configpath=${rules}`, '--pidfile', join(folder, 'pid')]
    return ['-L', '-x', '-i', '127.0.0.1', '-p', String(port), '--max-children', '1', '-s', 'null', ...paths]
  })
}
