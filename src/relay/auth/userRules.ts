/** What policy asks of the people who use the console; kept in memory, since each call is checked against it. */

import type { SecondFactorPolicy } from '../../model/user.ts'
import type { AuditEntry, Settings } from '../../store/store.ts'

const SETTING = 'people.policy'

interface Policy {
  totp: SecondFactorPolicy
}

export interface UserRules {
  get(): Policy
  set(policy: Policy, entry: AuditEntry): Promise<void>
}

/** The policy as the store has it; a second factor is optional until somebody says otherwise. */
export async function loadUserRules(settings: Settings): Promise<UserRules> {
  let present = (await settings.get<Policy>(SETTING)) ?? { totp: 'optional' }
  return {
    get: () => present,
    async set(policy, entry) {
      await settings.set(SETTING, policy, entry)
      present = policy
    },
  }
}
