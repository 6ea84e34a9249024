/** The part of a notification that people read. */

import { GIVE_UP_AFTER } from '../../model/retry.ts'
import { oneLine, type Part } from '../mime/write.ts'
import type { Action, Notified } from './notified.ts'
import { remoteHost, type StatusInput, wordsOf } from './status.ts'

const WIDTH = 72
const DAY_MS = 86_400_000

function when(ms: number): string {
  const text = new Date(ms).toISOString()
  return `${text.slice(0, 10)} ${text.slice(11, 16)} UTC`
}

function wrap(text: string, indent: string): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > WIDTH) {
      lines.push(indent + line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, indent + line]
}

const order: readonly Action[] = ['failed', 'expired', 'delayed', 'relayed']

function heading(action: Action, { record }: StatusInput): string {
  const until = when(record.acceptedAt + GIVE_UP_AFTER)
  switch (action) {
    case 'failed':
      return 'It could not be delivered to these recipients, and will not be tried again:'
    case 'expired':
      return `It was tried for ${GIVE_UP_AFTER / DAY_MS} days without success and has been given up for these recipients:`
    case 'delayed':
      return `It has not reached these recipients yet. You need not do anything: it is tried again until ${until}.`
    case 'relayed':
      return 'It was handed over for these recipients to a mail host that sends no reports, so this is the last you hear:'
  }
}

function recipientLines(told: Notified, { destination }: StatusInput): string[] {
  const { reply, reason } = wordsOf(told)
  const host = reply ? remoteHost(destination) : undefined
  const said = host ? `${host} said: ${oneLine(reason)}` : oneLine(reason)
  return [`  ${oneLine(told.delivery.recipient)}`, ...wrap(said, '    ')]
}

function section(action: Action, input: StatusInput): string[] {
  const members = input.told.filter((told) => told.action === action)
  if (members.length === 0) return []
  return [...wrap(heading(action, input), ''), '', ...members.flatMap((told) => [...recipientLines(told, input), ''])]
}

/** Builds the part: what happened to which recipient, and why, grouped by what happened. */
export function wordsPart(input: StatusInput): Part {
  const { hostname, record } = input
  const subject = oneLine(record.subject)
  const about = `about your message of ${when(record.acceptedAt)}${subject === '' ? '' : ' with the subject'}`
  const lines = [
    ...wrap(`This is the mail relay at ${hostname}, ${about}${subject === '' ? '.' : ''}`, ''),
    ...(subject === '' ? [] : ['', ...wrap(subject, '  ')]),
    '',
    ...order.flatMap((action) => section(action, input)),
    ...wrap('The header of your message is attached. This message was written by a program; answers are not read.', ''),
  ]
  return { contentType: 'text/plain; charset=utf-8', body: Buffer.from(`${lines.join('\r\n')}\r\n`, 'utf8') }
}
