/** The demo's present: its customers go on submitting mail over SMTP, one letter every few seconds. */

import { createTransport, type Transporter } from 'nodemailer'
import { type AccountName, accounts, type Letter, writeLetter } from './letter.ts'

/** Between two letters, in milliseconds: this much on the average. */
const PAUSE_MS = 4_000

export interface TrafficOptions {
  /** port of the relay's submission listener on 127.0.0.1 */
  port: number
  /** password of the customers' credentials */
  password: string
  random: () => number
}

export interface Traffic {
  stop(): void
}

function transportFor({ port, password }: TrafficOptions, account: AccountName): Transporter {
  return createTransport({
    host: '127.0.0.1',
    port,
    name: `app.${account}.example`,
    // from loopback the relay offers AUTH without TLS, and its self-made certificate proves nothing here
    ignoreTLS: true,
    auth: { user: account, pass: password },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
}

async function submit(transport: Transporter, { from, fromName, to, subject, text }: Letter): Promise<void> {
  await transport.sendMail({ from: { name: fromName, address: from }, to, subject, text })
}

/** Begins to submit letters; what the relay refuses (a suspended customer's, say) is left, as it would be in reality. */
export function startTraffic(options: TrafficOptions): Traffic {
  const transports = new Map(accounts.map(({ name }) => [name, transportFor(options, name)]))
  let timer: NodeJS.Timeout | undefined
  const next = (): void => {
    const letter = writeLetter(options.random)
    submit(transports.get(letter.account)!, letter).catch(() => undefined)
    timer = setTimeout(next, PAUSE_MS * (0.3 + 1.4 * options.random()))
  }
  next()
  return {
    stop() {
      clearTimeout(timer)
      for (const transport of transports.values()) transport.close()
    },
  }
}
