/** The account a member acts for. */

import type { Account } from '../../model/account.ts'
import type { Role } from '../../model/user.ts'
import type { Directory } from '../../store/store.ts'
import { refused } from './errors.ts'
import { accountNamed } from './views.ts'

/** The account that goes with a role: a member has one, nobody else has. Throws REFUSED, NOT_FOUND. */
export function customerAccount(directory: Directory, role: Role, name: string | undefined): Account | undefined {
  if (role !== 'member') {
    if (name !== undefined) throw refused(`${role} is no role of an account holder`, 'leave the account out')
    return undefined
  }
  if (name === undefined) throw refused('a member acts for one account', 'name the account')
  return accountNamed(directory, name)
}
