/**
 * report.html: what is held about a person, to be read by that person. Text of strangers is in it: everything is
 * escaped, and the page neither loads nor runs anything.
 */

import { type AccountData, type ExportHead, MOST_HEADER_FILES, type PackedRecord } from './content.ts'
import { reportStyle } from './reportStyle.ts'
import { assurances, originOf, purposeOf, rights } from './reportText.ts'

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
/** controls and direction marks */
const UNSEEMLY = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu
const RECIPIENTS = 5

function safe(text: string): string {
  return text.replace(UNSEEMLY, '\ufffd').replace(/[&<>"']/g, (sign) => ENTITIES[sign]!)
}

function minute(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ')
}

function day(time: number | string): string {
  return new Date(time).toISOString().slice(0, 10)
}

/** Such as `3 November 2026`. */
function longDay(time: number): string {
  return new Date(time).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
}

function count(number: number): string {
  return number.toLocaleString('en-GB')
}

function list(items: readonly string[]): string {
  return `<ul>${items.map((item) => `<li>${safe(item)}</li>`).join('')}</ul>`
}

function facts(pairs: readonly (readonly [string, string])[]): string {
  return `<dl>${pairs.map(([name, value]) => `<dt>${safe(name)}</dt><dd>${safe(value)}</dd>`).join('')}</dl>`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: string, row: readonly string[]) => row.map((cell) => `<${tag}>${safe(cell)}</${tag}>`).join('')
  const body = rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('\n')
  return `<table><thead><tr>${cells('th', head)}</tr></thead><tbody>${body}</tbody></table>`
}

function top(head: ExportHead, records: number): string {
  const { subject, relay, request, kind, createdAt, receivedAt, places, accounts } = head
  const asked = receivedAt === undefined ? '' : `, received on ${longDay(receivedAt)}`
  const found = places.filter((place) => place.count > 0).length
  return `<header>
<p class="mark">Mailward &middot; ${safe(relay)}</p>
<h1>Data held about ${safe(subject)}</h1>
<p class="lead">This answers request ${request} for ${safe(kind)}${asked}. It was put together on ${longDay(createdAt)} from
everything that was held then. All times are UTC.</p>
<ul class="numbers">
<li><b>${count(records)}</b>${records === 1 ? 'message on record' : 'messages on record'}</li>
<li><b>${count(accounts.length)}</b>${accounts.length === 1 ? 'account that sent mail' : 'accounts that sent mail'}</li>
<li><b>${count(found)}</b>${found === 1 ? 'place where data is held' : 'places where data is held'}</li>
</ul>
</header>`
}

function held({ places, keepDays }: ExportHead): string {
  const there = places.filter((place) => place.count > 0)
  const empty = places.filter((place) => place.count === 0).map(({ place }) => place)
  const rows = there.map(({ place, count: number, why }) => {
    const purpose = purposeOf(place, keepDays)
    const note = why === '' ? '' : `<br><span class="soft">${safe(why)}</span>`
    return `<tr><td>${safe(place)}</td><td class="number">${count(number)}</td><td>${safe(purpose.why)}${note}</td><td>${safe(purpose.until)}</td></tr>`
  })
  const looked =
    empty.length === 0 ? '' : `<p class="soft">Looked at as well, and nothing found: ${safe(empty.join(', '))}.</p>`
  const body =
    rows.length === 0
      ? '<p>Nothing is held.</p>'
      : `<table class="places"><thead><tr><th>Where</th><th class="number">How much</th><th>Why</th><th>How long</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table>`
  return `<h2>What is held, why, and how long</h2>${body}${looked}`
}

function shared({ sharing }: ExportHead): string {
  const told =
    'Mail is handed to the mail servers of its recipients: that is what it was sent for. Each message says to which.'
  const rows = sharing.map(({ who, as, what, where }) => [who, as, what, where])
  const others = rows.length === 0 ? '' : table(['Who', 'As', 'What', 'Where'], rows)
  return `<h2>With whom it is shared</h2><p>${told}</p>${others}`
}

function accountPart(account: AccountData): string {
  const { credentials, trustDecisions, complaints, openings } = account
  return [
    '<h2>The account</h2>',
    facts([
      ['Name', account.name],
      ['Contact', account.contact],
      ['Status', account.statusReason === '' ? account.status : `${account.status}: ${account.statusReason}`],
      ['Sender domains', account.domains.join(', ') || 'none'],
      ['Created', minute(account.createdAt)],
      ['Days kept', account.keepDays === null ? 'as the policy says' : String(account.keepDays)],
      ['Samples', account.trusted ? 'none are stored: the account is trusted' : 'one message in a thousand'],
    ]),
    '<h3>Ways to submit mail (secrets are kept as hashes only, and left out)</h3>',
    table(
      ['Kind', 'Name', 'Status', 'Since'],
      credentials.map(({ kind, name, status, createdAt }) => [kind, name, status, day(createdAt)]),
    ),
    openings.length === 0 ? '<p>No sample of its mail was ever opened.</p>' : '<h3>Samples that were opened</h3>',
    openings.length === 0
      ? ''
      : table(
          ['When', 'Sample', 'Reason'],
          openings.map(({ at, sample, reason }) => [minute(at), sample, reason]),
        ),
    trustDecisions.length === 0 ? '' : '<h3>Decisions about trust</h3>',
    trustDecisions.length === 0
      ? ''
      : table(
          ['When', 'Decision', 'Asked for by', 'Reason'],
          trustDecisions.map(({ at, decision, requestedBy, reason }) => [minute(at), decision, requestedBy, reason]),
        ),
    complaints.length === 0 ? '' : '<h3>Complaints about its mail</h3>',
    complaints.length === 0
      ? ''
      : table(
          ['When', 'What was said'],
          complaints.map(({ at, note }) => [minute(at), note]),
        ),
  ].join('\n')
}

function recipients(to: readonly string[]): string {
  const shown = to.slice(0, RECIPIENTS).map(safe).join(', ')
  return to.length > RECIPIENTS ? `${shown} and ${count(to.length - RECIPIENTS)} more` : shown
}

function row(record: PackedRecord, hasFile: boolean): string {
  const { id, acceptedAt, from, to, subject, status, keepUntil, account } = record
  const sender = from === '' ? '(notice of the relay)' : safe(from)
  const file = hasFile ? ` &middot; <a href="headers/${id}.eml">headers</a>` : ''
  return `<tr><td class="time">${minute(acceptedAt)}</td><td>${sender}<br><span class="to">to ${recipients(to)}</span></td>
<td>${safe(subject) || '<span class="soft">(no subject)</span>'}<br><span class="soft">by account ${safe(account)}${file}</span></td>
<td class="${status}">${status}</td><td class="time">${day(keepUntil)}</td></tr>\n`
}

function monthOf({ acceptedAt }: PackedRecord): string {
  return new Date(acceptedAt).toLocaleDateString('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' })
}

const COLUMNS = ['Time', 'From, to', 'Subject', 'Outcome', 'Kept until']

async function* messages(records: AsyncIterable<PackedRecord>, haveFiles: boolean): AsyncGenerator<string> {
  let month = ''
  for await (const record of records) {
    const own = monthOf(record)
    if (own !== month) {
      if (month !== '') yield '</tbody></table></section>\n'
      month = own
      const head = COLUMNS.map((name) => `<th>${name}</th>`).join('')
      yield `<section class="month"><h3>${own}</h3><table class="messages"><thead><tr>${head}</tr></thead><tbody>\n`
    }
    yield row(record, haveFiles)
  }
  yield month === '' ? '<p>There are none.</p>' : '</tbody></table></section>\n'
}

/**
 * The report, piece by piece.
 * @param count header records there are
 * @param files when there are no more than so many, each has a file of its own beside the report
 */
export async function* report(
  head: ExportHead,
  count: number,
  records: AsyncIterable<PackedRecord>,
  files = MOST_HEADER_FILES,
): AsyncGenerator<string> {
  yield `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer"><title>Data held about ${safe(head.subject)}</title>
<style>${reportStyle}</style></head><body>
`
  yield top(head, count)
  yield `<h2>Where it comes from</h2><p>${safe(originOf(head))}</p>`
  yield held(head)
  yield shared(head)
  yield `<h2>Your rights</h2><p>You may, by a letter to the address this request went to:</p>${list(rights)}<h2>Good to know</h2>${list(assurances)}`
  if (head.account) yield accountPart(head.account)
  yield `<h2>Messages on record</h2>`
  if (head.redacted)
    yield `<p>Other people are left out: <q>[other person 3]</q> is the same person wherever it stands in this package.
Their addresses are data of theirs (article 15 (4)).</p>`
  yield* messages(records, count <= files)
  yield `<footer>Request ${head.request} &middot; ${safe(head.relay)} &middot; ${minute(new Date(head.createdAt).toISOString())} UTC.
The same records for machines: records.json, records.csv.</footer></body></html>\n`
}
