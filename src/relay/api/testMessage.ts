/** A real test message, submitted to the relay's own SMTP listener as any customer would. */

import { isIP } from 'node:net'
import { createTransport } from 'nodemailer'
import type { Listener } from '../../mta/listen.ts'
import { checkEmail } from './check.ts'
import type { ConsoleListener } from './context.ts'

export interface TestMessage {
  username: string
  password: string
  from: string
  to: string
}

export type TestResult = { ok: true; id: string; reply: string } | { ok: false; problem: string; change?: string }

/** How long the relay may take to answer itself, in milliseconds. */
const PATIENCE = 15_000

/** Where this machine reaches a listener: one that takes all addresses is reached over loopback. */
function reachable(listener: Listener): { host: string; port: number; secure: boolean } {
  const host = listener.host === '0.0.0.0' ? '127.0.0.1' : listener.host === '::' ? '::1' : listener.host
  return { host, port: listener.port, secure: listener.kind === 'smtps' }
}

function content({ from, to }: TestMessage) {
  return {
    from,
    to,
    subject: 'Mailward test message',
    text: 'This message shows that the relay accepts mail with this credential.\n',
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

/** What went wrong, as the SMTP reply says it; our own listeners name what to change in theirs. */
function problemOf(error: unknown): string {
  const { response, message } = error as { response?: string; message?: string }
  return response ?? message ?? 'the message could not be submitted'
}

/** Submits a test message; what the relay says to it is the result. */
export async function sendTestMessage(
  message: TestMessage,
  listeners: readonly (Listener | ConsoleListener)[],
): Promise<TestResult> {
  for (const address of [message.from, message.to]) {
    const checked = checkEmail(address)
    if (!checked.ok) return { ok: false, problem: checked.problem }
  }
  const smtp = listeners.filter((listener) => listener.kind !== 'console')
  const listener = smtp.find(({ kind }) => kind === 'smtp') ?? smtp[0]
  if (!listener) return { ok: false, problem: 'there is no SMTP listener', change: 'start the relay with --smtp' }
  const { host, port, secure } = reachable(listener)
  const transport = createTransport({
    host,
    port,
    secure,
    auth: { user: message.username, pass: message.password },
    // the relay talks to itself on this machine: there is nobody between to be kept out by a certificate
    tls: { rejectUnauthorized: false, servername: isIP(host) ? '' : host },
    connectionTimeout: PATIENCE,
    greetingTimeout: PATIENCE,
    socketTimeout: PATIENCE,
  })
  try {
    const { response } = await transport.sendMail(content(message))
    const id = /queued as (\S+)/.exec(response)?.[1]
    return id ? { ok: true, id, reply: response } : { ok: false, problem: response }
  } catch (error) {
    return { ok: false, problem: problemOf(error) }
  } finally {
    transport.close()
  }
}
