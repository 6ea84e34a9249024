/** What commands print: tables and sentences for people, JSON for scripts. */

/** Controls and direction marks: mail is written by strangers, and a subject must not steer a terminal. */
const UNPRINTABLE = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** Text from outside, safe to print on a terminal in one line. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, '\ufffd')
}

export function printLine(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Tells something beside the output, on stderr. */
export function printNote(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** One document. */
export function printDocument(value: unknown): void {
  printLine(JSON.stringify(value, undefined, 2))
}

/** One object a line. */
export function printObjects(values: readonly unknown[]): void {
  for (const value of values) printLine(JSON.stringify(value))
}

function shortened(cell: string, width: number): string {
  return cell.length > width ? `${cell.slice(0, Math.max(0, width - 1))}…` : cell.padEnd(width)
}

/** Lines of a table in columns of the given widths; the last one runs on. */
export function printRows(rows: readonly (readonly string[])[], widths: readonly number[]): void {
  const last = widths.length - 1
  for (const row of rows) {
    const cells = row.map((cell, column) => (column === last ? cell : shortened(cell, widths[column]!)))
    printLine(cells.map(printable).join('  ').trimEnd())
  }
}

/** A table whose columns are as wide as what is in them, and at most as wide as given. */
export function printTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  limits: readonly number[],
): void {
  const all = [header, ...rows]
  const widest = (column: number) => Math.max(...all.map((row) => row[column]?.length ?? 0))
  printRows(
    all,
    limits.map((limit, column) => Math.min(limit, widest(column))),
  )
}

/** `1 delivery`, `2 deliveries`. */
export function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}

/** A duration in its largest unit, such as `3 h`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`
  return `${Math.floor(seconds / 86_400)} d`
}

/** A time in the local zone, to the second; empty for none. */
export function localTime(iso: string | null): string {
  if (iso === null) return ''
  const time = new Date(iso)
  const two = (number: number) => String(number).padStart(2, '0')
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`
}
