import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { agentFor, jobFor, routeTo, sinkFor, words } from './support.ts'

/** Real messages that lie beside the checkout; not part of it. */
const folder = '../shared/mail'

function filesIn(path: string): string[] {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return []
  return stat.isDirectory() ? readdirSync(path).flatMap((name) => filesIn(join(path, name))) : [path]
}

const files = filesIn(folder)

/** As intake would have taken it: every line end is CRLF, and the last line has one. */
function withCrlf(raw: Buffer): Buffer {
  const text = raw.toString('latin1').replaceAll(/\r\n|\r|\n/g, '\r\n')
  return Buffer.from(text.endsWith('\r\n') ? text : `${text}\r\n`, 'latin1')
}

test.skipIf(files.length === 0)(
  'real messages arrive byte for byte (skipped where ../shared/mail is missing)',
  async () => {
    const sink = await sinkFor()
    const agent = agentFor()
    const bodies = files.map((file) => withCrlf(readFileSync(file)))
    for (const body of bodies) {
      const report = await agent.deliver(jobFor({ route: routeTo(sink), to: ['ann@a.example'], body }))
      expect(words(report)).toEqual(['delivered'])
    }
    expect(sink.messages.map((message) => message.data.equals(bodies[sink.messages.indexOf(message)]!))).not.toContain(
      false,
    )
    expect(sink.messages.flatMap((message) => message.lenientEnds)).toEqual([])
  },
)
