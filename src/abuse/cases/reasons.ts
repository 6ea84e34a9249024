/** The reasons a case may have, as kept in the settings. */

import type { CaseReason } from '../../model/case.ts'
import type { Settings } from '../../store/store.ts'

const REASONS = 'review.reasons'

/** Until an admin writes those of the own terms of service. */
const usualReasons: CaseReason[] = [
  { code: 'spam', text: 'Unsolicited bulk mail' },
  { code: 'phishing', text: 'Mail that pretends to be from somebody else to get at passwords or money' },
  { code: 'malware', text: 'Mail that carries or links to harmful software' },
  { code: 'fraud', text: 'Mail that deceives its recipients about an offer, a payment or a person' },
  { code: 'harassment', text: 'Threats, stalking or abuse of persons' },
  { code: 'compromised', text: 'A credential of the account seems to be in the wrong hands' },
]

export async function caseReasons(settings: Settings): Promise<CaseReason[]> {
  return (await settings.get<CaseReason[]>(REASONS)) ?? usualReasons
}

export function setCaseReasons(
  settings: Settings,
  reasons: CaseReason[],
  entry: Parameters<Settings['set']>[2],
): Promise<void> {
  return settings.set(REASONS, reasons, entry)
}
