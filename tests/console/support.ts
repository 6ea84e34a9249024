/** A real relay in a process of its own, which serves the built console, and ways to fill it with mail. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import type { ContractRouterClient } from '@orpc/contract'
import type { Page } from '@playwright/test'
import { createTransport } from 'nodemailer'
import type { contract } from '../../src/contract/index.ts'
import type { RouteRuleView } from '../../src/contract/routes.ts'

const main = resolve(import.meta.dirname, '../../src/cli/main.ts')
const built = resolve(import.meta.dirname, '../../out/renderer/index.html')

export const email = 'ines@mailward.example'
export const password = 'correct horse battery staple'
export const accountPassword = 'Blue-kettle-47-on-the-stove'

export type Client = ContractRouterClient<typeof contract>

export interface Letter {
  to: string | string[]
  subject: string
  from?: string
}

export class ConsoleRelay {
  readonly root: string
  url = ''
  smtpPort = 0
  /** the one-time token of a fresh data folder */
  firstToken: string | undefined
  /** level of its text log, which goes to `logged` */
  logLevel = 'silent'
  logged = ''
  /** what its process gets besides the usual */
  environment: Record<string, string> = {}
  private child: ChildProcess | undefined
  private token = ''

  constructor(root = mkdtempSync(join(tmpdir(), 'mailward-console-'))) {
    if (!existsSync(built)) throw new Error('the console is not built: npm run build')
    this.root = root
  }

  get folder(): string {
    return join(this.root, 'data')
  }

  get keyFile(): string {
    return join(this.root, 'log.key')
  }

  /** Starts the relay; the second time on the address it had the first time. */
  async start(): Promise<void> {
    const consoleAddress = this.url ? new URL(this.url).host : '127.0.0.1:0'
    const words = ['serve', '--data', this.folder, '--key-file', this.keyFile, '--hostname', 'relay.test']
    const listeners = ['--smtp', '127.0.0.1:0', '--smtps', 'none', '--console', consoleAddress, '--log', this.logLevel]
    const { PATH, NODE_COMPILE_CACHE } = process.env
    const usual = { PATH, NODE_COMPILE_CACHE, HOME: this.root, NODE_NO_WARNINGS: '1' }
    const environment = { ...usual, ...this.environment }
    const child = spawn(process.execPath, [main, ...words, ...listeners], { cwd: this.root, env: environment })
    this.child = child
    const begun = this.logged.length
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      this.logged += chunk
    })
    for await (const line of createInterface({ input: child.stdout })) {
      const smtp = /^ {2}smtp +127\.0\.0\.1:(\d+)$/.exec(line)
      if (smtp) this.smtpPort = Number(smtp[1])
      const page = /(http:\/\/[\d.:]+)\/(?:#\/welcome\?token=(\S+))?$/.exec(line)
      if (!page) continue
      this.url = page[1]!
      this.firstToken = page[2]
      child.stdout.resume()
      return
    }
    throw new Error(`the relay did not start: ${this.logged.slice(begun)}`)
  }

  /** Ends the relay as its owner would. */
  stop(): Promise<void> {
    return this.end('SIGTERM')
  }

  /** Ends the relay as a power cut would. */
  kill(): Promise<void> {
    return this.end('SIGKILL')
  }

  private async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.child
    this.child = undefined
    if (!child || child.exitCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }

  async remove(): Promise<void> {
    await this.kill()
    rmSync(this.root, { recursive: true, force: true })
  }

  /** Calls as the first person. */
  get client(): Client {
    return createORPCClient(new RPCLink({ url: `${this.url}/rpc`, headers: { authorization: `Bearer ${this.token}` } }))
  }

  /** Creates the first person, an admin, and two accounts; everything goes the given way. */
  async prepare(route: RouteRuleView['route'] = { kind: 'capture' }): Promise<void> {
    const opened = await this.client.session.claim({ token: this.firstToken!, email, name: 'Ines Vogel', password })
    this.token = opened.token
    await this.client.routes.set({ domain: '*', route })
    for (const name of ['acme', 'northbay']) {
      await this.client.accounts.add({ name, contact: `ops@${name}.example`, domains: [`${name}.example`] })
      await this.client.accounts.addCredential({ kind: 'password', account: name, password: accountPassword })
    }
  }

  /** Submits mail as an account, over SMTP. */
  async send(letters: readonly Letter[], account = 'acme'): Promise<void> {
    const transport = createTransport({
      host: '127.0.0.1',
      port: this.smtpPort,
      pool: true,
      maxConnections: 4,
      tls: { rejectUnauthorized: false },
      auth: { user: account, pass: accountPassword },
    })
    try {
      await Promise.all(
        letters.map(({ to, subject, from = `billing@${account}.example` }) =>
          transport.sendMail({ from, to, subject, text: 'Good day.' }),
        ),
      )
    } finally {
      transport.close()
    }
  }
}

/** Logs in on the login page; as the first person, unless told otherwise. */
export async function logIn(page: Page, relay: ConsoleRelay, path = '/messages', who = email): Promise<void> {
  await page.goto(`${relay.url}/#${path}`)
  await page.getByLabel('E-mail address').fill(who)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('navigation', { name: 'Screens' }).waitFor()
}
