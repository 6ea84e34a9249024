import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type RawReply, ReplyReader, toReply } from '../../src/mta/client/replyReader.ts'
import { Transcript } from '../../src/mta/client/transcript.ts'

function readAll(chunks: Buffer[]): { replies: RawReply[]; problem: string | undefined; lines: string[] } {
  const lines: string[] = []
  const reader = new ReplyReader((line) => lines.push(line))
  const replies: RawReply[] = []
  for (const chunk of chunks) {
    const found = reader.push(chunk)
    if (typeof found === 'string') return { replies, problem: found, lines }
    replies.push(...found)
  }
  return { replies, problem: undefined, lines }
}

test('replies are the same however their bytes are cut', () => {
  const wire = Buffer.from('220 hello\r\n250-one\r\n250-two\r\n250 three\r\n354\r\n550 5.1.1 no\n')
  const whole = readAll([wire]).replies
  expect(whole.map(({ code, lines }) => [code, lines.join('|')])).toEqual([
    [220, 'hello'],
    [250, 'one|two|three'],
    [354, ''],
    [550, '5.1.1 no'],
  ])
  fc.assert(
    fc.property(fc.array(fc.nat(wire.length)), (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), wire.length]
      const chunks = places.slice(1).map((end, index) => wire.subarray(places[index], end))
      expect(readAll(chunks).replies).toEqual(whole)
    }),
  )
})

test.each(['hello\r\n', '25 short\r\n', '2500 long\r\n', '250x\r\n'])('%j is no reply', (wire) => {
  expect(readAll([Buffer.from(wire)]).problem).toBe('sent something that is not an SMTP reply')
})

test.each<[string, string, number, string]>([
  [
    'a line without a code',
    '250-2.0.0 accepted\r\n  queued as 123\r\n250 2.0.0 ok\r\n',
    250,
    'accepted queued as 123 ok',
  ],
  ['an empty line inside', '250-2.0.0 accepted\r\n\r\n250 2.0.0 ok\r\n', 250, 'accepted  ok'],
  ['an empty line before', '\r\n250 2.0.0 ok\r\n', 250, 'ok'],
  [
    'a refusal with a link',
    '550-5.7.1 no\r\nSee https://kestrel.example/policy\r\n550 5.7.1 bye\r\n',
    550,
    'no See https://kestrel.example/policy bye',
  ],
  ['codes that differ: the last counts', '250-fine\r\n550 5.7.1 or not\r\n', 550, 'fine 5.7.1 or not'],
  ['a tab after the code', '250\tok\r\n', 250, 'ok'],
])('a reply written carelessly is read by its last code: %s', (_name, wire, code, text) => {
  const { replies, problem } = readAll([Buffer.from(wire)])
  expect(problem).toBeUndefined()
  expect(replies.map(toReply)).toMatchObject([{ code, text }])
})

test.each([
  ['one line', Buffer.alloc(70_000, 'x')],
  ['many lines', Buffer.from('250-more\r\n'.repeat(7000))],
])('a reply without end is given up: %s', (_name, wire) => {
  const chunks = Array.from({ length: Math.ceil(wire.length / 1000) }, (_, i) =>
    wire.subarray(i * 1000, (i + 1) * 1000),
  )
  expect(readAll(chunks).problem).toBe('sent a reply without end')
})

test('control characters and broken text never come through', () => {
  const { replies } = readAll([
    Buffer.from('550 bell\u0007 grüße\r\n'),
    Buffer.from('550 gr\xfc\xdfe\u001b[31m\r\n', 'latin1'),
  ])
  expect(replies.map((reply) => reply.lines[0])).toEqual(['bell  grüße', 'grüße [31m'])
})

test('lines are joined and the enhanced code is taken out of each', () => {
  const reply = toReply({ code: 550, lines: ['5.7.1 refused', '5.7.1 because', '5.1.1 else', 'of policy'] })
  expect(reply).toEqual({ code: 550, enhancedCode: '5.7.1', text: 'refused because 5.1.1 else of policy' })
  expect(toReply({ code: 250, lines: ['x'.repeat(5000)] }).text).toHaveLength(1001)
})

test('a transcript keeps beginning and end, and is bounded', () => {
  const transcript = new Transcript()
  for (let i = 0; i < 5000; i++) transcript.add(`C: line ${i}`)
  transcript.add(`S: ${'x'.repeat(3000)}`)
  const lines = transcript.text().split('\n')
  expect(lines[0]).toBe('C: line 0')
  expect(lines.at(-1)).toMatch(/^S: x{997}…$/)
  expect(lines.find((line) => line.startsWith('--'))).toMatch(/^-- \d+ lines left out$/)
  expect(transcript.text().length).toBeLessThan(8300)
})
