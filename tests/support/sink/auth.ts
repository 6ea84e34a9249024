/** The server's half of AUTH PLAIN, LOGIN and CRAM-MD5 (RFC 4954). */

import { createHmac } from 'node:crypto'

const CHALLENGE = '<1896.697170952@sink.test>'

export interface AuthStep {
  /** base64 text to send after 334 */
  challenge: string
  next: (answer: string) => AuthResult
}

/** Another question, or who logged in with proof that fits a password or not; undefined for an unknown mechanism. */
export type AuthResult = AuthStep | { username: string; proves: (password: string) => boolean } | undefined

const decode = (text: string) => Buffer.from(text, 'base64').toString('utf8')

function plain(answer: string): AuthResult {
  const [, username = '', given = ''] = decode(answer).split('\0')
  return { username, proves: (password) => password === given }
}

function login(): AuthResult {
  const askPassword = (username: string): AuthResult => ({
    challenge: 'UGFzc3dvcmQ6',
    next: (answer) => ({ username: decode(username), proves: (password) => password === decode(answer) }),
  })
  return { challenge: 'VXNlcm5hbWU6', next: askPassword }
}

function cramMd5(): AuthResult {
  return {
    challenge: Buffer.from(CHALLENGE).toString('base64'),
    next(answer) {
      const [username = '', digest = ''] = decode(answer).split(' ')
      return {
        username,
        proves: (password) => createHmac('md5', password).update(CHALLENGE).digest('hex') === digest,
      }
    },
  }
}

/** The first step of `AUTH mechanism [initial-response]`. */
export function beginAuth(line: string): AuthResult {
  const [, mechanism = '', initial] = line.split(' ')
  switch (mechanism.toUpperCase()) {
    case 'PLAIN':
      return initial === undefined ? { challenge: '', next: plain } : plain(initial)
    case 'LOGIN':
      return login()
    case 'CRAM-MD5':
      return cramMd5()
    default:
      return undefined
  }
}
