/** A whole engine over a real store, with a real sink as its smarthost and a clock that can be put forward. */

import { createTransport } from 'nodemailer'
import { formatId, parseId } from '../../src/model/id.ts'
import type { MessageDetail } from '../../src/model/message.ts'
import type { Route } from '../../src/model/route.ts'
import { defaultLimits, type EngineLimits } from '../../src/mta/limits.ts'
import { makeSelfSignedCertificate } from '../../src/mta/submission/certificate.ts'
import { createRetentionClock } from '../../src/privacy/retention/retentionClock.ts'
import { createEngine } from '../../src/relay/engine/createEngine.ts'
import type { Engine, EngineOptions } from '../../src/relay/engine/engine.ts'
import { openStore } from '../../src/store/index.ts'
import type { Store } from '../../src/store/store.ts'
import { type Sink, type SinkOptions, startSink } from './sink.ts'
import { logKey, sealKey, temporaryFolder } from './storeFixture.ts'

const quiet = { debug() {}, info() {}, warn() {}, error() {} }

export interface Letter {
  from?: string
  to: string[]
  text?: string
  /** the message as it is submitted, in place of a letter made of the rest */
  raw?: string
}

export class EngineFixture {
  readonly folder: string
  readonly sink: Sink
  store!: Store
  engine!: Engine
  /** milliseconds the clock runs ahead of the real one */
  ahead = 0
  private readonly removeFolder: () => void
  private readonly limits: EngineLimits
  private readonly tls: { key: string; cert: string }
  private readonly more: Partial<EngineOptions>
  port = 0

  private constructor(
    limits: Partial<EngineLimits>,
    sink: Sink,
    tls: { key: string; cert: string },
    more: Partial<EngineOptions>,
  ) {
    this.more = more
    const folder = temporaryFolder()
    this.folder = folder.path
    this.removeFolder = folder.remove
    this.limits = { ...defaultLimits, ...limits }
    this.sink = sink
    this.tls = tls
  }

  /** Starts sink and engine; every domain is routed to the sink. */
  static async start(
    limits: Partial<EngineLimits> = {},
    sinkOptions: SinkOptions = {},
    more: Partial<EngineOptions> = {},
  ): Promise<EngineFixture> {
    const tls = await makeSelfSignedCertificate('relay.test')
    const fixture = new EngineFixture(limits, await startSink(sinkOptions), tls, more)
    await fixture.open()
    const { directory } = fixture.store
    const account = await directory.addAccount({ name: 'acme', contact: 'ops@acme.example', domains: ['acme.example'] })
    const range = { kind: 'address', name: '127.0.0.0/8', secret: undefined, hourlyLimit: undefined } as const
    await directory.addCredential({ ...range, account: account!.id, status: 'allowed' })
    await fixture.route('*', fixture.toSink)
    return fixture
  }

  get toSink(): Extract<Route, { kind: 'smarthost' }> {
    return { kind: 'smarthost', host: '127.0.0.1', port: this.sink.port, tls: 'none' }
  }

  private async open(): Promise<void> {
    const clock = { now: () => Date.now() + this.ahead }
    this.store = await openStore({ folder: this.folder, logKey, sealKey, now: clock.now })
    const retentionClock = createRetentionClock(clock.now, () => performance.now() + this.ahead)
    await retentionClock.load(this.store.settings)
    this.engine = createEngine({
      store: this.store,
      hostname: 'relay.test',
      smtp: [{ host: '127.0.0.1', port: 0 }],
      smtps: [],
      tls: this.tls,
      limits: this.limits,
      log: quiet,
      clock,
      retentionClock,
      ...this.more,
    })
    const [listener] = await this.engine.start()
    this.port = listener!.port
  }

  /** Stops in order and starts again. */
  async restart(graceMs = 1000): Promise<void> {
    await this.engine.stop(graceMs)
    await this.store.stop()
    await this.open()
  }

  async stop(): Promise<void> {
    await this.engine.stop(100)
    await this.store.stop()
    await this.sink.stop()
    this.removeFolder()
  }

  async route(domain: string, route: Route): Promise<void> {
    await this.store.directory.setRoute({ domain, route })
    await this.engine.routesChanged()
  }

  /** Submits a letter over SMTP. Returns its id. */
  async submit({ from = 'billing@acme.example', to, text = 'Hello', ...more }: Letter): Promise<number> {
    const transport = createTransport({ host: '127.0.0.1', port: this.port, ignoreTLS: true })
    const raw = more.raw ?? `From: ${from}\r\nTo: undisclosed:;\r\nSubject: Your invoice\r\n\r\n${text}\r\n`
    const { response } = await transport.sendMail({ envelope: { from, to }, raw })
    transport.close()
    return parseId(/queued as (\S+)/.exec(response)![1]!)!
  }

  async detail(id: number): Promise<MessageDetail> {
    const detail = await this.store.log.get(id)
    if (!detail) throw new Error(`there is no message ${formatId(id)}`)
    return detail
  }

  /** Waits until the log says so of a message; fails with what it says instead. */
  async until(id: number, holds: (detail: MessageDetail) => boolean): Promise<MessageDetail> {
    const end = Date.now() + 15_000
    for (;;) {
      const detail = await this.detail(id)
      if (holds(detail)) return detail
      if (Date.now() > end) throw new Error(`still ${JSON.stringify({ ...detail, headers: undefined })}`)
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
  }

  /** Waits until a message has this status. */
  status(id: number, status: MessageDetail['status']): Promise<MessageDetail> {
    return this.until(id, (detail) => detail.status === status)
  }

  /** Puts the clock forward. */
  advance(ms: number): void {
    this.ahead += ms
  }
}
