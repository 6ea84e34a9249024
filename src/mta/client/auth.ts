/** AUTH as a client: PLAIN, LOGIN, CRAM-MD5 (RFC 4954, RFC 4616, RFC 2195). */

import { createHmac } from 'node:crypto'
import type { Connection, Heard } from './connection.ts'

export interface Credentials {
  username: string
  password: string
}

export type Mechanism = 'PLAIN' | 'LOGIN' | 'CRAM-MD5'

const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64')

/** The best mechanism both sides know: the simplest one inside TLS, in plaintext the one that keeps the password back. */
export function chooseMechanism(offered: ReadonlySet<string>, encrypted: boolean): Mechanism | undefined {
  const preferred: Mechanism[] = encrypted ? ['PLAIN', 'LOGIN', 'CRAM-MD5'] : ['CRAM-MD5', 'PLAIN', 'LOGIN']
  return preferred.find((mechanism) => offered.has(mechanism))
}

/** Whom a password would go to: a host that proved its name, one that did not, or anyone who listens. */
export type Protection = 'verified' | 'unverified' | 'none'

/**
 * Why a password is kept back, if it is. It goes only to a host whose certificate proves its name, unless the route
 * says otherwise by name; on this machine no network can be listened to.
 */
export function whyNotLogIn(
  target: { address: string; unverifiedLogin?: boolean | undefined },
  protection: Protection,
): string | undefined {
  const isLocal = target.address.startsWith('127.') || target.address === '::1'
  if (protection === 'verified' || target.unverifiedLogin || (protection === 'none' && isLocal)) return undefined
  return protection === 'none'
    ? 'the password of the route is not sent without TLS, and the smarthost did not start it: ' +
        'allow the login without verified TLS in the route if you accept that'
    : 'the password of the route is not sent because the certificate of the smarthost cannot be verified: ' +
        'correct the host name of the route, or allow the login without verified TLS in the route'
}

/** Answers that follow `AUTH mechanism`, each to one challenge. */
function answers(mechanism: Mechanism, { username, password }: Credentials): ((challenge: string) => string)[] {
  switch (mechanism) {
    case 'PLAIN':
      return []
    case 'LOGIN':
      return [() => username, () => password]
    case 'CRAM-MD5':
      return [
        (challenge) => {
          const digest = createHmac('md5', password).update(Buffer.from(challenge, 'base64')).digest('hex')
          return `${username} ${digest}`
        },
      ]
  }
}

/** Logs in. The result is the last thing heard: 235 when it worked. Secrets stay out of the transcript. */
export async function authenticate(
  connection: Connection,
  mechanism: Mechanism,
  credentials: Credentials,
): Promise<Heard> {
  const { username, password } = credentials
  if (mechanism === 'PLAIN')
    connection.saySecret(`AUTH PLAIN ${base64(`\0${username}\0${password}`)}`, 'AUTH PLAIN ***')
  else connection.say(`AUTH ${mechanism}`)
  let heard = await connection.hear('auth')
  for (const answer of answers(mechanism, credentials)) {
    if (heard.kind === 'lost' || heard.reply.code !== 334) return heard
    connection.saySecret(base64(answer(heard.reply.lines.at(-1) ?? '')), '***')
    heard = await connection.hear('auth')
  }
  return heard
}
