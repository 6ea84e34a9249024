/** The files of a package, each written piece by piece from the records in it. */

import { type ExportHead, MOST_HEADER_FILES, MOST_HEADERS, type PackedRecord } from './content.ts'
import { csvLine } from './csv.ts'
import { report } from './report.ts'

/** Gives the records of a package from the beginning, as often as it is asked. */
export type Records = () => AsyncIterable<PackedRecord>

/** A file of the package under its name. */
export interface ExportText {
  name: string
  text: AsyncIterable<string>
}

async function* json(head: ExportHead, records: Records): AsyncGenerator<string> {
  const { request, kind, subject, redacted, relay, createdAt, places, accounts, sharing } = head
  const about = { request, kind, subject, redacted, relay, createdAt: new Date(createdAt).toISOString() }
  yield `{"about": ${JSON.stringify({ ...about, accounts, places, sharing })},\n"account": ${JSON.stringify(head.account ?? null)},\n"records": [`
  let separator = '\n'
  for await (const record of records()) {
    yield `${separator}${JSON.stringify(record)}`
    separator = ',\n'
  }
  yield '\n]}\n'
}

async function* csv(records: Records): AsyncGenerator<string> {
  const columns = 'id account accepted_at from to subject message_id size status kept_until sampled'
  yield csvLine(columns.split(' '))
  for await (const record of records()) {
    const { id, account, acceptedAt, from, to, subject, messageId, size, status, keepUntil, sampled } = record
    const cells = [id, account, acceptedAt, from, to.join('; '), subject, messageId, size, status, keepUntil]
    yield csvLine([...cells, sampled ? 'yes' : 'no'])
  }
}

function readMe(head: ExportHead, count: number): string {
  const { request, subject, relay, createdAt, redacted } = head
  const whose = count > MOST_HEADERS ? `the first ${MOST_HEADERS} messages (all are in records.json)` : 'each message'
  const where = count > MOST_HEADER_FILES ? 'headers.zip   ' : 'headers/      '
  const lines = [
    `Data held about ${subject}`,
    `by the mail relay ${relay}, in answer to request ${request}, as of ${new Date(createdAt).toISOString()}`,
    '',
    'report.html    to be read: open it in a browser, or print it',
    `records.json   the same for machines: ${count} header records with deliveries and attempts`,
    'records.csv    the same as a table (RFC 4180, UTF-8)',
    `${where} the header block of ${whose}; mail programs open it`,
    ...(head.account ? ['account.json   the account itself'] : []),
    '',
    'All times are UTC, all sizes are in bytes. In records.csv an apostrophe stands before a value that a',
    'spreadsheet would take for a formula.',
    ...(redacted
      ? ['', 'Addresses of other people are replaced by [other person N]: the same number is the same person.']
      : ['', 'Recipients are shown as the account wrote them.']),
    '',
  ]
  return lines.join('\r\n')
}

async function* one(text: string): AsyncGenerator<string> {
  yield text
}

/** All files but the header blocks. @param count header records there are */
export function exportTexts(head: ExportHead, count: number, records: Records): ExportText[] {
  const account = head.account && { name: 'account.json', text: one(`${JSON.stringify(head.account, undefined, 2)}\n`) }
  return [
    { name: 'README.txt', text: one(readMe(head, count)) },
    { name: 'report.html', text: report(head, count, records()) },
    { name: 'records.json', text: json(head, records) },
    { name: 'records.csv', text: csv(records) },
    ...(account ? [account] : []),
  ]
}
