/** Counts the sessions of each account, so that one of them cannot take the room of all others. */

/** Part of all sessions that one account can hold. */
const ACCOUNT_SHARE = 0.75

export class AccountSessions {
  private readonly most: number
  private readonly open = new Map<number, number>()

  /** @param sessions open sessions in all */
  constructor(sessions: number) {
    this.most = Math.max(1, Math.ceil(sessions * ACCOUNT_SHARE))
  }

  /** Counts a session in; false, and nothing counted, when the account has its share. */
  enter(account: number): boolean {
    const open = this.open.get(account) ?? 0
    if (open >= this.most) return false
    this.open.set(account, open + 1)
    return true
  }

  /** Counts a session out. */
  leave(account: number): void {
    const open = (this.open.get(account) ?? 0) - 1
    if (open > 0) this.open.set(account, open)
    else this.open.delete(account)
  }
}
