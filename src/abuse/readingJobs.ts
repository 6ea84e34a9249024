/** What is read, off the event loop, of mail that speaks of abuse. */

import { readFeedback } from './complaints/feedback.ts'
import { builtInChecks } from './scoring/builtIn.ts'
import type { MailToScore } from './scoring/scorer.ts'

export const abuseJobs = {
  complaint: ({ content, hostname }: { content: Uint8Array; hostname: string }) => readFeedback(content, hostname),
  checks: (mail: Pick<MailToScore, 'bytes' | 'from' | 'to'>) => builtInChecks(mail),
}

export type AbuseJobs = typeof abuseJobs
