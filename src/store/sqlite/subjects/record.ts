/** A header record as far as persons go: whether it names them, and the record without them. */

import { findingKey, mailboxKey } from '../../../model/addressKey.ts'
import { packDetail, unpackDetail } from '../messages/detail.ts'
import { eachAddress } from './addresses.ts'
import { base64Texts } from './base64.ts'
import { encodedTexts } from './encodedWords.ts'
import type { Matcher } from './match.ts'
import { type IsSubject, names, redactHeaders, redactJson, redactText } from './redact.ts'

/** How a record concerns the persons: not at all, nobody but them, or others too. */
export type Concern = 'none' | 'alone' | 'among others'

/** The columns of a day's record that may name somebody, and whose mail it is. */
interface NamingRow {
  account: number
  accepted_at: number
  sender: string
  recipients: string
  subject: string
  message_id: string
  extra: string
  /** see detail.ts */
  detail: Uint8Array
}

/** The texts of a record, wherever it lies. */
export interface RecordTexts {
  account: number
  acceptedAt: number
  sender: string
  recipients: readonly string[]
  /** everything else that may name somebody: subject, client, dialogues, header block */
  rest: () => readonly string[]
}

/** Whether a record names persons who are meant. */
export function concernOf(matcher: Matcher, record: RecordTexts): Concern {
  const { account, acceptedAt, sender, recipients } = record
  if (matcher.isWhole(account, acceptedAt)) return 'alone'
  const isSubject = matcher.of(account, acceptedAt)
  if (!isSubject) return 'none'
  const meant = recipients.filter((recipient) => namesAddress(recipient, isSubject))
  if (recipients.length > 0 && meant.length === recipients.length) return 'alone'
  if (meant.length > 0 || namesAddress(sender, isSubject)) return 'among others'
  return record.rest().some((text) => names(text, isSubject)) ? 'among others' : 'none'
}

/** Whether an address is a person's, or has it inside. */
export function namesAddress(address: string, isSubject: IsSubject): boolean {
  return isSubject(mailboxKey(address)) || names(address, isSubject)
}

/** A header block as text in which addresses are found: fields of UTF-8 and of any other set side by side. */
export function headerText(headers: Uint8Array): string {
  return Buffer.from(headers.buffer, headers.byteOffset, headers.byteLength).toString('utf8')
}

/** Text of JSON with its ends of lines as such: an address can stand right behind one. */
export function unescaped(json: string): string {
  return json.replace(/\\[nrt]/g, '\n')
}

/** The texts of a record of a day. */
export function textsOf(row: NamingRow): RecordTexts {
  return {
    account: row.account,
    acceptedAt: row.accepted_at,
    sender: row.sender,
    recipients: JSON.parse(row.recipients) as string[],
    rest() {
      const { outcome, headers } = unpackDetail(row.detail)
      return [headerText(headers), unescaped(outcome), row.subject, row.message_id, row.extra]
    },
  }
}

/** The record without the persons. */
export function redactRecord<Row extends NamingRow>(row: Row, isSubject: IsSubject): Row {
  const { outcome, headers } = unpackDetail(row.detail)
  const address = (one: string) => (isSubject(mailboxKey(one)) ? '[removed]' : redactText(one, isSubject))
  return {
    ...row,
    sender: address(row.sender),
    recipients: JSON.stringify((JSON.parse(row.recipients) as string[]).map(address)),
    subject: redactText(row.subject, isSubject),
    message_id: redactText(row.message_id, isSubject),
    extra: redactJson(row.extra, isSubject),
    detail: packDetail(redactJson(outcome, isSubject), redactHeaders(headers, isSubject)),
  }
}

/** Fields whose addresses are names of messages, which would be an index term each. */
const NAMES_OF_MESSAGES =
  /^(?:message-id|references|in-reply-to|x-message-id|content-id):[^\r\n]*(?:\r\n[ \t][^\r\n]*)*/gim

/** What no mailbox has in its name, and every reading of a link has. */
const OF_A_LINK = /[/?]/

/** What of a record names people. */
export interface NamingTexts {
  sender: string
  recipients: readonly string[]
  subject: string
  outcome: string
  headers: Uint8Array
}

/** Finding keys of everybody a record names, for the search index. Names of messages are passed over. */
export function keysOf({ sender, recipients, subject, outcome, headers }: NamingTexts): Set<string> {
  const keys = new Set<string>()
  for (const address of [sender, ...recipients]) if (address.includes('@')) keys.add(findingKey(address))
  const text = headerText(headers).replace(NAMES_OF_MESSAGES, '')
  const coded = [text, subject].flatMap((one) => [encodedTexts(one), base64Texts(one)])
  const texts = [sender, ...recipients, text, unescaped(outcome), subject, ...coded]
  for (const one of texts)
    eachAddress(one, (key) => {
      if (!OF_A_LINK.test(key)) keys.add(findingKey(key))
      return undefined
    })
  return keys
}
