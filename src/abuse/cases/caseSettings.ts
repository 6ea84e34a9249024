/** The policy of review, as kept in the settings. */

import { type CaseSettings, defaultCaseSettings } from '../../model/case.ts'
import type { Settings } from '../../store/store.ts'

const POLICY = 'review.policy'

/** The policy in force. */
export async function caseSettings(settings: Settings): Promise<CaseSettings> {
  return { ...defaultCaseSettings, ...(await settings.get<CaseSettings>(POLICY)) }
}

/** Changes the policy, with its entry in the audit log. */
export function setCaseSettings(
  settings: Settings,
  policy: CaseSettings,
  entry: Parameters<Settings['set']>[2],
): Promise<void> {
  return settings.set(POLICY, policy, entry)
}
