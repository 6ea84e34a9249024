/** What a host offers in its reply to EHLO (RFC 5321 §4.1.1.1). */

export interface Capabilities {
  /** name the host goes by */
  name: string
  startTls: boolean
  pipelining: boolean
  eightBitMime: boolean
  smtpUtf8: boolean
  dsn: boolean
  size: boolean
  /** bytes; undefined when the host names no limit */
  maxSize: number | undefined
  /** AUTH mechanisms, upper case */
  mechanisms: Set<string>
}

/** Nothing but RFC 821: what a host that only knows HELO can do. */
function plainHost(name: string): Capabilities {
  return {
    name,
    startTls: false,
    pipelining: false,
    eightBitMime: false,
    smtpUtf8: false,
    dsn: false,
    size: false,
    maxSize: undefined,
    mechanisms: new Set(),
  }
}

/** Reads the lines of a positive reply to EHLO or HELO. */
export function readCapabilities(lines: readonly string[]): Capabilities {
  const found = plainHost(lines[0]?.split(' ', 1)[0] ?? '')
  for (const line of lines.slice(1)) readLine(found, line)
  return found
}

function readLine(found: Capabilities, line: string): void {
  // old hosts write `AUTH=LOGIN`
  const [keyword = '', ...values] = line.toUpperCase().split(/[ =]/).filter(Boolean)
  switch (keyword) {
    case 'STARTTLS':
      found.startTls = true
      break
    case 'PIPELINING':
      found.pipelining = true
      break
    case '8BITMIME':
      found.eightBitMime = true
      break
    case 'SMTPUTF8':
      found.smtpUtf8 = true
      break
    case 'DSN':
      found.dsn = true
      break
    case 'SIZE':
      found.size = true
      found.maxSize = Number(values[0]) || undefined
      break
    case 'AUTH':
      for (const mechanism of values) found.mechanisms.add(mechanism)
  }
}
