/**
 * Reads a mail to the privacy desk. Whoever wrote it is not believed: it is bounded in size and parts, only its text is
 * taken, without controls and marks that turn the direction of writing, and reading never fails. What is kept of it is
 * plain text and stays that.
 */

import { parseMailbox } from '../../model/address.ts'
import { type RequestKind, requestKinds } from '../../model/request.ts'
import { htmlText } from '../html.ts'
import { fieldsOf, folded } from '../mime/fields.ts'
import { type Email, takeApart } from '../mime/read.ts'

/** So much of a mail is read, octets; so much of its text is kept, characters. */
const READ_OCTETS = 512 * 1024
const MOST_TEXT = 20_000
const MOST_SUBJECT = 200
/** Names of attachments that are told. */
const MOST_NAMES = 10

export interface RequestMail {
  /** address of the From field, else of the envelope; undefined when there is none to answer to */
  from: string | undefined
  subject: string
  text: string
  /** number in `[request N]` */
  about: number | undefined
  /** what may be the digits of a code */
  codes: string[]
  /** a program wrote it: it proves nothing, and its codes are none */
  machineMade: boolean
  /** where answers are wanted, as it is written; empty when that is not said. A contact form names its visitor here */
  replyTo: string
  /** an answer of a machine, or a report about mail: no request (RFC 3834, RFC 3464) */
  automatic: boolean
  /** whether a letter of a program may go back: never to lists, bulk mail or programs (RFC 3834 §2) */
  mayAnswer: boolean
}

/** Text of strangers: no controls but line ends, no direction marks, nothing invisible. */
export function plainText(text: string, most: number): string {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[^\P{Cc}\n\t]|[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu, '')
    .replaceAll(/\n{4,}/g, '\n\n\n')
    .slice(0, most)
    .trim()
}

/** The beginning of a mail as it is, for those who read what no program could. */
export function beginningOf(content: Uint8Array): string {
  const bytes = content.subarray(0, MOST_TEXT)
  return plainText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'), MOST_TEXT)
}

type Field = (name: string) => string

function isAutomatic(field: Field): boolean {
  return (
    /^auto-(?:replied|notified)/.test(field('auto-submitted')) ||
    /report-type="?(?:delivery-status|disposition-notification|feedback-report)/.test(field('content-type')) ||
    (field('return-path') === '<>' && /mailer-daemon|postmaster/.test(field('from')))
  )
}

/**
 * Whether a program wrote it, by RFC 3834 and the habits of mail software: it may quote whatever was sent to it, a code too,
 * and so proves nothing about anybody.
 */
function isMachineMade(field: Field): boolean {
  return (
    isAutomatic(field) ||
    !/^(?:no\b|$)/.test(field('auto-submitted')) ||
    /^(?:bulk|list|junk|auto_reply)/.test(field('precedence')) ||
    field('return-path') === '<>' ||
    /^multipart\/report\b/.test(field('content-type')) ||
    ['list-id', 'x-auto-response-suppress', 'x-autoreply', 'x-autorespond', 'x-autoresponder'].some(
      (name) => field(name) !== '',
    )
  )
}

/** Where an answer stops and what it answers, or its signature (RFC 3676 §4.3), begins. */
const END_OF_OWN_WORDS =
  /^(?:-- ?|_{10,}|-{2,} ?(?:original message|ursprüngliche nachricht|forwarded message|weitergeleitete nachricht) ?-{2,})$/i
/** `On Monday, 30 Nov 2026, the relay wrote:` and its like */
const ATTRIBUTION = /(?:wrote|schrieb|a écrit|escribió|ha scritto|schreef)\b[^:]{0,200}:$/i
/** Lines that hold numbers of other kinds. */
const OTHER_NUMBER =
  /\b(?:tel|phone|telefon|fon|fax|mobile?|mobil|cell|hrb|vat|iban|ticket|case|order|kundennummer)\b|\+\d/i

/** What may be the digits of a code: in the writer's own words, never in quoted text, a signature or a telephone number. */
function codesOf(text: string): string[] {
  const codes: string[] = []
  for (const line of text.split('\n')) {
    const own = line.trim()
    if (END_OF_OWN_WORDS.test(own) || ATTRIBUTION.test(own.slice(-300))) break
    if (own.startsWith('>') || OTHER_NUMBER.test(own)) continue
    for (const [, one, two] of own.matchAll(/(?<![\d/.-]|\d )(\d{4})[ \u00a0-]?(\d{4})(?![\d/-]| \d)/g))
      codes.push(one! + two!)
  }
  return codes.slice(0, 5)
}

/** Whether an address is by its name one that programs write from. */
function isProgram(address: string): boolean {
  const [name = ''] = address.slice(0, address.lastIndexOf('@')).toLowerCase().split('+')
  return /^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)$|^owner-|-request$/.test(name)
}

function isPersonal(field: Field, from: string): boolean {
  return (
    field('return-path') !== '<>' &&
    ['', 'no'].includes(field('auto-submitted')) &&
    !/^(?:bulk|list|junk)/.test(field('precedence')) &&
    !['list-id', 'list-unsubscribe', 'list-post', 'feedback-id', 'x-auto-response-suppress', 'x-loop'].some(
      (name) => field(name) !== '',
    ) &&
    !isProgram(from)
  )
}

/** An address as the envelope writes it: a parser of fields takes the quotes off. */
function enveloped(address: string): string {
  const at = address.lastIndexOf('@')
  const quoted = `"${address.slice(0, at).replaceAll(/["\\]/g, '\\$&')}"${address.slice(at)}`
  return parseMailbox(address) ? address : quoted
}

/** Whom letters go to: the From field, or where that names nobody whoever the mail came from. */
function fromOf(mail: Email | undefined, written: Field): string | undefined {
  const given = [
    ...(mail?.from?.group ?? [mail?.from]).flatMap((one) => one?.address ?? []),
    /<([^<>]*)>/.exec(written('from'))?.[1] ?? written('from'),
    written('return-path').slice(1, -1),
  ]
  return given.map(enveloped).find((address) => address.length <= 254 && parseMailbox(address))
}

function shownAddress({ name, address }: { name?: string; address?: string }): string {
  return name ? `${name} <${address ?? ''}>` : (address ?? '')
}

/** What a mail had besides what is kept of it: who reads that has to know. */
function leftOut(mail: Email | undefined, isCut: boolean): string {
  const names = (mail?.attachments ?? []).map(({ filename, mimeType }) => filename || mimeType)
  const shown = plainText(names.slice(0, MOST_NAMES).join(', '), MOST_SUBJECT).replaceAll('\n', ' ')
  return [
    mail ? '' : '[A program could not read this mail: ask the person what was meant.]',
    isCut ? '[Only the beginning of this mail was read.]' : '',
    names.length === 0
      ? ''
      : `[Attachments are not kept. There ${names.length === 1 ? 'was' : `were ${names.length}:`} ${shown}]`,
  ]
    .filter((line) => line !== '')
    .join('\n')
}

/** Reads a mail as received, with the Return-Path this relay put before it. */
export async function readRequestMail(content: Uint8Array): Promise<RequestMail> {
  const whole = Buffer.from(content.buffer, content.byteOffset, Math.min(content.length, READ_OCTETS)).toString(
    'latin1',
  )
  const fields = fieldsOf(whole)
  const written = (name: string) => folded(fields.find(([own]) => own === name)?.[1] ?? '')
  const field = (name: string) => written(name).toLowerCase()
  const mail = await takeApart(whole)
  const from = fromOf(mail, written)
  const subject = plainText(mail?.subject ?? '', MOST_SUBJECT).replaceAll('\n', ' ')
  const words = mail?.text ?? htmlText(mail?.html ?? '')
  const text = plainText(words, MOST_TEXT)
  const isCut = content.length > READ_OCTETS || words.length > MOST_TEXT
  const machineMade = isMachineMade(field)
  const number = /\[request (\d{1,9})\]/i.exec(subject)?.[1]
  return {
    from,
    subject,
    text: [text, leftOut(mail, isCut)].filter((part) => part !== '').join('\n\n'),
    about: number === undefined ? undefined : Number(number),
    codes: machineMade ? [] : codesOf(text),
    automatic: isAutomatic(field),
    machineMade,
    replyTo: plainText(mail?.replyTo?.map(shownAddress).join(', ') ?? '', MOST_SUBJECT).replaceAll('\n', ' '),
    mayAnswer: from !== undefined && isPersonal(field, from),
  }
}

/** Words that speak for a kind, in English and German. */
const words: Record<RequestKind, RegExp> = {
  deletion:
    /\b(?:delet\w*|eras\w*|remov\w*|forget|forgotten)\b|\b(?:ge)?lösch\w*|\bentfern\w*|\bvergessen|\bart(?:icle|ikel|\.)? ?17\b/giu,
  portability:
    /\bportab\w*|\bmachine.readable\b|\bdatenübertrag\w*|\bmaschinenlesbar\w*|\bart(?:icle|ikel|\.)? ?20\b/giu,
  correction: /\bcorrect\w*|\brectif\w*|\bberichtig\w*|\bkorrig\w*|\bart(?:icle|ikel|\.)? ?16\b/giu,
  restriction: /\brestrict\w*|\beinschränk\w*|\bsperr\w*|\bart(?:icle|ikel|\.)? ?18\b/giu,
  objection:
    /\bobject(?:ion|ing)?\b|\bunsubscribe\w*|\bstop (?:sending|writing|mailing)\b|\bopt.?out\b|\bwidersp\w*|\babbestell\w*|\bkeine (?:weiteren )?(?:e-?mails|mails|werbung)\b|\bart(?:icle|ikel|\.)? ?21\b/giu,
  access:
    /\baccess\b|\b(?:what|which) (?:personal )?(?:data|information)\b|\bcopy of\b|\bauskunft\w*|\bkopie\b|\bwelche (?:personenbezogenen )?daten\b|\bart(?:icle|ikel|\.)? ?15\b/giu,
}

/**
 * What a letter seems to ask for, by the words it uses: a guess that a person looks at. Where no word speaks for a kind it
 * is access, which changes nothing.
 */
export function guessKind(text: string): { kind: RequestKind; why: string } {
  const found = requestKinds.map((kind) => ({ kind, said: text.slice(0, MOST_TEXT).match(words[kind]) ?? [] }))
  const best = found.toSorted((a, b) => b.said.length - a.said.length)[0]!
  if (best.said.length === 0)
    return { kind: 'access', why: 'no word of the letter says what is asked: taken as access until somebody reads it' }
  const said = [...new Set(best.said.map((word) => word.toLowerCase()))].slice(0, 3).join('”, “')
  return { kind: best.kind, why: `guessed by a program from “${said}”: ${best.kind}, until somebody reads it` }
}
