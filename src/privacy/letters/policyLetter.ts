/** What accounts are told about a change of the policy, before it takes effect. Pure. */

import type { LineChange } from '../../model/diff.ts'
import { type PolicyContent, policyDiff, policyDocument } from '../../model/privacyPolicy.ts'
import type { Letter } from '../../mta/mime/letter.ts'

export interface ChangedPolicy {
  /** name of this relay */
  hostname: string
  /** undefined when nothing was in force before */
  before: PolicyContent | undefined
  after: PolicyContent & { version: number }
  /** milliseconds, Unix time */
  effectiveAt: number
  /** why it changes */
  reason: string
  /** address of an admin who answers questions; undefined when none is known */
  admin: string | undefined
}

const marks: Record<LineChange['kind'], string> = { in: '+ ', out: '- ', same: '' }

/** A moment as letters write it. */
export function letterTime(ms: number): string {
  const time = new Date(ms).toISOString()
  return `${time.slice(0, 10)} at ${time.slice(11, 16)} UTC`
}

function daysWords(before: PolicyContent | undefined, { keepDays }: PolicyContent): string {
  if (!before || before.keepDays === keepDays)
    return `Header records and samples are kept ${keepDays} days, as they are now.`
  const kept =
    keepDays < before.keepDays
      ? 'What is older on that day is destroyed then.'
      : 'This is so for mail accepted from then on; what is kept already goes on the day it was to go.'
  return `Header records and samples will be kept ${keepDays} days instead of ${before.keepDays}. ${kept}`
}

function ownerWords(before: PolicyContent | undefined, { owner }: PolicyContent): string[] {
  if (!before || before.owner === owner) return []
  return [`Responsible for the service will be: ${owner}. Until then it is: ${before.owner}.`]
}

function whomToAsk(admin: string | undefined): string {
  return admin === undefined ? 'the operator of this relay' : `${admin}, or answer this letter`
}

/** The letter to the contact of each account: what changes, when, why, what it means, and the whole text. */
export function policyChangeLetter({ hostname, before, after, effectiveAt, reason, admin }: ChangedPolicy): Letter {
  const changes = policyDiff(before, after).filter(({ kind }) => kind !== 'same')
  return {
    subject: `The policy of ${hostname} changes on ${new Date(effectiveAt).toISOString().slice(0, 10)}`,
    replyTo: admin,
    paragraphs: [
      `This letter is for the contact of an account at the mail relay ${hostname}. It is about what the relay keeps of your mail.`,
      `When: the change takes effect on ${letterTime(effectiveAt)}. Until then everything stays as it is.`,
      `Why: ${reason}`,
      `What it means: ${daysWords(before, after)}`,
      ...ownerWords(before, after),
      'If you do not agree, you can close your account before that day, and ask for your data or for its deletion at any time.',
      `Whom to ask: ${whomToAsk(admin)}.`,
      `What changes (- goes, + is new):\n${changes.map(({ kind, text }) => `${marks[kind]}${text}`).join('\n')}`,
      `The whole policy, version ${after.version}:`,
      ...paragraphsOf(policyDocument(after).join('\n')),
    ],
  }
}

export interface WithdrawnPolicy {
  hostname: string
  version: number
  /** when it would have taken effect, milliseconds of Unix time */
  effectiveAt: number
  admin: string | undefined
}

/** The letter to those who were told of a change that does not come. */
export function policyWithdrawnLetter({ hostname, version, effectiveAt, admin }: WithdrawnPolicy): Letter {
  return {
    subject: `The policy of ${hostname} does not change`,
    replyTo: admin,
    paragraphs: [
      `This letter is for the contact of an account at the mail relay ${hostname}.`,
      `We wrote to you that the policy changes on ${letterTime(effectiveAt)} (version ${version}). That change was withdrawn: it does not take effect, and everything stays as it is.`,
      `Whom to ask: ${whomToAsk(admin)}.`,
    ],
  }
}

/** Text as people write it, taken apart where a line is left empty. */
export function paragraphsOf(text: string): string[] {
  return text.split(/(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)+/).flatMap((paragraph) => paragraph.trim() || [])
}
