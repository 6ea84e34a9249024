/** Message content on the wire: where it ends, and what a careless receiver might see in it. */

const END = Buffer.from('\r\n.\r\n')

/** Gathers content until its end: the only end of data is CRLF.CRLF (RFC 5321 §4.1.1.4), however it is split. */
export class ContentGatherer {
  // the CRLF of the DATA command is the one before a dot on the first line
  private chunks: Buffer[] = [Buffer.from('\r\n')]
  private tail = Buffer.from('\r\n')

  /**
   * Takes bytes in.
   * @returns once the end is there: content with a CRLF before it, dots still stuffed, and what followed the end
   */
  push(chunk: Buffer): { wire: Buffer; rest: Buffer } | undefined {
    const probe = Buffer.concat([this.tail, chunk])
    const at = probe.indexOf(END)
    this.chunks.push(chunk)
    if (at < 0) {
      this.tail = Buffer.from(probe.subarray(-(END.length - 1)))
      return undefined
    }
    const all = Buffer.concat(this.chunks)
    const end = all.length - probe.length + at
    return { wire: all.subarray(0, end + 2), rest: all.subarray(end + END.length) }
  }
}

/** Takes the transparency dots out (RFC 5321 §4.5.2). */
export function unstuff(wire: Buffer): Buffer {
  return Buffer.from(wire.toString('latin1').replaceAll('\r\n.', '\r\n').slice(2), 'latin1')
}

/** Line end, dot, line end, other than CRLF.CRLF: what a lenient receiver takes as end of data (SMTP smuggling). */
export function lenientEnds(wire: Buffer): string[] {
  const found = new Set<string>()
  for (const match of wire.toString('latin1').matchAll(/(\r\n|\n|\r)\.(?=(\r\n|\n|\r))/g)) {
    const sequence = `${match[1]}.${match[2]}`
    if (sequence !== '\r\n.\r\n') found.add(sequence.replaceAll('\r', '<CR>').replaceAll('\n', '<LF>'))
  }
  return [...found].sort()
}

/** Counts CR without LF and LF without CR. */
export function bareLineEnds(data: Buffer): { bareCr: number; bareLf: number } {
  const text = data.toString('latin1')
  return { bareCr: (text.match(/\r(?!\n)/g) ?? []).length, bareLf: (text.match(/(?<!\r)\n/g) ?? []).length }
}
