/** One address a message can be handed to, and how. */

import { isIP } from 'node:net'
import type { TlsPolicy } from '../../model/route.ts'
import type { Credentials } from '../client/auth.ts'

export interface Target {
  /** name of the host, which its certificate must prove; the address itself when there is no name */
  host: string
  /** IP address */
  address: string
  port: number
  tls: TlsPolicy
  /** to log in with (smarthosts) */
  credentials: Credentials | undefined
  /** the password may go where no certificate proves who gets it */
  unverifiedLogin?: boolean | undefined
  /** found by MX lookup, so nobody vouches that it is not this relay itself */
  exchanger: boolean
}

/** Host, address and port as people read them: `mx1.kestrel.example [192.0.2.7]:25`. */
export function labelOf({ host, address, port }: Target): string {
  const shown = host === address ? '' : `${host} `
  return shown === '' && isIP(address) === 4 ? `${address}:${port}` : `${shown}[${address}]:${port}`
}

/** Targets with the same key can share connections. */
export function keyOf({ host, address, port, tls, credentials, unverifiedLogin }: Target): string {
  const login = credentials ? `${credentials.username}\n${credentials.password}\n${unverifiedLogin ?? false}` : ''
  return `${address} ${port} ${host} ${tls} ${login}`
}
