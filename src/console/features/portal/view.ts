/** What the address of the requests says besides the request. */

import { type RequestKind, requestKinds } from '../../../model/request.ts'

export interface PortalRequestSearch {
  /** the form for a new request is open, with this kind chosen */
  ask?: RequestKind
}

export function readPortalRequestSearch(raw: Record<string, unknown>): PortalRequestSearch {
  const ask = requestKinds.find((kind) => kind === raw.ask)
  return ask ? { ask } : {}
}
