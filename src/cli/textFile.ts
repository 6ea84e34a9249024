/** Texts that are too long for an option. */

import { readFile } from 'node:fs/promises'
import { Failure } from './failure.ts'

/** The text of a file. */
export function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((fault: NodeJS.ErrnoException) => {
    throw new Failure(`${file} cannot be read (${fault.code}): give a file with the text`)
  })
}
