/** What a check answers: go on, with what was understood, or the reply that refuses. */

import type { Reply } from '../../model/reply.ts'

export type CheckResult<T> = { ok: true; value: T } | { ok: false; reply: Reply }

/** A refusal. The text says what to change. */
export function refuse(code: number, enhancedCode: string, text: string): { ok: false; reply: Reply } {
  return { ok: false, reply: { code, enhancedCode, text } }
}

/** A check passed. */
export function pass<T>(value: T): { ok: true; value: T } {
  return { ok: true, value }
}

/** The memory for messages that are being received is used up, or the sender's part of it. */
export const noRoom = refuse(452, '4.3.1', 'Too many messages are being received at once: try again later')
