/**
 * The privacy desk: a mail opens a request, or is attached to the one its subject names. Who is in the From field is
 * believed for nothing but for where letters go: nothing is told or destroyed before a code came back, or a person has
 * looked at evidence.
 */

import type { Account } from '../../model/account.ts'
import { parseMailbox } from '../../model/address.ts'
import { sameMailbox } from '../../model/addressKey.ts'
import { dueAt } from '../../model/request.ts'
import type { RoleMailbox } from '../../mta/mailboxes/mailboxes.ts'
import type { LetterJobs } from '../../mta/mailboxes/readingJobs.ts'
import { beginningOf, guessKind, type RequestMail } from '../../mta/mailboxes/readMail.ts'
import type { Clock } from '../../mta/ports.ts'
import { type MailReader, type Unreadable, unreadable } from '../../mta/reading/reader.ts'
import type { NewLetter, NewRequest, RequestRecord } from '../../store/requests.ts'
import type { WaitingMail } from '../../store/signals.ts'
import type { Store } from '../../store/store.ts'
import { acknowledgementLetter } from '../letters/requestLetters.ts'
import { codeHash } from './identityCode.ts'
import { requestPolicy } from './requestSettings.ts'

const desk = { id: 0, email: 'system' }

/** Which of somebody's accounts a request was sent on to; of several the one that has not ordered anything yet. */
function askedOf({ letters, orders }: RequestRecord, accounts: readonly Account[]): Account | undefined {
  const asked = accounts.filter(({ id }) => letters.some(({ about }) => about === id))
  return asked.find(({ id }) => !orders.some(({ account }) => account === id)) ?? asked[0]
}

/** What the desk is told where somebody has several accounts, of which a request can only name one. */
function besides([first, ...others]: readonly Account[]): string {
  if (!first || others.length === 0) return ''
  const names = others.map(({ name }) => name).join(', ')
  return `; whoever wrote is the contact of ${names} as well, which this request is not about`
}

/** A letter as the team reads it. */
function textOf({ subject, replyTo, machineMade, text }: RequestMail): string {
  const head = [
    `Subject: ${subject}`,
    replyTo === '' ? '' : `Reply-To: ${replyTo}`,
    machineMade ? '[A program wrote this mail: it proves nothing about who asks.]' : '',
  ]
  return `${head.filter((line) => line !== '').join('\n')}\n\n${text}`
}

const noMail = {
  subject: '',
  about: undefined,
  codes: [],
  automatic: false,
  machineMade: false,
  replyTo: '',
  mayAnswer: false,
}

export interface PrivacyMailboxOptions {
  store: Pick<Store, 'desk' | 'directory' | 'requests' | 'settings'>
  /** name of this relay */
  hostname: string
  reader: MailReader<LetterJobs>
  clock: Clock
}

type Known = Pick<NewRequest, 'track' | 'account' | 'parent' | 'subject'> & Partial<Pick<NewRequest, 'kind' | 'guess'>>

/** Builds the privacy desk. */
export function createPrivacyMailbox({ store, hostname, reader, clock }: PrivacyMailboxOptions): RoleMailbox {
  const { directory, requests } = store

  async function drop(mail: WaitingMail): Promise<void> {
    await store.desk.finish(mail.id, [], [])
  }

  /** Accounts whose contact it is; those that are closed last. */
  function accountsOf(from: string): Account[] {
    const own = directory.accounts().filter(({ contact }) => sameMailbox(contact, from))
    return own.toSorted((one, other) => Number(one.status === 'closed') - Number(other.status === 'closed'))
  }

  /** Who is written to about a request: the person, or the contact of the account whose request it is. */
  function respondentOf({ track, subject, account }: RequestRecord): string | undefined {
    return track === 'third party' ? subject : directory.accountById(account ?? 0)?.contact
  }

  /** Whose request a mail is. An account's answer to a forwarded request is its order. */
  function whose(from: string, named: RequestRecord | undefined): Known {
    const accounts = accountsOf(from)
    const [first] = accounts
    if (!first) return { track: 'third party', account: undefined, parent: undefined, subject: from }
    const asked = named?.track === 'third party' ? askedOf(named, accounts) : undefined
    const holder = { track: 'holder', account: (asked ?? first).id, parent: undefined, subject: from } as const
    if (!named || !asked) return holder
    const { subject, kind, id, erasedAt } = named
    if (erasedAt === undefined) return { track: 'account', account: asked.id, parent: id, subject, kind }
    // nobody knows any more whom an order would be for, and what it asks for is nothing the account asks for itself
    const guess = `an answer to request ${id}, which is over and names nobody any more: somebody reads what is meant`
    return { ...holder, kind: 'access', guess }
  }

  async function acknowledgement(given: NewRequest, to: string): Promise<NewLetter | undefined> {
    if (!(await requestPolicy(store.settings)).acknowledge) return undefined
    const { kind, receivedAt, track, account } = given
    const about = { id: '{id}', kind, track, hostname, receivedAt, dueAt: dueAt(receivedAt, false) } as const
    const owner = track === 'holder' ? account! : 0
    return { kind: 'acknowledgement', account: owner, about: undefined, to, ...acknowledgementLetter(about) }
  }

  async function open(mail: WaitingMail, letter: RequestMail, from: string, named: RequestRecord | undefined) {
    const text = textOf(letter)
    const known = whose(from, named)
    const guess = guessKind(`${letter.subject}\n${letter.text}`)
    const given: NewRequest = {
      kind: known.kind ?? guess.kind,
      ...known,
      source: 'mail',
      receivedAt: mail.receivedAt,
      text,
      correction: '',
      suppress: false,
      identity: undefined,
      guess: known.kind === undefined ? `${guess.why}${besides(accountsOf(from))}` : known.guess,
      acknowledgement: undefined,
      inbox: mail.id,
    }
    const letterBack = letter.mayAnswer ? await acknowledgement(given, from) : undefined
    await requests.open({ ...given, acknowledgement: letterBack }, desk, clock.now())
  }

  /** An answer to a letter about a request, by whom it was written to. */
  async function attach(mail: WaitingMail, letter: RequestMail, { id, codeSentAt }: RequestRecord): Promise<void> {
    const act = { request: id, actor: desk, at: clock.now() }
    await requests.attach(act, textOf(letter), mail.id)
    if (codeSentAt === undefined || letter.codes.length === 0) return
    await requests.tryCode(
      act,
      letter.codes.map((code) => codeHash(id, code)),
    )
  }

  async function read(mail: WaitingMail): Promise<void> {
    const reading = await reader.read('letter', { content: mail.content })
    if (!reading.ok) return giveUp(mail, reading.problem)
    const letter = reading.value
    const { from } = letter
    if (from === undefined) return drop(mail)
    const named = letter.about === undefined ? undefined : await requests.get(letter.about)
    const respondent = named && respondentOf(named)
    const isAnswer = named?.state !== 'closed' && respondent !== undefined && sameMailbox(respondent, from)
    if (named && isAnswer) await attach(mail, letter, named)
    else if (letter.automatic) await drop(mail)
    else await open(mail, letter, from, named)
  }

  /** A mail that no program could read is a request all the same: a person asks what was meant. */
  async function giveUp(mail: WaitingMail, problem: Unreadable): Promise<void> {
    const beginning = Buffer.from(mail.content.subarray(0, 1000)).toString('utf8')
    const from = /^Return-Path: <([^<>\r\n]+)>/.exec(beginning)?.[1]
    if (from === undefined || !parseMailbox(from)) return drop(mail)
    const said = `A program could not read this mail (${unreadable[problem]}): ask the person what was meant.`
    const unread = { ...noMail, from, text: `${said} It begins:\n\n${beginningOf(mail.content)}` }
    await open(mail, unread, from, undefined)
  }

  return { name: 'privacy', local: 'privacy', read, giveUp }
}
