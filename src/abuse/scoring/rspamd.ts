/** Scores mail with rspamd over its HTTP interface (`/checkv2`). */

import { request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { z } from 'zod'
import type { Scoring } from '../../model/signal.ts'
import type { MailToScore, Score, Scorer } from './scorer.ts'

/** Largest answer that is read, octets. */
const MOST_OCTETS = 1024 * 1024
/** Recipients that are named to it. */
const MOST_RECIPIENTS = 100

const answerShape = z.object({
  score: z.number(),
  required_score: z.number(),
  action: z.string(),
  symbols: z.record(z.string(), z.object({ score: z.number().default(0) })).default({}),
})

/** UTF-8 as a header carries it. */
function octets(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

function headersOf({ bytes, from, to, client }: MailToScore): Record<string, string | string[]> {
  const recipients = to.slice(0, MOST_RECIPIENTS).map(octets)
  return {
    'content-length': String(bytes.length),
    from: octets(from),
    rcpt: recipients,
    ...(recipients[0] === undefined ? {} : { 'deliver-to': recipients[0] }),
    ...(client.address === '' ? {} : { ip: client.address }),
    ...(client.helo === '' ? {} : { helo: octets(client.helo) }),
  }
}

/** rspamd's own verdict decides where 50 is; its score where within a verdict. */
function scoreOf(answer: unknown): Score {
  const { score, required_score, action, symbols } = answerShape.parse(answer)
  const share = required_score > 0 ? (100 * score) / required_score : 0
  const least = { reject: 90, 'add header': 50, 'rewrite subject': 50 }[action] ?? 0
  // what made it reject at once, such as a test pattern, has no score of its own
  const named = Object.entries(symbols).filter((entry) => entry[1].score > 0 || (least >= 90 && entry[1].score === 0))
  named.sort((a, b) => b[1].score - a[1].score)
  return { score: Math.max(share, least), symbols: named.map(([name]) => name) }
}

/** A scorer that asks the rspamd at a URL. */
export function rspamd({ url, timeoutMs }: Scoring): Scorer {
  const send = url.startsWith('https:') ? secureRequest : plainRequest
  return (mail) =>
    new Promise((resolve, reject) => {
      const headers = headersOf(mail)
      const signal = AbortSignal.timeout(timeoutMs)
      const request = send(`${url}/checkv2`, { method: 'POST', headers, signal, agent: false }, (response) => {
        const pieces: Buffer[] = []
        let length = 0
        response.on('error', reject)
        response.on('data', (piece: Buffer) => {
          length += piece.length
          if (length > MOST_OCTETS) request.destroy(new Error('the answer is too long'))
          else pieces.push(piece)
        })
        response.on('end', () => {
          if (response.statusCode !== 200) return reject(new Error(`the answer was HTTP ${response.statusCode}`))
          try {
            resolve(scoreOf(JSON.parse(Buffer.concat(pieces).toString('utf8'))))
          } catch {
            reject(new Error('the answer cannot be understood'))
          }
        })
      })
      request.on('error', (error) =>
        reject(signal.aborted ? new Error(`no answer within ${timeoutMs} milliseconds`) : error),
      )
      request.end(mail.bytes)
    })
}
