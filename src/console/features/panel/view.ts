/** What the address of the requests says besides the request. */

import { type RequestKind, requestKinds } from '../../../model/request.ts'

export interface OwnRequestSearch {
  /** the form for a new request is open, with this kind chosen */
  ask?: RequestKind
}

export function readOwnRequestSearch(raw: Record<string, unknown>): OwnRequestSearch {
  const ask = requestKinds.find((kind) => kind === raw.ask)
  return ask ? { ask } : {}
}
