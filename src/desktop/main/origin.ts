/** The console's own origin. Nothing else is loaded into a window of this application. */

export const SCHEME = 'mailward'
export const CONSOLE_ORIGIN = 'mailward://console'
export const CONSOLE_URL = `${CONSOLE_ORIGIN}/`

/** Reads an address; undefined when it is none. (`URL.canParse` is missing in the older Electron the tests run in.) */
export function readUrl(address: string): URL | undefined {
  try {
    return new URL(address)
  } catch {
    return undefined
  }
}

/** Scheme and host of an address, or undefined when it is none. (`URL.origin` is `null` for schemes it does not know.) */
export function originOf(address: string): string | undefined {
  const url = readUrl(address)
  return url && `${url.protocol}//${url.host}`
}

/** Whether an address is the console's page itself, wherever in the page it points. */
export function isConsolePage(address: string): boolean {
  if (originOf(address) !== CONSOLE_ORIGIN) return false
  const path = new URL(address).pathname
  return path === '' || path === '/' || path === '/index.html'
}
