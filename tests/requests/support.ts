/** A relay with a sink as its smarthost, an account, and people who write to its privacy desk. */

import { createTransport } from 'nodemailer'
import type { RequestDetail, RequestSearch, RequestView } from '../../src/contract/requests.ts'
import { type Client, startTestRelay, type TestRelay } from '../relay/support.ts'
import { Client as SmtpClient } from '../submission/support/client.ts'
import { type Sink, type SinkMessage, startSink } from '../support/sink.ts'

const secret = 'secret secret secret'

export class RequestFixture {
  readonly relay: TestRelay
  readonly sink: Sink

  private constructor(relay: TestRelay, sink: Sink) {
    this.relay = relay
    this.sink = sink
  }

  static async start(accounts: readonly string[] = ['acme']): Promise<RequestFixture> {
    const sink = await startSink()
    const fixture = new RequestFixture(await startTestRelay(), sink)
    const { local } = fixture.relay
    for (const name of accounts) {
      await local.accounts.add({ name, contact: `ops@${name}.example`, domains: [`${name}.example`] })
      await local.accounts.addCredential({ account: name, kind: 'password', username: name, password: secret })
    }
    const route = { kind: 'smarthost', host: '127.0.0.1', port: sink.port, tls: 'none' } as const
    await local.routes.set({ domain: '*', route })
    return fixture
  }

  get local(): Client {
    return this.relay.local
  }

  async stop(): Promise<void> {
    await this.relay.stop()
    await this.sink.stop()
  }

  private get port(): number {
    return this.relay.relay.listeners.find(({ kind }) => kind === 'smtp')!.port
  }

  /** Sends a mail of an account. */
  async send(account: string, to: string, subject = 'Your invoice'): Promise<void> {
    const auth = { user: account, pass: secret }
    const transport = createTransport({ host: '127.0.0.1', port: this.port, ignoreTLS: true, auth })
    await transport.sendMail({ from: `billing@${account}.example`, to, subject, text: 'Hello' })
    transport.close()
  }

  /** Somebody without an account writes to the desk. */
  async write(mail: string, from = 'tom@kestrel.example'): Promise<string> {
    const client = await SmtpClient.open(this.port)
    try {
      await client.expect('250', 'EHLO kestrel.example')
      return await client.submit(mail, from, ['privacy@relay.test'])
    } finally {
      client.close()
    }
  }

  /** Waits until a letter with this in its subject has arrived at an address. */
  async letter(to: string, subject: string, after = 0): Promise<SinkMessage> {
    return this.until(() =>
      this.sink.messages
        .slice(after)
        .find(
          ({ recipients, data }) =>
            recipients.some(({ address }) => address === to) &&
            new RegExp(`^Subject:.*${subject}`, 'im').test(Buffer.from(data).toString('latin1')),
        ),
    )
  }

  /** The one request that fits; waits for it. */
  request(fits: (request: RequestView) => boolean): Promise<RequestView> {
    return this.until(async () => (await this.local.requests.list({ state: 'all' })).requests.find(fits))
  }

  /** Waits until a request is so; fails with what it is instead. */
  async detail(id: number, fits: (request: RequestDetail) => boolean): Promise<RequestDetail> {
    let detail: RequestDetail | undefined
    const poll = async () => {
      detail = await this.local.requests.get({ id })
      return fits(detail) ? detail : undefined
    }
    return this.until(poll).catch(() => {
      throw new Error(`still ${JSON.stringify(detail, undefined, 1)}`)
    })
  }

  /** Searches until what was sent has moved to its day: so many records are found. */
  search(id: number, records: number): Promise<RequestSearch> {
    return this.until(async () => {
      await this.local.requests.search({ id })
      const { search } = await this.detail(id, (detail) => detail.search?.state === 'done')
      const found = search!.places.find(({ place }) => place === 'header records')?.count ?? 0
      return found >= records ? search! : undefined
    })
  }

  async until<T>(poll: () => T | undefined | Promise<T | undefined>): Promise<T> {
    const end = Date.now() + 20_000
    for (;;) {
      const found = await poll()
      if (found !== undefined) return found
      if (Date.now() > end) throw new Error('what was waited for did not happen')
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
  }
}

/** The text of a letter, its soft line ends taken out. */
export function textOf({ data }: SinkMessage): string {
  return Buffer.from(data).toString('utf8').replaceAll('=\r\n', '').replaceAll('\r\n', '\n')
}
