import fc from 'fast-check'
import { expect, test } from 'vitest'
import { prepareContent } from '../../src/mta/client/content.ts'
import { agentFor, jobFor, routeTo, sinkFor, words } from './support.ts'

/** What a strict receiver makes of the bytes on the wire (RFC 5321 §4.5.2): the content, and what follows its end. */
function receive(wire: string): { content: string; rest: string } {
  const end = `\r\n${wire}`.indexOf('\r\n.\r\n')
  const stuffed = `\r\n${wire}`.slice(0, end + 2)
  return { content: stuffed.replaceAll('\r\n.', '\r\n').slice(2), rest: `\r\n${wire}`.slice(end + 5) }
}

function wireOf(message: string): string | undefined {
  const content = prepareContent(Buffer.from(message, 'latin1'))
  return content && Buffer.concat(content.blocks).toString('latin1')
}

const text = fc
  .array(fc.constantFrom('.', '..', 'a', '\r\n', '.\r\n', '\r\n.', '\u00ff', ' '))
  .map((parts) => parts.join(''))

test('any message in whole lines arrives as it is, and ends where it ends', () => {
  fc.assert(
    fc.property(text, (message) => {
      const { content, rest } = receive(wireOf(message)!)
      expect(content).toBe(message === '' || message.endsWith('\r\n') ? message : `${message}\r\n`)
      expect(rest).toBe('')
    }),
    { numRuns: 2000 },
  )
})

test('a message with a CR or LF on its own is never prepared', () => {
  fc.assert(
    fc.property(text, fc.constantFrom('\r', '\n', '\n\r', '\r\r\n'), text, (before, bare, after) => {
      const message = `${before}x${bare}x${after}`
      expect(wireOf(message)).toBeUndefined()
    }),
  )
})

test('a CR as the last byte is on its own', () => {
  expect(wireOf('line\r')).toBeUndefined()
})

test('dots are found at every place around the end of a block', () => {
  for (let shift = -6; shift <= 6; shift++) {
    const message = `${'x'.repeat(262_144 + shift)}\r\n.a\r\n..\r\n.\r\n${'y'.repeat(300_000)}\r\n.\r\n`
    expect(receive(wireOf(message)!)).toEqual({ content: message, rest: '' })
  }
})

test('a message without dots at line starts is not copied, but for its last block', () => {
  const body = Buffer.from('x\r\n'.repeat(200_000))
  const content = prepareContent(body)!
  expect(content.blocks[0]?.buffer).toBe(body.buffer)
  expect(content.bytes).toBe(body.length)
})

test('a message with a bare line feed fails before anybody is dialled', async () => {
  const sink = await sinkFor()
  const body = 'Subject: x\r\n\r\nsmuggled\n.\nMAIL FROM:<eve@a.example>\r\n'
  const report = await agentFor().deliver(jobFor({ route: routeTo(sink), to: ['ann@a.example'], body }))
  expect(report.outcomes.get(0)).toMatchObject({ kind: 'failed', reply: { enhancedCode: '5.6.0' } })
  expect(sink.counts.connections).toBe(0)
})

test.each(['', '.', '.\r\n', '..\r\n', '\r\n', '\r\n.\r\n.\r\n', '.leading\r\nand\r\n.more', 'no line end'])(
  'content %j arrives byte for byte',
  async (body) => {
    const sink = await sinkFor()
    const report = await agentFor().deliver(jobFor({ route: routeTo(sink), to: ['ann@a.example'], body }))
    expect(words(report)).toEqual(['delivered'])
    const expected = body === '' || body.endsWith('\r\n') ? body : `${body}\r\n`
    expect(sink.messages[0]).toMatchObject({ lenientEnds: [], bareCr: 0, bareLf: 0 })
    expect(sink.messages[0]?.data.toString()).toBe(expected)
  },
)
