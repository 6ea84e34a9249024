/**
 * Shares out the sessions of clients without a credential by network, so that however many come, those with one find
 * room: strangers never hold the reserve, and where their room is used up the network with most of them gives up the
 * session that has said nothing for longest.
 */

import { parseAddress } from '../../model/addressRange.ts'

/** One session of a stranger, from the accepted connection on. */
export interface Stranger {
  /** of {@link networkOf} */
  readonly network: string
  /** turn of its last whole command, of {@link Strangers.turn}: a clock would not tell apart those of one second */
  turn: number
  /** whether ending it costs nobody a message or a login that is being decided */
  mayEnd(): boolean
  /** ends the session and gives its place back at once */
  end(): void
}

/** Part of all sessions that strangers never take. */
const RESERVE = 0.4
/** Part of the strangers' sessions that one network can hold. */
const NETWORK_SHARE = 0.5

/** Whose neighbours a client chooses freely: IPv4 /24, IPv6 /64. */
export function networkOf(address: string): string {
  const groups = parseAddress(address)
  if (!groups) return address
  const isV4 = groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0)
  if (isV4) return `${groups[6]}.${groups[7]! >> 8}`
  return groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')
}

export class Strangers {
  private readonly most: number
  private readonly mostPerNetwork: number
  private readonly byNetwork = new Map<string, Set<Stranger>>()
  private total = 0
  private turns = 0

  /** @param sessions open sessions in all, those with a credential included */
  constructor(sessions: number) {
    this.most = Math.max(1, Math.ceil(sessions * (1 - RESERVE)))
    this.mostPerNetwork = Math.max(1, Math.ceil(this.most * NETWORK_SHARE))
  }

  /** The next turn: larger than all before. */
  turn(): number {
    return ++this.turns
  }

  /** Makes room for one more of a network by ending another; false when nobody can be ended. */
  makeRoom(network: string): boolean {
    if ((this.byNetwork.get(network)?.size ?? 0) >= this.mostPerNetwork) return this.endOneOf([network])
    return this.total < this.most || this.endOne()
  }

  /** Ends the session that is missed least; false when there is none. */
  endOne(): boolean {
    const bySize = [...this.byNetwork].sort(([, a], [, b]) => b.size - a.size)
    // of networks of one size any may give up a session: the one that is silent for longest
    const sizes = new Set(bySize.map(([, { size }]) => size))
    for (const size of sizes) {
      const networks = bySize.filter(([, strangers]) => strangers.size === size).map(([network]) => network)
      if (this.endOneOf(networks)) return true
    }
    return false
  }

  add(stranger: Stranger): void {
    const neighbours = this.byNetwork.get(stranger.network)
    if (neighbours) neighbours.add(stranger)
    else this.byNetwork.set(stranger.network, new Set([stranger]))
    this.total++
  }

  /** Takes note that a session has ended or has shown a credential. To be called once or more. */
  remove(stranger: Stranger): void {
    const neighbours = this.byNetwork.get(stranger.network)
    if (!neighbours?.delete(stranger)) return
    this.total--
    if (neighbours.size === 0) this.byNetwork.delete(stranger.network)
  }

  private endOneOf(networks: readonly string[]): boolean {
    let silent: Stranger | undefined
    for (const network of networks)
      for (const stranger of this.byNetwork.get(network) ?? [])
        if ((!silent || stranger.turn < silent.turn) && stranger.mayEnd()) silent = stranger
    if (!silent) return false
    this.remove(silent)
    silent.end()
    return true
  }
}
