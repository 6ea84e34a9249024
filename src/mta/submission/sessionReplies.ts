/** What a session says of its lines and of its messages. */

import { formatId } from '../../model/id.ts'
import type { Reply } from '../../model/reply.ts'
import type { Acceptance } from '../ports.ts'
import { refuse } from './checkResult.ts'
import type { LineError } from './parser.ts'

export const lineErrors: Record<LineError, Reply> = {
  'bare-lf': refuse(500, '5.5.2', 'A bare LF ends no command: end every line with CRLF').reply,
  control: refuse(500, '5.5.2', 'Control characters have no place in a command').reply,
  encoding: refuse(500, '5.5.2', 'The command is not UTF-8').reply,
  long: refuse(500, '5.5.2', 'The command is too long: 12288 octets at most').reply,
}

/** How long a client that was turned out has to read why, milliseconds. */
export const LINGER_MS = 1000
export const outnumbered = refuse(421, '4.7.0', 'Others wait and you have not logged in: connect again').reply
export const accountFull = refuse(421, '4.7.0', 'Your account has too many sessions: close some first').reply

export const faulty = refuse(421, '4.3.0', 'The relay has a fault: try again later').reply

export const taken: Reply = { code: 250, enhancedCode: '2.0.0', text: 'taken, and will be looked at' }
export const mailboxesFull = refuse(452, '4.3.1', 'Too much mail waits to be read here: try again later').reply

/** What is said of a message that was handed over. */
export function replyTo(acceptance: Acceptance): Reply {
  if (acceptance.kind === 'refused') return acceptance.reply
  return { code: 250, enhancedCode: '2.0.0', text: `queued as ${formatId(acceptance.id)}` }
}
