/** The place a connection takes among the sessions, from the moment it is accepted until it is given back. */

import { networkOf, type Stranger, type Strangers } from './strangers.ts'

/** How a session that has begun is ended. */
type Occupant = Pick<Stranger, 'mayEnd' | 'end'>

export class Seat implements Stranger {
  readonly network: string
  turn: number
  private readonly strangers: Strangers
  /** ends a connection whose session has not begun */
  private readonly destroy: () => void
  private occupant: Occupant | undefined
  private left: (() => void) | undefined

  constructor(strangers: Strangers, address: string, destroy: () => void) {
    this.strangers = strangers
    this.network = networkOf(address)
    this.turn = strangers.turn()
    this.destroy = destroy
  }

  /** What gives the place back in the counts. */
  onLeft(left: () => void): void {
    this.left = left
  }

  /** The session has begun. */
  taken(occupant: Occupant): void {
    this.occupant = occupant
  }

  /** A whole command came. */
  spoke(): void {
    this.turn = this.strangers.turn()
  }

  /** The client has shown a credential: it is no stranger any more. */
  trusted(): void {
    this.strangers.remove(this)
  }

  /** Gives the place back; further calls do nothing. */
  leave(): void {
    this.strangers.remove(this)
    this.left?.()
    this.left = undefined
  }

  mayEnd(): boolean {
    return this.occupant?.mayEnd() ?? true
  }

  end(): void {
    this.leave()
    if (this.occupant) this.occupant.end()
    else this.destroy()
  }
}
