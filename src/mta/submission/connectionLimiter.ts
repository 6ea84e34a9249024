/** Counts open connections, in all and by client address, and says who may come in. */

export type ConnectionLimiter = 'welcome' | 'full' | 'address-full' | 'flood'

/** Connections by address, with their sum. */
class Tally {
  total = 0
  private readonly byAddress = new Map<string, number>()

  of(address: string): number {
    return this.byAddress.get(address) ?? 0
  }

  change(address: string, by: 1 | -1): void {
    const own = this.of(address) + by
    if (own > 0) this.byAddress.set(address, own)
    else this.byAddress.delete(address)
    this.total += by
  }
}

export class LimiterEntry {
  private readonly most: number
  private readonly mostPerAddress: number
  private readonly inside = new Tally()
  /**
   * Those turned away who have not left yet: saying so takes a socket and perhaps a handshake. They take nobody's
   * place; when there are as many of them as may come in, nothing more is said.
   */
  private readonly turnedAway = new Tally()

  constructor(limits: { sessions: number; sessionsPerAddress: number }) {
    this.most = limits.sessions
    this.mostPerAddress = limits.sessionsPerAddress
  }

  /** Whether as many are inside as may be. */
  get isFull(): boolean {
    return this.inside.total >= this.most
  }

  /** Counts a connection in. `hasRoom`: false when the others of its kind leave it none. */
  enter(address: string, hasRoom = true): ConnectionLimiter {
    const connectionLimiter = this.judge(address, hasRoom)
    this.tallyOf(connectionLimiter).change(address, 1)
    return connectionLimiter
  }

  /** Counts a connection out. */
  leave(address: string, connectionLimiter: ConnectionLimiter): void {
    this.tallyOf(connectionLimiter).change(address, -1)
  }

  private judge(address: string, hasRoom: boolean): ConnectionLimiter {
    const { inside, turnedAway, most, mostPerAddress } = this
    const isFull = this.isFull || !hasRoom
    if (!isFull && inside.of(address) < mostPerAddress) return 'welcome'
    if (turnedAway.total >= most || turnedAway.of(address) >= mostPerAddress) return 'flood'
    return isFull ? 'full' : 'address-full'
  }

  private tallyOf(connectionLimiter: ConnectionLimiter): Tally {
    return connectionLimiter === 'welcome' ? this.inside : this.turnedAway
  }
}
