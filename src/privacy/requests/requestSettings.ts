/** How requests are handled, as kept in the settings. */

import type { Settings } from '../../store/store.ts'

const POLICY = 'requests.policy'

export interface RequestPolicy {
  /** packages are reviewed by a second person before they are handed over */
  reviewPackages: boolean
  /** days a package stays */
  packageDays: number
  /** answers a mail to the privacy desk by itself */
  acknowledge: boolean
  /** days after it was closed that a request still says who asked and what was written */
  keepDays: number
}

/** Three years: so long somebody can go to law over how a request was answered. */
const KEEP_DAYS = 1095

const usual: RequestPolicy = { reviewPackages: false, packageDays: 14, acknowledge: true, keepDays: KEEP_DAYS }

/** The policy in force. */
export async function requestPolicy(settings: Settings): Promise<RequestPolicy> {
  return { ...usual, ...(await settings.get<RequestPolicy>(POLICY)) }
}

/** Changes the policy, with its entry in the audit log. */
export function setRequestPolicy(
  settings: Settings,
  policy: RequestPolicy,
  entry: Parameters<Settings['set']>[2],
): Promise<void> {
  return settings.set(POLICY, policy, entry)
}
