/** What a page may ask of the system: to write the clipboard, from the console's own page. Nothing else. */

import type { Session } from 'electron'
import { CONSOLE_ORIGIN, originOf } from '../origin.ts'

function mayUse(permission: string, address: string): boolean {
  return permission === 'clipboard-sanitized-write' && originOf(address) === CONSOLE_ORIGIN
}

/** Answers every request for a permission, and every question whether there is one. */
export function limitPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    answer(mayUse(permission, details.requestingUrl))
  })
  session.setPermissionCheckHandler((_contents, permission, origin) => mayUse(permission, origin))
  session.setDevicePermissionHandler(() => false)
}
