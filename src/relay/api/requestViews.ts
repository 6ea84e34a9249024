/** How requests look on the outside. */

import type {
  ExportView,
  RequestDetail,
  RequestEvent,
  RequestLetter,
  RequestLocation,
  RequestSearch,
  RequestView,
} from '../../contract/requests.ts'
import { formatId } from '../../model/id.ts'
import type { Step } from '../../privacy/requests/steps.ts'
import { accountName } from '../../store/accountName.ts'
import type {
  RequestRecord,
  RequestWork,
  StoredLetter,
  StoredRequestEvent,
  StoredSearch,
  SubjectRequest,
} from '../../store/requests.ts'
import type { Directory, LogRow } from '../../store/store.ts'
import type { ColumnCount } from '../../store/subjects.ts'
import { timeOrNull, timeView } from './views.ts'

export function requestView(request: SubjectRequest, directory: Directory): RequestView {
  const { id, kind, track, subject, account, source, extended, state, outcome, owner, parent, wroteAgain } = request
  return {
    id,
    kind,
    track,
    subject,
    account: account === undefined ? null : accountName(directory, account),
    source,
    receivedAt: timeView(request.receivedAt),
    dueAt: timeView(request.dueAt),
    extended,
    state,
    outcome: outcome ?? null,
    owner: owner ?? null,
    parent: parent ?? null,
    closedAt: timeOrNull(request.closedAt),
    wroteAgain,
  }
}

export function requestEventView({ at, ...event }: StoredRequestEvent): RequestEvent {
  return { ...event, at: timeView(at) }
}

function workView({ state, done, total, startedAt, endedAt, problem }: RequestWork) {
  return { state, done, total, startedAt: timeView(startedAt), endedAt: timeOrNull(endedAt), problem }
}

export function placeView({ place, count, excepted, why }: ColumnCount): RequestLocation {
  return { place, count, excepted, why }
}

export function searchView(search: StoredSearch, directory: Directory): RequestSearch {
  return {
    ...workView(search),
    places: search.places.map(placeView),
    // the relay's own letters are nobody's to answer for
    accounts: search.accounts
      .filter(({ account }) => account !== 0)
      .map(({ account, records }) => ({ account: accountName(directory, account), records })),
  }
}

/** State of a letter's delivery in words, by its row in the header log. */
function deliveryOf({ message, to }: StoredLetter, rows: ReadonlyMap<number, LogRow>): string {
  if (message === undefined) return to === '' ? 'not sent' : 'about to be sent'
  return rows.get(message)?.status ?? 'no longer in the log'
}

function letterView(letter: StoredLetter, rows: ReadonlyMap<number, LogRow>): RequestLetter {
  const { id, kind, to, subject, text, at, message } = letter
  const there = message !== undefined && rows.has(message)
  const sent = { message: there ? formatId(message) : null, delivery: deliveryOf(letter, rows) }
  return { id, kind, to, subject, text, at: timeView(at), ...sent }
}

/** What is known of a request besides its record. */
export interface Beside {
  directory: Directory
  /** rows of its letters in the header log */
  letters: readonly LogRow[]
  dataExports: ExportView[]
  steps: Step[]
  /** the search that is under way */
  searching: StoredSearch | undefined
  progress: { done: number; total: number } | undefined
}

export function requestDetailView(record: RequestRecord, beside: Beside): RequestDetail {
  const { directory, dataExports, steps, progress } = beside
  const { identity, execution, text, correction, receipts, suppress, codeSentAt } = record
  const rows = new Map(beside.letters.map((row) => [row.id, row]))
  const search = beside.searching ?? record.search
  return {
    ...requestView(record, directory),
    text,
    correction,
    identity: {
      confirmed: identity !== undefined,
      how: identity?.how ?? '',
      by: identity?.by ?? '',
      at: timeOrNull(identity?.at),
      codeSentAt: timeOrNull(codeSentAt),
    },
    search: search ? searchView(search, directory) : null,
    execution: execution
      ? {
          ...workView({ ...execution, ...progress }),
          destroyed: execution.destroyed,
          // what stays because the request itself is under way is waited for by nobody
          waiting: execution.waiting.filter(({ cause }) => cause !== 'request').map(placeView),
        }
      : null,
    receipts,
    letters: record.letters.map((letter) => letterView(letter, rows)),
    dataExports,
    events: record.events.map(requestEventView),
    orders: record.orders.map((order) => requestView(order, directory)),
    steps,
    suppress,
  }
}
