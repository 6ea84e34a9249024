/** The policy of review, as kept in the settings. */

import { defaultReviewPolicy, type ReviewPolicy } from '../../model/review.ts'
import type { Settings } from '../../store/store.ts'

const POLICY = 'review.policy'

/** The policy in force. */
export async function reviewPolicy(settings: Settings): Promise<ReviewPolicy> {
  return { ...defaultReviewPolicy, ...(await settings.get<ReviewPolicy>(POLICY)) }
}

/** Changes the policy, with its entry in the audit log. */
export function setReviewPolicy(
  settings: Settings,
  policy: ReviewPolicy,
  entry: Parameters<Settings['set']>[2],
): Promise<void> {
  return settings.set(POLICY, policy, entry)
}
