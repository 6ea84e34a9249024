/** A client that speaks SMTP by hand, on a real socket. */

import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'

const WAIT_MS = 15_000

export class Client {
  private received = ''
  private isClosed = false
  private wake: (() => void) | undefined
  socket: Socket | TLSSocket

  constructor(socket: Socket | TLSSocket) {
    this.socket = socket
    this.listen()
  }

  private listen(): void {
    const { socket } = this
    socket.on('data', (chunk: Buffer) => {
      this.received += chunk.toString('latin1')
      this.wake?.()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      this.isClosed = this.socket === socket
      this.wake?.()
    })
  }

  /** Opens a connection and reads the greeting. `from` is the client's own address. */
  static async open(port: number, host = '127.0.0.1', from?: string): Promise<Client> {
    const client = Client.dial(port, host, from)
    await client.reply()
    return client
  }

  /** Opens a connection and reads nothing. */
  static dial(port: number, host = '127.0.0.1', from?: string): Client {
    const socket = connectPlain({ port, host, noDelay: true, localAddress: from })
    return new Client(socket)
  }

  /** Opens a connection with implicit TLS and reads the greeting. */
  static async openSecure(port: number): Promise<Client> {
    const client = new Client(connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }))
    await client.reply()
    return client
  }

  private async until<T>(poll: () => T | undefined): Promise<T> {
    const end = Date.now() + WAIT_MS
    for (;;) {
      const found = poll()
      if (found !== undefined) return found
      if (Date.now() > end) throw new Error(`nothing came; so far: ${JSON.stringify(this.received)}`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 200)
        this.wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  /** The next whole reply, lines joined by `\n`; `closed` when the connection ended without one. */
  reply(): Promise<string> {
    return this.until(() => {
      const match = /^(?:\d{3}-[^\r]*\r\n)*\d{3} [^\r]*\r\n/.exec(this.received)
      if (match) {
        this.received = this.received.slice(match[0].length)
        return match[0].trimEnd().replaceAll('\r\n', '\n')
      }
      return this.isClosed ? 'closed' : undefined
    })
  }

  /** Sends octets as they are. */
  write(data: string | Buffer): void {
    this.socket.write(typeof data === 'string' ? Buffer.from(data, 'utf8') : data)
  }

  /** Sends one command and gives its reply. */
  say(command: string): Promise<string> {
    this.write(`${command}\r\n`)
    return this.reply()
  }

  /** Sends commands one after the other; gives the reply to the last. */
  async talk(...commands: string[]): Promise<string> {
    let reply = ''
    for (const command of commands) reply = await this.say(command)
    return reply
  }

  /** Sends a whole message in a transaction that is expected to be taken up to DATA; gives the final reply. */
  async submit(message: string | Buffer, from = 'a@acme.example', to = ['b@x.example'], mail = ''): Promise<string> {
    await this.expect('250', `MAIL FROM:<${from}>${mail}`)
    for (const recipient of to) await this.expect('250', `RCPT TO:<${recipient}>`)
    await this.expect('354', 'DATA')
    this.write(message)
    this.write('.\r\n')
    return this.reply()
  }

  async expect(code: string, command: string): Promise<string> {
    const reply = await this.say(command)
    if (!reply.startsWith(code)) throw new Error(`${command} was answered ${reply}`)
    return reply
  }

  /** STARTTLS up to the end of the handshake. */
  async startTls(): Promise<void> {
    await this.expect('220', 'STARTTLS')
    await this.handshake()
  }

  handshake(): Promise<void> {
    const plain = this.socket
    plain.removeAllListeners()
    return new Promise((resolve, reject) => {
      const secure = connectTls({ socket: plain, rejectUnauthorized: false }, () => {
        this.socket = secure
        this.listen()
        resolve()
      })
      secure.once('error', reject)
    })
  }

  /** Resolves when the other side has closed. */
  closed(): Promise<true> {
    return this.until(() => this.isClosed || undefined) as Promise<true>
  }

  close(): void {
    this.socket.destroy()
  }
}
