/** What part of the request desk an address (hash route) shows. */

import { type RequestKind, type RequestTrack, requestKinds, requestTracks } from '../../../model/request.ts'

/** Lists of requests, by whether somebody has to act. */
export const views = ['open', 'closed', 'all'] as const
export type View = (typeof views)[number]

export interface RequestSearch {
  view?: View
  kind?: RequestKind
  track?: RequestTrack
  /** only requests about this account */
  account?: string
  /** a dialog that is open from the start */
  ask?: 'new'
}

/** Reads the search part of an address; what cannot be understood is left out. */
export function readRequestSearch(raw: Record<string, unknown>): RequestSearch {
  const search: RequestSearch = {}
  const view = views.find((each) => each === raw.view)
  if (view && view !== 'open') search.view = view
  const kind = requestKinds.find((each) => each === raw.kind)
  if (kind) search.kind = kind
  const track = requestTracks.find((each) => each === raw.track)
  if (track) search.track = track
  if (typeof raw.account === 'string' && raw.account !== '') search.account = raw.account
  if (raw.ask === 'new') search.ask = 'new'
  return search
}

export interface LegalRequestSearch {
  ask?: 'record'
}

/** The same for the disclosure register. */
export function readLegalRequestSearch(raw: Record<string, unknown>): LegalRequestSearch {
  return raw.ask === 'record' ? { ask: 'record' } : {}
}

/** The number of a record as written in an address; undefined when it is none. */
export function numberOf(written: string | undefined): number | undefined {
  return written !== undefined && /^[1-9]\d{0,14}$/.test(written) ? Number(written) : undefined
}
