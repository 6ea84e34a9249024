/** Counts open connections, in all and by client address. */

export type Admission = 'welcome' | 'full' | 'address-full' | 'flood'

export class Door {
  private readonly most: number
  private readonly mostPerAddress: number
  private readonly byAddress = new Map<string, number>()
  private total = 0

  constructor(limits: { sessions: number; sessionsPerAddress: number }) {
    this.most = limits.sessions
    this.mostPerAddress = limits.sessionsPerAddress
  }

  /**
   * Counts a connection in. Who is turned away is counted, too, until it has left: saying so takes a socket, and with
   * TLS a handshake. Beyond twice the limit nothing is said.
   */
  enter(address: string): Admission {
    const own = (this.byAddress.get(address) ?? 0) + 1
    this.byAddress.set(address, own)
    this.total++
    if (this.total > 2 * this.most || own > 2 * this.mostPerAddress) return 'flood'
    if (this.total > this.most) return 'full'
    return own > this.mostPerAddress ? 'address-full' : 'welcome'
  }

  leave(address: string): void {
    const own = (this.byAddress.get(address) ?? 0) - 1
    if (own > 0) this.byAddress.set(address, own)
    else this.byAddress.delete(address)
    this.total--
  }
}
