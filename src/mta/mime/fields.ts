/** Header fields of mail that strangers sent: bounded, and never failing. */

const HEADER_OCTETS = 128 * 1024
const MOST_FIELDS = 500

export type Fields = [name: string, value: string][]

/** Blanks and line ends folded into one blank. */
export function folded(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** The fields of a header block, names in lower case. Ends at the first empty line. */
export function fieldsOf(text: string): Fields {
  const fields: Fields = []
  for (const line of text.slice(0, HEADER_OCTETS).split(/\r?\n/)) {
    if (line.trim() === '') {
      // some begin a part with an empty line too many
      if (fields.length === 0) continue
      break
    }
    const last = fields.at(-1)
    if (/^[ \t]/.test(line)) {
      if (last) last[1] += ` ${line.trim()}`
      continue
    }
    const colon = line.indexOf(':')
    if (colon > 0 && fields.length < MOST_FIELDS)
      fields.push([line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()])
  }
  return fields
}
