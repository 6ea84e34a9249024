/** What is read, off the event loop, of letters to the role mailboxes. */

import { tokensIn } from './addressToken.ts'
import { readRequestMail } from './readMail.ts'

export const letterJobs = {
  /** a letter to the team: to the privacy mailbox, or an appeal */
  letter: ({ content }: { content: Uint8Array }) => readRequestMail(content),
  /** tokens of the addresses `local+TOKEN@` it was written to */
  tokens: async ({ content, local }: { content: Uint8Array; local: string }) => tokensIn(content, local),
}

export type LetterJobs = typeof letterJobs
