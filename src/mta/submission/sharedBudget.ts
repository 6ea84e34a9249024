/**
 * Shares a budget between those who send: accounts, or networks of strangers. However much one of them sends at once,
 * something is left for the next; a message that is the only one of its owner may take all that is free.
 */

import { ByteBudget } from './budget.ts'

interface Share {
  octets: number
  messages: number
}

/** An owner with several messages under way may hold so many times what it leaves to all others. */
const HELD_TO_LEFT = 2

export type Owner = number | string

export class SharedBudget {
  private readonly budget: ByteBudget
  private readonly shares = new Map<Owner, Share>()

  /** @param octets for all sessions together */
  constructor(octets: number) {
    this.budget = new ByteBudget(octets)
  }

  /** Whether another message of so many octets has room now. */
  hasRoom(owner: Owner, octets: number): boolean {
    const { octets: held, messages } = this.shares.get(owner) ?? { octets: 0, messages: 0 }
    return this.fits({ octets: held, messages: messages + 1 }, octets)
  }

  /** What one message may take, to be ended with {@link BudgetClaim.end}. */
  claim(owner: Owner): BudgetClaim {
    const share = this.shares.get(owner) ?? { octets: 0, messages: 0 }
    this.shares.set(owner, share)
    share.messages++
    return new BudgetClaim({
      take: (octets) => {
        if (!this.fits(share, octets)) return false
        share.octets += octets
        return this.budget.take(octets)
      },
      give: (octets) => {
        share.octets -= octets
        this.budget.give(octets)
      },
      end: () => {
        if (--share.messages === 0) this.shares.delete(owner)
      },
    })
  }

  private fits({ octets: held, messages }: Share, octets: number): boolean {
    const left = this.budget.left - octets
    return left >= 0 && (messages === 1 || held + octets <= HELD_TO_LEFT * left)
  }
}

/** What a claim does to the budget it is of. */
interface Source {
  take(octets: number): boolean
  give(octets: number): void
  end(): void
}

/** One message's octets. */
export class BudgetClaim {
  private readonly source: Source
  /** set aside and not used yet */
  private reserved = 0
  private isEnded = false

  constructor(source: Source) {
    this.source = source
  }

  /** Sets octets aside for what is to come; false, and nothing set aside, when that many are not left. */
  reserve(octets: number): boolean {
    if (octets > 0 && !this.source.take(octets)) return false
    this.reserved += octets
    return true
  }

  /** Takes octets, those set aside first; false, and nothing taken, when that many are not left. */
  take(octets: number): boolean {
    const more = octets - this.reserved
    if (more > 0 && !this.source.take(more)) return false
    this.reserved = Math.max(0, -more)
    return true
  }

  give(octets: number): void {
    this.source.give(octets)
  }

  /** Gives what is still set aside back. Further calls do nothing. */
  end(): void {
    if (this.isEnded) return
    this.isEnded = true
    this.source.give(this.reserved)
    this.source.end()
  }
}
