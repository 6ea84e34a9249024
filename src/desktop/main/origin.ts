/** The console's own origin. Nothing else is loaded into a window of this application. */

export const SCHEME = 'mailward'
export const CONSOLE_ORIGIN = 'mailward://console'
export const CONSOLE_URL = `${CONSOLE_ORIGIN}/`

/** Scheme and host of an address, or undefined when it is none. (`URL.origin` is `null` for schemes it does not know.) */
export function originOf(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined
  const url = new URL(address)
  return `${url.protocol}//${url.host}`
}

/** Whether an address is the console's page itself, wherever in the page it points. */
export function isConsolePage(address: string): boolean {
  if (originOf(address) !== CONSOLE_ORIGIN) return false
  const path = new URL(address).pathname
  return path === '' || path === '/' || path === '/index.html'
}
