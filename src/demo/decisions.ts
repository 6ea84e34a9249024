/** What the people of the demo decided in the past: trust, complaints, a suspension. Through the store's own calls. */

import { DAY_MS } from '../model/retention.ts'
import { crossed } from '../model/trust.ts'
import type { Store } from '../store/store.ts'
import type { NewTrustDecision } from '../store/trust.ts'
import type { SeededDecision } from './history.ts'
import type { AccountName } from './letter.ts'

type Notified = Pick<NewTrustDecision, 'decision' | 'reason' | 'decidedBy'> &
  Partial<Pick<NewTrustDecision, 'requestedBy' | 'reviewAt'>>

/**
 * The deeds of seventy days, in order.
 * @param person e-mail address of who did them
 * @param now milliseconds, Unix time
 */
export function pastDeeds(store: Store, person: string, now: number): SeededDecision[] {
  const { directory, trust } = store
  const ago = (days: number): number => now - days * DAY_MS
  const idOf = (name: AccountName): number => directory.accountByName(name)!.id

  async function decide(name: AccountName, decidedAt: number, told: Notified): Promise<void> {
    const account = idOf(name)
    const [figures] = await trust.figures(decidedAt, account)
    await trust.decide({
      account,
      requestedBy: '',
      reviewAt: undefined,
      ...told,
      criteria: figures!.criteria,
      decidedAt,
      samples: 'keep',
      tell: false,
    })
  }

  function give(
    name: AccountName,
    days: number,
    reviewInDays: number,
    requestedBy: string,
    reason: string,
  ): SeededDecision {
    const at = ago(days)
    const reviewAt = now + reviewInDays * DAY_MS
    return { at, act: () => decide(name, at, { decision: 'on', decidedBy: person, requestedBy, reviewAt, reason }) }
  }

  function complain(name: AccountName, days: number, note: string): SeededDecision {
    const at = ago(days)
    const complaint = { account: idOf(name), message: undefined, at, source: 'person', note }
    return { at, act: () => trust.addComplaint(complaint, { actor: person, at, reason: note }) }
  }

  /** What the relay does by itself when thresholds are crossed. */
  function endByItself(name: AccountName, days: number): SeededDecision {
    const at = ago(days)
    return {
      at,
      act: async () => {
        const [figures] = await trust.figures(at, idOf(name))
        const reasons = crossed(figures!.criteria, await trust.thresholds())
        await decide(name, at, { decision: 'off', decidedBy: 'system', reason: reasons.join('; ') })
      },
    }
  }

  const suspendedAt = ago(6)
  const why = 'readers complain and every sixth address is unknown; call us with proof of consent'
  return [
    give('northbay', 62, -2, 'Dr Iris Holm, data protection officer', 'Letters to patients are health data.'),
    give('quill', 55, 125, 'M. Quill, by telephone', 'Manuscripts of authors; nothing to object to so far.'),
    give('fennel', 41, 139, 'Ruth Amsel, partner, by letter', 'Mail between lawyers and their clients is privileged.'),
    complain('quill', 13, 'A reader called: he never ordered the newsletter and cannot get rid of it.'),
    complain('quill', 12, 'By letter: unsolicited offers to an address that was never given to Quill.'),
    endByItself('quill', 11.9),
    complain('quill', 8, 'The postmaster of plover.example asks where the consent of 40 of his users is.'),
    {
      at: suspendedAt,
      act: () => trust.setStatus(idOf('quill'), 'suspended', { actor: person, at: suspendedAt, reason: why }),
    },
  ]
}
