/** The command line as a person runs it: real processes, real folders, nothing shared with this machine. */

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { createTransport } from 'nodemailer'

const main = resolve(import.meta.dirname, '../../src/cli/main.ts')
/** The command as it is built and shipped. */
export const builtMain = resolve(import.meta.dirname, '../../resources/bin/mailward.mjs')

export interface Ran {
  status: number | null
  out: string
  err: string
}

export class CommandLine {
  readonly root = mkdtempSync(join(tmpdir(), 'mailward-cli-'))
  /** given to every command that is started from now on, besides the usual */
  environment: Record<string, string> = {}
  private readonly children = new Set<ChildProcess>()
  private readonly main: string

  /** @param command what is run: the sources, unless something else is named */
  constructor(command = main) {
    this.main = command
  }

  /** Starts a command; its standard input stays open. */
  start(...words: string[]): ChildProcess {
    // a test that is tried again begins in a new folder
    mkdirSync(this.root, { recursive: true })
    const environment = {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      HOME: this.root,
      XDG_DATA_HOME: join(this.root, 'data'),
      XDG_CONFIG_HOME: join(this.root, 'config'),
      TMPDIR: process.env.TMPDIR,
      NODE_NO_WARNINGS: '1',
      ...this.environment,
    }
    const child = spawn(process.execPath, [this.main, ...words], { cwd: this.root, env: environment })
    this.children.add(child)
    child.on('exit', () => this.children.delete(child))
    return child
  }

  /** Runs a command to its end. */
  run(words: string[], input = ''): Promise<Ran> {
    const child = this.start(...words)
    const ran: Ran = { status: null, out: '', err: '' }
    child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
      ran.out += chunk
    })
    child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
      ran.err += chunk
    })
    // a command that reads nothing may be gone before this arrives
    child.stdin!.on('error', () => undefined)
    child.stdin!.end(input)
    return new Promise((done) => {
      child.on('close', (status) => done({ ...ran, status }))
    })
  }

  /** Runs a command that must succeed; its output as JSON. */
  async json<T>(words: string[], input = ''): Promise<T> {
    return JSON.parse(await this.success([...words, '--json'], input)) as T
  }

  /** Runs a command that must succeed; its output as one JSON object a line. */
  async jsonLines<T>(words: string[]): Promise<T[]> {
    const out = await this.success([...words, '--json'])
    return out.split('\n').flatMap((line) => (line ? [JSON.parse(line) as T] : []))
  }

  private async success(words: string[], input = ''): Promise<string> {
    const { status, out, err } = await this.run(words, input)
    if (status !== 0) throw new Error(`mailward ${words.join(' ')} ended with ${status}: ${err}${out}`)
    return out
  }

  /** Ends every command that still runs and removes the folders. */
  async remove(): Promise<void> {
    await Promise.all(
      [...this.children].map((child) => {
        const exited = new Promise((done) => child.on('exit', done))
        child.kill('SIGKILL')
        return exited
      }),
    )
    rmSync(this.root, { recursive: true, force: true })
  }
}

export interface Served {
  process: ChildProcess
  /** what it printed at start */
  lines: string[]
  /** everything it has printed and logged so far */
  text(): string
  port(kind: 'smtp' | 'smtps' | 'console'): number
  /** Sends a signal and waits for the end. */
  end(signal: 'SIGTERM' | 'SIGINT'): Promise<number | null>
}

/** Starts `mailward serve` on free ports; resolves when it has printed where it listens. */
export async function serve(commandLine: CommandLine, ...further: string[]): Promise<Served> {
  const ports = ['--smtp=127.0.0.1:0', '--smtps=127.0.0.1:0', '--console=127.0.0.1:0']
  const child = commandLine.start('serve', ...ports, '--log=error', ...further)
  const lines: string[] = []
  let errors = ''
  let text = ''
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on('data', (chunk) => {
      text += String(chunk)
    })
  }
  child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk
  })
  await new Promise<void>((ready, failed) => {
    createInterface(child.stdout!).on('line', (line) => {
      lines.push(line)
      if (/^(Console|Create the first person): /.test(line)) ready()
    })
    child.on('exit', (status) => failed(new Error(`serve ended with ${status}: ${errors}`)))
  })
  return {
    process: child,
    lines,
    text: () => text,
    port(kind) {
      const line = lines.find((one) => one.trim().startsWith(`${kind} `))
      return Number(line?.split(':').at(-1))
    },
    end(signal) {
      const ended = new Promise<number | null>((done) => child.on('exit', done))
      child.kill(signal)
      return ended
    },
  }
}

/** Submits a message of account acme, whose password is `secret secret`. Resolves with the reply of the relay. */
export async function submitTo(served: Served, to: string, subject: string): Promise<string> {
  const transport = createTransport({
    host: '127.0.0.1',
    port: served.port('smtp'),
    requireTLS: true,
    auth: { user: 'acme', pass: 'secret secret' },
    tls: { rejectUnauthorized: false },
  })
  try {
    const sent = await transport.sendMail({ from: 'ann@acme.example', to, subject, text: 'hello' })
    return sent.response ?? ''
  } finally {
    transport.close()
  }
}
