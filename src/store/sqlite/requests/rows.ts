/** Rows of the request desk as the store's words. */

import type { Execution, NewLetter, StoredLetter, StoredSearch, SubjectRequest } from '../../requests.ts'

export interface RequestRow {
  id: number
  kind: SubjectRequest['kind']
  track: SubjectRequest['track']
  subject: string
  account: number | null
  source: SubjectRequest['source']
  received_at: number
  due_at: number
  extended: number
  state: SubjectRequest['state']
  outcome: SubjectRequest['outcome'] | null
  ground: SubjectRequest['ground'] | null
  owner: string | null
  parent: number | null
  text: string
  correction: string
  suppress: number
  closed_at: number | null
  identity_how: string | null
  identity_by: string | null
  identity_at: number | null
  search: string | null
  execution: string | null
  receipts: string
  hold: number | null
  erased_at: number | null
  code_sent_at: number | null
  wrote_again: number
}

/** Answered, but the person wrote since, and nobody who works here has done anything about it after that. */
export const WROTE_AGAIN = `state = 'answered' AND EXISTS (
  SELECT 1 FROM request_event AS wrote WHERE wrote.request = request.id AND wrote.kind = 'mail' AND NOT EXISTS (
    SELECT 1 FROM request_event AS since WHERE since.request = request.id AND since.id > wrote.id
      AND since.actor <> 'system'))`

/** Columns of a request, with the time its code was mailed. */
export const REQUEST_COLUMNS = `request.*, (${WROTE_AGAIN}) AS wrote_again,
  (SELECT sent_at FROM request_code WHERE request_code.request = request.id) AS code_sent_at`

function parsed<T>(json: string | null): T | undefined {
  return json === null ? undefined : (JSON.parse(json) as T)
}

export function decodeRequest(row: RequestRow): SubjectRequest {
  const { identity_how, identity_by, identity_at } = row
  return {
    id: row.id,
    kind: row.kind,
    track: row.track,
    subject: row.subject,
    account: row.account ?? undefined,
    source: row.source,
    receivedAt: row.received_at,
    dueAt: row.due_at,
    extended: row.extended === 1,
    state: row.state,
    outcome: row.outcome ?? undefined,
    ground: row.ground ?? undefined,
    owner: row.owner ?? undefined,
    parent: row.parent ?? undefined,
    text: row.text,
    correction: row.correction,
    suppress: row.suppress === 1,
    closedAt: row.closed_at ?? undefined,
    identity: identity_how === null ? undefined : { how: identity_how, by: identity_by!, at: identity_at! },
    codeSentAt: row.code_sent_at ?? undefined,
    search: parsed<StoredSearch>(row.search),
    execution: parsed<Execution>(row.execution),
    receipts: JSON.parse(row.receipts) as number[],
    hold: row.hold ?? undefined,
    erasedAt: row.erased_at ?? undefined,
    wroteAgain: row.wrote_again === 1,
  }
}

export interface LetterRow {
  id: number
  request: number
  kind: string
  account: number
  about: number | null
  address: string
  subject: string
  text: string
  at: number
  message: number | null
}

export function decodeLetter({ address, about, message, ...row }: LetterRow): StoredLetter {
  const letter: NewLetter = { ...row, to: address, about: about ?? undefined }
  return { ...letter, id: row.id, request: row.request, at: row.at, message: message ?? undefined }
}
