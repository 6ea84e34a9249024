/** Recognises this relay among the hosts it could send to. */

import { networkInterfaces } from 'node:os'

/** An address that is open to clients, as the system knows it. */
export interface OwnListener {
  host: string
  port: number
}

const wildcards: ReadonlySet<string> = new Set(['0.0.0.0', '::'])

function isThisMachine(address: string): boolean {
  if (address.startsWith('127.') || address === '::1') return true
  return Object.values(networkInterfaces()).some((all) => all?.some((one) => one.address === address))
}

/** Whether a connection to this address and port would end at one of these listeners. */
export function isOwnListener(listeners: readonly OwnListener[], address: string, port: number): boolean {
  const here = listeners.filter((listener) => listener.port === port)
  if (here.some(({ host }) => host === address)) return true
  return here.some(({ host }) => wildcards.has(host)) && isThisMachine(address)
}
