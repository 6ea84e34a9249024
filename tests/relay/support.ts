/** A whole relay in this process, on loopback and in folders of its own, and ways to call it. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import type { ContractRouterClient } from '@orpc/contract'
import { connect } from '../../src/cli/client.ts'
import type { contract } from '../../src/contract/index.ts'
import type { Role } from '../../src/model/user.ts'
import { configure } from '../../src/relay/host/configuration.ts'
import { createLog } from '../../src/relay/host/logging.ts'
import { type Relay, startRelay } from '../../src/relay/relay.ts'

export type Client = ContractRouterClient<typeof contract>

export const password = 'correct horse battery'

export interface TestRelay {
  relay: Relay
  /** data folder */
  folder: string
  /** such as `http://127.0.0.1:41234` */
  url: string
  /** calls as the owner of the data folder, over the control socket */
  local: Client
  /** calls with a bearer token, over HTTP */
  bearer(token: string): Client
  /** adds a person and logs in; the first one must be an admin. A member gets an account of its own unless one is named. */
  person(role: Role, account?: string): Promise<{ email: string; token: string }>
  /** stops the relay and starts it again on the same folder */
  restart(): Promise<void>
  /** the same, doing something to its folder in between */
  whileStopped(act: () => Promise<void> | void): Promise<void>
  stop(): Promise<void>
}

function options(root: string, further: string[]): string[] {
  const own = ['--data', join(root, 'data'), '--key-file', join(root, 'log.key'), '--hostname', 'relay.test']
  return [...own, '--smtp=127.0.0.1:0', '--smtps=127.0.0.1:0', '--console=127.0.0.1:0', '--log=silent', ...further]
}

async function start(root: string, further: string[]): Promise<Relay> {
  const machine = { platform: 'linux', environment: {}, home: root, hostname: 'relay.test', workingFolder: root }
  const configured = configure(options(root, further), machine)
  if (!configured.ok) throw new Error(configured.problem)
  return startRelay(configured.configuration, { consoleFolder: join(root, 'console'), log: createLog('silent') })
}

export function clientOver(url: string, headers: Record<string, string>): Client {
  return createORPCClient(new RPCLink({ url: `${url}/rpc`, headers }))
}

/** Adds an account and returns its name. */
async function ownAccount(client: Client, name: string): Promise<string> {
  await client.accounts.add({ name, contact: `ops@${name}.example`, domains: [`${name}.example`] })
  return name
}

/** Starts a relay; stop it in the test's own clean-up. */
export async function startTestRelay(further: string[] = []): Promise<TestRelay> {
  const root = mkdtempSync(join(tmpdir(), 'mailward-relay-'))
  const folder = join(root, 'data')
  let relay = await start(root, further)
  const url = () => {
    const listener = relay.listeners.find(({ kind }) => kind === 'console')!
    return `http://${listener.host}:${listener.port}`
  }
  const bearer = (token: string) => clientOver(url(), { authorization: `Bearer ${token}` })
  let number = 0
  const test: TestRelay = {
    relay,
    folder,
    url: url(),
    local: await connect(folder),
    bearer,
    async person(role, named) {
      number += 1
      const email = `${role}${number}@relay.example`
      const account = role === 'member' ? (named ?? (await ownAccount(test.local, `holder${number}`))) : undefined
      await test.local.users.add({ email, role, account, password })
      const { token } = await clientOver(url(), {}).session.login({ email, password })
      return { email, token }
    },
    restart: () => test.whileStopped(() => undefined),
    async whileStopped(act) {
      await relay.stop(1000)
      await act()
      relay = await start(root, further)
      Object.assign(test, { relay, url: url(), local: await connect(folder) })
    },
    async stop() {
      await relay.stop(1000)
      rmSync(root, { recursive: true, force: true })
    },
  }
  return test
}

/** The status of a call over HTTP, and what it answered; a stream is left at once. */
export async function callRaw(
  url: string,
  call: string,
  headers: Record<string, string>,
  input: unknown = {},
): Promise<{ status: number; body: string }> {
  const leave = new AbortController()
  const response = await fetch(`${url}/rpc/${call.replace('.', '/')}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ json: input }),
    signal: leave.signal,
  })
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream')
  const body = isStream ? '' : await response.text()
  leave.abort()
  return { status: response.status, body }
}
