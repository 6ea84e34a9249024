/** The scorer of a setting, and which scorers a setting may name. */

import type { Checked } from '../../base/checked.ts'
import { isInRange, parseAddress, parseRange } from '../../model/addressRange.ts'
import type { Scoring } from '../../model/signal.ts'
import { rspamd } from './rspamd.ts'
import type { ConnectScorer } from './scorer.ts'
import { spamd } from './spamd.ts'

/** Loopback and private networks (RFC 1918, RFC 4193). */
const near = ['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '::1/128', 'fc00::/7'].map(
  (range) => parseRange(range)!,
)

/** Whether a host is on this machine or in a private network. Names other than localhost could lead anywhere. */
function isNear(host: string): boolean {
  if (host === 'localhost') return true
  const address = parseAddress(host.replace(/^\[(.*)\]$/, '$1'))
  return address !== undefined && near.some((range) => isInRange(address, range))
}

const schemes: Record<Scoring['kind'], readonly string[]> = {
  'built-in': [],
  rspamd: ['http:', 'https:'],
  spamd: ['spamd:'],
}

/** Checks where a scorer is. Samples are sent to it whole, so it may not be just anywhere. */
export function checkScoringUrl(kind: Scoring['kind'], text: string): Checked {
  if (kind === 'built-in') return { ok: true, value: '' }
  const example = kind === 'rspamd' ? 'http://127.0.0.1:11333' : 'spamd://127.0.0.1:783'
  const url = URL.parse(text)
  if (!url || !schemes[kind].includes(url.protocol) || url.hostname === '')
    return { ok: false, problem: `${text} is not where ${kind} can be: give an address such as ${example}` }
  if (url.username !== '' || url.search !== '' || url.hash !== '' || !['', '/'].includes(url.pathname))
    return { ok: false, problem: `give host and port alone, such as ${example}` }
  if (url.protocol !== 'https:' && !isNear(url.hostname))
    return {
      ok: false,
      problem: `samples are sent there whole: give an IP address of this machine or a private network`,
    }
  return { ok: true, value: `${url.protocol}//${url.host}` }
}

/** Reaches the scorer of a setting. */
export const connectScorer: ConnectScorer = (scoring) => {
  if (scoring.kind === 'rspamd') return rspamd(scoring)
  return scoring.kind === 'spamd' ? spamd(scoring) : undefined
}
