/** Message content on the wire: where it ends, and what a careless receiver might see in it. */

const END = Buffer.from('\r\n.\r\n')

/**
 * Where content ends: the only end of data is CRLF.CRLF (RFC 5321 §4.1.1.4).
 * @param wire content with the CRLF of the DATA command put before it
 * @returns index of the CRLF before the dot, or -1
 */
export function endOfData(wire: Buffer, from: number): number {
  return wire.indexOf(END, Math.max(0, from - END.length))
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
