/** A message as it goes over the wire: transparency dots added, end of data attached (RFC 5321 §4.5.2). */

const CR = 13
const LF = 10
const DOT = 46
const LINE_WITH_DOT = Buffer.from('\r\n.')
/** Bytes written at once. Below this the message and its end leave in one write; above, in blocks that are waited for. */
const BLOCK = 262_144

export interface Content {
  /** what to write, in order; only the last block holds the end of data */
  blocks: Buffer[]
  /** without dots and end of data */
  bytes: number
}

/** `dotted`: some line begins with a dot. `bare`: there is a CR or LF on its own. */
function scan(body: Buffer): 'plain' | 'dotted' | 'bare' {
  let found: 'plain' | 'dotted' = body[0] === DOT ? 'dotted' : 'plain'
  const { length } = body
  for (let i = 0; i < length; i++) {
    // one comparison for nearly every byte: this loop sees every message that leaves
    if (body[i]! > CR) continue
    if (body[i] === LF) return 'bare'
    if (body[i] !== CR) continue
    i += 1
    if (body[i] !== LF) return 'bare'
    if (body[i + 1] === DOT) found = 'dotted'
  }
  return found
}

/** Where in `start…end` a line begins with a dot. */
function dotsIn(body: Buffer, start: number, end: number): number[] {
  const dots = start === 0 && body[0] === DOT ? [0] : []
  const part = body.subarray(0, end)
  // the line end before a dot may belong to the block before
  let at = part.indexOf(LINE_WITH_DOT, Math.max(0, start - 2))
  while (at >= 0) {
    dots.push(at + 2)
    at = part.indexOf(LINE_WITH_DOT, at + 3)
  }
  return dots
}

function copyBlock(body: Buffer, start: number, end: number, dots: number[], tail: string): Buffer {
  const block = Buffer.allocUnsafe(end - start + dots.length + tail.length)
  let from = start
  let to = 0
  for (const dot of dots) {
    to += body.copy(block, to, from, dot)
    block[to++] = DOT
    from = dot
  }
  to += body.copy(block, to, from, end)
  block.write(tail, to, 'latin1')
  return block
}

/**
 * Prepares a message for DATA.
 * @returns undefined when it holds a CR or LF on its own, which some receivers take for the end of a line and hence,
 * with a dot, for the end of the message: such a message is never sent
 */
export function prepareContent(message: Uint8Array): Content | undefined {
  const body = Buffer.from(message.buffer, message.byteOffset, message.byteLength)
  const kind = scan(body)
  if (kind === 'bare') return undefined
  const { length } = body
  const dots = (start: number, end: number) => (kind === 'dotted' ? dotsIn(body, start, end) : [])
  const blocks: Buffer[] = []
  let start = 0
  for (; length - start > BLOCK; start += BLOCK) {
    const end = start + BLOCK
    blocks.push(kind === 'plain' ? body.subarray(start, end) : copyBlock(body, start, end, dots(start, end), ''))
  }
  const tail = length === 0 || body[length - 1] === LF ? '.\r\n' : '\r\n.\r\n'
  blocks.push(copyBlock(body, start, length, dots(start, length), tail))
  return { blocks, bytes: length }
}
