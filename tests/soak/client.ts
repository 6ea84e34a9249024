/** A small SMTP client that says exactly which messages got their 250. */

import { connect } from 'node:net'

export interface Sender {
  /** envelope sender and author */
  from: string
  /** address of this machine to connect from; any when left out */
  localAddress?: string
}

const acme: Sender = { from: 'billing@acme.example' }

function message(tag: string, from: string): string {
  const lines = [
    `From: Billing <${from}>`,
    `To: tom@kestrel.example`,
    `Subject: ${tag}`,
    `X-Tag: ${tag}`,
    '',
    'A message that must not be lost.',
    'x'.repeat(tag.length % 7 === 0 ? 900 : 60),
  ]
  return `${lines.join('\r\n')}\r\n.\r\n`
}

/** Submits one message a tag over one connection, and tells each tag whose 250 arrived. Resolves when it is over, anyhow. */
export function submit(
  port: number,
  tags: readonly string[],
  acknowledged: (tag: string) => void,
  { from, localAddress }: Sender = acme,
): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', ...(localAddress === undefined ? {} : { localAddress }) })
    socket.setTimeout(20_000, () => socket.destroy())
    let text = ''
    let step = 0
    let current = 0
    const say = (line: string): void => void socket.write(line)
    const next = (code: string): void => {
      const expected = ['220', '250', '250', '250', '354', '250'][step]
      if (code !== expected) {
        socket.destroy()
        return
      }
      step++
      if (step === 1) say('EHLO soak.example\r\n')
      else if (step === 2) say(`MAIL FROM:<${from}>\r\n`)
      else if (step === 3) say('RCPT TO:<tom@kestrel.example>\r\n')
      else if (step === 4) say('DATA\r\n')
      else if (step === 5) say(message(tags[current]!, from))
      else {
        acknowledged(tags[current]!)
        current++
        step = 2
        if (current < tags.length) say(`MAIL FROM:<${from}>\r\n`)
        else socket.end('QUIT\r\n')
      }
    }
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      const lines = text.split('\r\n')
      text = lines.pop()!
      for (const line of lines) if (line[3] !== '-') next(line.slice(0, 3))
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve())
  })
}
