/** A relay of the built product, for benches that need more of it than its port. */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { connect, download } from '../src/cli/client.ts'
import { waitForPort } from './processes.ts'

const command = fileURLToPath(new URL('../resources/bin/mailward.mjs', import.meta.url))
/** where it accepts mail */
export const PORT = 2625

/** A built relay on a folder of its own, which can be filled while it is stopped. */
export class ServedRelay {
  readonly folder = mkdtempSync(join(tmpdir(), 'mailward-bench-served-'))
  readonly data = join(this.folder, 'data')
  private readonly environment = { ...process.env, XDG_CONFIG_HOME: join(this.folder, 'config'), HOME: this.folder }
  private child: ChildProcess | undefined

  /** Resolves with its process id when it accepts mail. */
  async start(): Promise<number> {
    mkdirSync(this.folder, { recursive: true })
    const listen = ['--smtp', `127.0.0.1:${PORT}`, '--smtps', 'none', '--console', 'none', '--log', 'warn']
    this.child = spawn(process.execPath, [command, 'serve', '--data', this.data, ...listen], {
      env: this.environment,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    await waitForPort(PORT)
    // commands find it a moment later
    while (!(await this.answers())) await setTimeout(20)
    return this.child.pid!
  }

  private async answers(): Promise<boolean> {
    try {
      await connect(this.data)
      return true
    } catch {
      return false
    }
  }

  /** Runs a command of the command line against it. Returns what it printed. Throws when it was refused. */
  run(...words: string[]): string {
    const told = { env: this.environment, stdio: 'pipe', encoding: 'utf8' } as const
    return execFileSync(process.execPath, [command, ...words, '--data', this.data], told)
  }

  /** Writes what a link leads to into a file. */
  async download(path: string, file: string): Promise<void> {
    await writeFile(file, await download(this.data, path))
  }

  /** Ends it as a signal does. */
  async stop(): Promise<void> {
    const { child } = this
    if (!child) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await ended
    this.child = undefined
  }

  /** 32 bytes; there once it was started. */
  logKey(): Uint8Array {
    const keys = join(this.folder, 'config', 'mailward')
    const file = readdirSync(keys).find((name) => name.endsWith('.key'))!
    return Buffer.from(readFileSync(join(keys, file), 'latin1').trim(), 'hex')
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
