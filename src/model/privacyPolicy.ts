/** The policy in its versions: what a version fixes, how it comes in force, and what changes between two. Pure. */

import { diffLines, type LineChange } from './diff.ts'
import { DAY_MS } from './retention.ts'

/** What a version of the policy fixes. */
export interface PolicyContent {
  text: string
  /** who is responsible for the service */
  owner: string
  /** days header records and samples are kept */
  keepDays: number
}

export type PolicyState = 'draft' | 'announced' | 'in force' | 'replaced' | 'withdrawn'

/** What happens to a version of the policy. */
export type PolicyEvent = 'announce' | 'take effect' | 'replace' | 'withdraw'

/** Accounts hear of a change at least so long before it takes effect, in milliseconds. */
export const LEAST_NOTICE_MS = DAY_MS

const transitions: Readonly<Record<PolicyState, Partial<Record<PolicyEvent, PolicyState>>>> = {
  draft: { announce: 'announced', withdraw: 'withdrawn' },
  announced: { 'take effect': 'in force', withdraw: 'withdrawn' },
  'in force': { replace: 'replaced' },
  replaced: {},
  withdrawn: {},
}

/** The state of a version after an event; undefined when the event is not possible then. */
export function transitionPolicy(state: PolicyState, event: PolicyEvent): PolicyState | undefined {
  return transitions[state][event]
}

/**
 * The days with which an announced version takes effect: its own, unless fewer were set directly since it was announced.
 * Accounts were told of this change when more was kept; nobody told them that it makes those days longer again.
 */
export function daysInEffect(
  { keepDays, announcedAt }: Pick<PolicyContent, 'keepDays'> & { announcedAt: number | undefined },
  current: (Pick<PolicyContent, 'keepDays'> & { inForceAt: number | undefined }) | undefined,
): number {
  const isSince = current?.inForceAt !== undefined && announcedAt !== undefined && current.inForceAt >= announcedAt
  return isSince ? Math.min(keepDays, current.keepDays) : keepDays
}

/** A version as a document: its text, and below it what it fixes besides. */
export function policyDocument({ text, owner, keepDays }: PolicyContent): string[] {
  return [
    ...text.trimEnd().split(/\r\n|\r|\n/),
    '',
    `Responsible for the service: ${owner}`,
    `Header records and samples are kept: ${keepDays} ${keepDays === 1 ? 'day' : 'days'}`,
  ]
}

/** What changes from one version to another, line by line. The first version is all new. */
export function policyDiff(before: PolicyContent | undefined, after: PolicyContent): LineChange[] {
  return diffLines(before ? policyDocument(before) : [], policyDocument(after))
}
