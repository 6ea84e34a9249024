/** What comes next for a sealed sample, for the person who looks: in the words that stand on its button. */

import type { CaseSample } from '../../../contract/cases.ts'
import { momentInText } from '../../format.ts'
import { text } from '../../text.ts'

const words = text.review.step

export type StepKind = 'ask' | 'approve' | 'open' | 'wait'

export interface Step {
  kind: StepKind
  label: string
  /** why it is closed, in full */
  why: string
}

/**
 * The next step, from what the relay says stands in the way.
 * @param email who looks
 * @param mayWork whether they may work on cases
 */
export function stepOf({ obstacles, opening }: CaseSample, email: string, mayWork: boolean, now: number): Step {
  const why = obstacles.map((obstacle) => obstacle.text).join(' ')
  const wait = (label: string): Step => ({ kind: 'wait', label, why: why || label })
  const has = (kind: CaseSample['obstacles'][number]['kind']) => obstacles.some((obstacle) => obstacle.kind === kind)
  if (has('case closed')) return wait(words.decided)
  if (!mayWork) return wait(words.readOnly)
  if (has('second person')) {
    const label = opening?.requestedBy === email ? words.second : words.approve
    return opening?.requestedBy === email ? wait(label) : { kind: 'approve', label, why }
  }
  if (has('seal key')) return wait(words.key)
  if (has('requested')) {
    const label = opening ? words.askAgain : has('suspicion') ? words.askBelow : words.ask
    return { kind: 'ask', label, why }
  }
  if (has('role')) return wait(words.theirs(opening?.requestedBy ?? ''))
  if (has('delay')) return wait(words.opensAt(momentInText(opening?.opensAt ?? now, now)))
  // a delay stands in for a second person: only who asked opens it
  if (opening && opening.requestedBy !== email) return wait(words.theirs(opening.requestedBy))
  return { kind: 'open', label: words.open, why }
}
