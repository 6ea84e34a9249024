/** Points in time as the browser's date and time field writes them: local, to the minute. */

function two(value: number): string {
  return String(value).padStart(2, '0')
}

/** `2026-11-23T13:42`, local. `ms`: milliseconds, Unix time. */
export function toLocalInput(ms: number): string {
  const at = new Date(ms)
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`
}

/** The reverse, as ISO 8601 UTC; undefined for what is no time. */
export function fromLocalInput(written: string): string | undefined {
  const at = new Date(written)
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}
