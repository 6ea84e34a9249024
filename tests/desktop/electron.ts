/** Starts the built desktop application in a real Electron, on a screen of its own where there is none. */

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { _electron, type ElectronApplication, type Page } from '@playwright/test'

export const root = resolve(import.meta.dirname, '../..')

type Runtime = { ok: true; executable: string } | { ok: false; reason: string }

/** The Electron to test in: the one named by MAILWARD_ELECTRON, the product's own, or the machine's one for tests. */
async function findElectron(): Promise<Runtime> {
  const named = process.env.MAILWARD_ELECTRON
  if (named) return existsSync(named) ? found(named) : missing(`MAILWARD_ELECTRON names ${named}, which is not there`)
  const own = join(root, 'node_modules/electron')
  const executable = existsSync(join(own, 'path.txt')) ? readFileSync(join(own, 'path.txt'), 'utf8') : undefined
  if (executable && existsSync(join(own, 'dist', executable))) return found(join(own, 'dist', executable))
  const helper = resolve(root, '../shared/bin/electron-runtime')
  if (!existsSync(helper))
    return missing('Electron is not downloaded (npm start does that) and MAILWARD_ELECTRON names none')
  try {
    const { stdout } = await promisify(execFile)(helper, { encoding: 'utf8' })
    return found(stdout.trim())
  } catch (error) {
    return missing(`no Electron for tests could be had: ${(error as Error).message.split('\n')[0]}`)
  }
}

function found(executable: string): Runtime {
  return { ok: true, executable }
}

function missing(reason: string): Runtime {
  return { ok: false, reason }
}

export interface Display {
  name: string
  stop(): void
}

/** The screen there is, or a virtual one. Undefined where neither can be had. */
async function startDisplay(): Promise<Display | undefined> {
  const present = process.platform === 'linux' ? process.env.DISPLAY : 'system'
  if (present) return { name: present, stop: () => undefined }
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1440x960x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const number = await firstLine(server)
  return number === undefined ? undefined : { name: `:${number}`, stop: () => void server.kill() }
}

function firstLine(server: ChildProcess): Promise<string | undefined> {
  return new Promise((settled) => {
    server.once('error', () => settled(undefined))
    server.once('exit', () => settled(undefined))
    server.stdio[3]?.once('data', (line: Buffer) => settled(line.toString().trim()))
  })
}

export interface Desktop {
  application: ElectronApplication
  window: Page
  /** Ends the application without its question, and removes its folder. */
  close(): Promise<void>
}

export interface DesktopOptions {
  executable: string
  display: Display
  /** the application's folder; the checkout unless another is given */
  application?: string
  /** Electron's own folder; made, and removed in the end, unless one is given */
  folder?: string
  environment?: Record<string, string>
  words?: string[]
}

export interface Place {
  executable: string
  display: Display
  /** empty where there is an Electron and a screen; else why the tests are skipped, for their title */
  skipped: string
}

/** Where the application can be tested; says so where it cannot. */
export async function findPlace(): Promise<Place> {
  const runtime = await findElectron()
  const display = runtime.ok ? await startDisplay() : undefined
  if (runtime.ok && display) return { executable: runtime.executable, display, skipped: '' }
  const reason = runtime.ok ? 'there is no screen, and no Xvfb' : runtime.reason
  console.warn(`The desktop window is not tested: ${reason}.`)
  return { executable: '', display: { name: '', stop: () => undefined }, skipped: ` (skipped: ${reason})` }
}

/** The words that start the application: root and machines without a graphics card need some of Chromium's. */
export function commandLine(folder: string, application = root, words: readonly string[] = []): string[] {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const trays = ['-r', join(import.meta.dirname, 'fixtures/trays.cjs')]
  const own = ['--disable-gpu', '--disable-dev-shm-usage', `--user-data-dir=${folder}`]
  return [...asRoot, ...own, ...trays, application, ...words]
}

/** The environment of an application under test: no keychain, no settings of the person who runs the tests. */
export function environment(display: Display, more: Record<string, string> = {}): Record<string, string> {
  const kept = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'XDG_RUNTIME_DIR', 'XAUTHORITY', 'WAYLAND_DISPLAY']
  const own = kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]] as const] : []))
  return { ...Object.fromEntries(own), DISPLAY: display.name, ...more }
}

/** Starts the application and waits for its first window. */
export async function startDesktop(options: DesktopOptions): Promise<Desktop> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'mailward-desktop-'))
  const application = await _electron.launch({
    executablePath: options.executable,
    args: commandLine(folder, options.application, options.words),
    env: environment(options.display, options.environment),
    timeout: 60_000,
  })
  const process = application.process()
  const window = await application.firstWindow()
  await window.waitForLoadState()
  return {
    application,
    window,
    async close() {
      if (process.exitCode === null && process.signalCode === null) {
        const gone = new Promise((settled) => process.once('exit', settled))
        process.kill('SIGTERM')
        await gone
      }
      if (!options.folder) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
