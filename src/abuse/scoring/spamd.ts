/** Scores mail with SpamAssassin's spamd (its protocol 1.5, command SYMBOLS). */

import { connect } from 'node:net'
import { type Scoring, SUSPICIOUS } from '../../model/signal.ts'
import type { Score, Scorer } from './scorer.ts'

/** Largest answer that is read, octets. */
const MOST_OCTETS = 64 * 1024
const PORT = 783

/** `SPAMD/1.1 0 EX_OK`, `Spam: True ; 15.0 / 5.0`, an empty line, the symbols. */
function scoreOf(answer: string): Score {
  const verdict = /^Spam: *\w+ *; *(-?[\d.]+) *\/ *([\d.]+)/im.exec(answer)
  if (!/^SPAMD\/[\d.]+ 0 /.test(answer) || !verdict) throw new Error('the answer cannot be understood')
  const threshold = Number(verdict[2])
  const score = threshold > 0 ? (SUSPICIOUS * Number(verdict[1])) / threshold : 0
  const symbols = answer.slice(answer.indexOf('\r\n\r\n') + 4).split(/[,\s]+/)
  return { score, symbols: symbols.filter(Boolean) }
}

/** A scorer that asks the spamd at a URL. */
export function spamd({ url, timeoutMs }: Scoring): Scorer {
  const { hostname, port } = new URL(url)
  return ({ bytes }) =>
    new Promise((resolve, reject) => {
      const socket = connect({ host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port) || PORT })
      const timer = setTimeout(() => socket.destroy(new Error(`no answer within ${timeoutMs} milliseconds`)), timeoutMs)
      let answer = ''
      socket.setEncoding('latin1')
      socket.on('connect', () => {
        socket.write(`SYMBOLS SPAMC/1.5\r\nContent-length: ${bytes.length}\r\n\r\n`)
        socket.end(bytes)
      })
      socket.on('data', (piece: string) => {
        answer += piece
        if (answer.length > MOST_OCTETS) socket.destroy(new Error('the answer is too long'))
      })
      socket.on('error', reject)
      socket.on('close', () => {
        clearTimeout(timer)
        try {
          resolve(scoreOf(answer))
        } catch (error) {
          reject(error)
        }
      })
    })
}
