/** How requests are printed. */

import type { RequestDetail, RequestLocation, RequestView } from '../../contract/requests.ts'
import { localTime, printable, printDocument, printLine, printTable } from '../output.ts'
import type { CommonOptions } from '../run.ts'

const DAY_MS = 86_400_000

/** What scripts rely on: the request as the contract has it. */
function viewOf(request: RequestView): RequestView {
  const { id, kind, track, subject, account, source, receivedAt, dueAt, extended, state, outcome } = request
  const { owner, parent, closedAt, wroteAgain } = request
  const mostRead = { id, kind, track, subject, account, receivedAt, dueAt, state, outcome }
  return { ...mostRead, source, extended, owner, parent, closedAt, wroteAgain }
}

function isOpen({ state }: RequestView): boolean {
  return state !== 'answered' && state !== 'closed'
}

/** Days that are left; empty where nobody has to act. */
function daysLeft(request: RequestView): string {
  if (request.wroteAgain) return 'new mail'
  if (!isOpen(request)) return ''
  const left = Math.floor((Date.parse(request.dueAt) - Date.now()) / DAY_MS)
  return left < 0 ? 'OVERDUE' : `${left} d`
}

export function printRequest(request: RequestView): void {
  const { id, kind, track, subject, account, state, outcome, receivedAt, dueAt, extended, owner, parent } = request
  printLine(printable(`request   ${id}, ${kind}, track ${track}: ${state}${outcome === null ? '' : `, ${outcome}`}`))
  printLine(printable(`about     ${subject}${account === null ? '' : `, account ${account}`}`))
  printLine(`received  ${localTime(receivedAt)}`)
  printLine(`due       ${localTime(dueAt)}${extended ? ', extended' : ''} ${daysLeft(request)}`.trimEnd())
  if (parent !== null) printLine(`order     for request ${parent}`)
  if (owner !== null) printLine(printable(`owner     ${owner}`))
}

/** One request, as a document or for people. */
export function showRequest(options: CommonOptions, request: RequestView): void {
  if (options.json) printDocument(viewOf(request))
  else printRequest(request)
}

export function printRequests(requests: readonly RequestView[]): void {
  const rows = requests.map((one) => [
    String(one.id),
    daysLeft(one),
    one.kind,
    one.track,
    one.state,
    one.account ?? '',
    one.subject,
  ])
  printTable(['ID', 'LEFT', 'KIND', 'TRACK', 'STATE', 'ACCOUNT', 'ABOUT'], rows, [8, 8, 12, 12, 12, 24, 80])
}

export function printLocations(places: readonly RequestLocation[]): void {
  const rows = places.map(({ place, count, excepted, why }) => [place, String(count), String(excepted), why])
  printTable(['PLACE', 'FOUND', 'STAYS', 'WHY'], rows, [32, 10, 10, 100])
}

export function printDetail(detail: RequestDetail): void {
  printRequest(detail)
  const { identity, execution, receipts } = detail
  printLine(printable(`identity  ${identity.confirmed ? `${identity.how}, ${identity.by}` : 'not confirmed'}`))
  if (execution) {
    const { headers, redacted, samples, rows } = execution.destroyed
    printLine(`destroyed ${headers} header records, ${redacted} redacted, ${samples} samples, ${rows} other entries`)
  }
  if (receipts.length > 0) printLine(`receipts  ${receipts.join(', ')}`)
  for (const { kind, to, delivery, at } of detail.letters)
    printLine(printable(`letter    ${localTime(at)} ${kind} to ${to}: ${delivery}`))
  for (const { step, obstacle } of detail.steps) if (obstacle === '') printLine(`next      ${step}`)
  for (const { at, actor, kind, text } of detail.events)
    printLine(printable(`${localTime(at)}  ${actor}  ${kind}: ${text}`))
}
