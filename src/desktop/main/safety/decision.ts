/** What becomes of a link a person clicks. Pure. */

import { readUrl } from '../origin.ts'

/** Where the console's own words link to: standards. */
const known: readonly string[] = ['www.rfc-editor.org', 'datatracker.ietf.org']

/** What becomes of a link: opened in the browser at once, after a question, or not at all. */
export function decisionOn(address: string): 'open' | 'ask' | 'refuse' {
  const url = readUrl(address)
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') return 'refuse'
  return known.includes(url.host) ? 'open' : 'ask'
}
