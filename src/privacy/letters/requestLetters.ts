/**
 * What people are told about their requests: drafts in plain words, which a person reads and may change before they go
 * out. Times are UTC. The address of the person is in no subject, so that it is in no list of subjects. Pure.
 */

import type { RefusalGround, RequestKind, RequestOutcome, RequestTrack } from '../../model/request.ts'

/** A letter as drafted: paragraphs with an empty line between them. */
export interface Draft {
  subject: string
  text: string
}

/** What every letter about a request says. */
export interface About {
  /** number of the request; `{id}` for one that is being opened */
  id: number | '{id}'
  kind: RequestKind
  /** an account orders something for another person, whom the letter is not written to */
  track: RequestTrack
  /** name of this relay */
  hostname: string
  receivedAt: number
  dueAt: number
}

const asks: Record<RequestKind, string> = {
  access: 'to know what data is held about you',
  correction: 'to have data about you corrected',
  deletion: 'to have data about you deleted',
  objection: 'not to be written to any more',
  restriction: 'to have the use of data about you restricted',
  portability: 'to get data about you in a form that machines read',
}

/** Kind of a request in a sentence about somebody. */
const wants: Record<RequestKind, string> = {
  access: 'to know what data is held about them',
  correction: 'to have data about them corrected',
  deletion: 'to have data about them deleted',
  objection: 'not to be written to any more',
  restriction: 'to have the use of data about them restricted',
  portability: 'to get data about them in a form that machines read',
}

/** What whoever is written to asks. */
function asking({ kind, track }: About): string {
  return track === 'account' ? `on behalf of another person ${wants[kind]}` : asks[kind]
}

/** A day in UTC. */
export function dayText(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

function timeText(at: number): string {
  return `${dayText(at)} at ${new Date(at).toISOString().slice(11, 16)} UTC`
}

function draft({ id }: Pick<About, 'id'>, title: string, paragraphs: readonly string[]): Draft {
  return { subject: `[request ${id}] ${title}`, text: paragraphs.filter((one) => one !== '').join('\n\n') }
}

function how({ id }: Pick<About, 'id'>): string {
  return `If you want to add something, answer this letter and leave [request ${id}] in the subject.`
}

const complain =
  'If you think that this is wrong, answer this letter. You also have the right to complain to the data protection authority where you live, and to go to court.'

/** That a request has come in, by when it is answered, and what may happen meanwhile. */
export function acknowledgementLetter(about: About): Draft {
  const { id, hostname, receivedAt, dueAt } = about
  return draft(about, 'We have received your request', [
    `This is the mail relay at ${hostname}. On ${timeText(receivedAt)} we received a letter from this address. It is request ${id} here, and we read it so: you ask ${asking(about)}. If you meant something else, answer this letter.`,
    `You will have an answer by ${dayText(dueAt)} at the latest.`,
    'Before anything is told or deleted we make sure that it is you who asks: you may get a code by mail to answer with.',
    how(about),
    'If you did not write to us, somebody else has used your address. You need not do anything.',
  ])
}

/** The code that shows that whoever asks reads the mail of the address. */
export function codeLetter(about: About, code: string, days: number): Draft {
  const { id, hostname } = about
  return draft(about, 'Please confirm that it is you who asks', [
    `This is the mail relay at ${hostname}. Somebody asked in the name of this address ${asking(about)} (request ${id}). To confirm that it is you, answer this letter, leave [request ${id}] in the subject, and write this code:`,
    `${code.slice(0, 4)} ${code.slice(4)}`,
    `The code counts for ${days} days and for three tries.`,
    'If you did not ask for this, do nothing: without the code nothing is told and nothing is deleted.',
  ])
}

/** Points the person to the accounts that sent the mail: they decide over it, the relay only carries it. */
export function forwardingLetter(about: About, accounts: readonly { name: string; contact: string }[]): Draft {
  const { id, hostname, receivedAt, kind } = about
  const one = accounts.length === 1
  return draft(about, 'Who answers your request', [
    `This is the mail relay at ${hostname}. On ${timeText(receivedAt)} you asked ${asks[kind]} (request ${id}).`,
    `We carry mail for our customers and do not decide what becomes of it. Mail to or from your address was sent by ${one ? 'this customer, who is' : 'these customers, who are'} responsible for it (the controller in the sense of data protection law):`,
    ...accounts.map(({ name, contact }) => `${name}, ${contact}`),
    `We have sent your request on to ${one ? 'this customer' : 'them'} today, with its number. When ${one ? 'it orders' : 'one orders'} us to carry it out, we do so within 30 days of the order, and write to you.`,
    `You can also write to ${one ? 'it' : 'them'} yourself. If you get no answer, tell us by answering this letter.`,
    complain,
  ])
}

export interface Forwarded {
  account: string
  /** address of the person */
  subject: string
  /** what the person wrote; empty for nothing */
  text: string
}

/** Sends a person's request on to the account that is responsible. */
export function accountLetter(about: About, { account, subject, text }: Forwarded): Draft {
  const { id, hostname, receivedAt, kind } = about
  return draft(about, 'A person asks about mail of your account', [
    `This letter is about account ${account} at the mail relay ${hostname}.`,
    `On ${timeText(receivedAt)} a person asked us ${wants[kind]}. Mail of your account went to or came from their address:`,
    subject,
    'You are responsible for this mail (the controller in the sense of data protection law), so it is you who answers. We have told the person so, and named you and this address.',
    `To order us to carry it out for what we hold, answer this letter and leave [request ${id}] in the subject, or open a request on behalf of a third party in your panel and give ${id} as its number. It is carried out within 30 days of your order, and you and the person are told.`,
    ...(text === '' ? [] : ['What the person wrote:', ...quoted(text)]),
  ])
}

/** What somebody wrote, bounded, each paragraph marked. */
function quoted(text: string): string[] {
  const short = text.length > 4000 ? `${text.slice(0, 4000)} […]` : text
  return short.split(/\n\s*\n/).flatMap((one) => (one.trim() === '' ? [] : [`> ${one.trim()}`]))
}

/** That it takes longer, and why (GDPR article 12 (3)). */
export function extensionLetter(about: About, extendedTo: number, reason: string): Draft {
  return draft(about, 'Your request takes longer', [
    `This is about your request ${about.id} of ${dayText(about.receivedAt)} at the mail relay ${about.hostname}, which was due on ${dayText(about.dueAt)}.`,
    `It takes longer: you will have an answer by ${dayText(extendedTo)} at the latest. This is the only extension.`,
    `Why: ${reason}`,
    complain,
  ])
}

const grounds: Record<RefusalGround, string> = {
  unfounded: 'It is manifestly unfounded (article 12 (5) GDPR).',
  excessive: 'It is excessive, in particular because it repeats earlier ones (article 12 (5) GDPR).',
  hold: 'The data has to be kept because of a legal obligation or for legal claims (article 17 (3) GDPR).',
  identity: 'We could not make sure that it is you who asks (article 12 (6) GDPR).',
}

/** That it is not carried out, on which ground, and where to complain (GDPR article 12 (4)). */
export function refusalLetter(about: About, ground: RefusalGround, reason: string): Draft {
  return draft(about, 'Your request is refused', [
    `This is about your request ${about.id} of ${dayText(about.receivedAt)} at the mail relay ${about.hostname}: you asked ${asking(about)}.`,
    `We do not carry it out. ${grounds[ground]}`,
    reason === '' ? '' : `Why: ${reason}`,
    complain,
  ])
}

/** Tells the contact an account had until now that somebody else takes its place: it may have asked for nothing. */
export function contactLetter(about: About, account: string, contact: string): Draft {
  const { id, hostname, receivedAt } = about
  return draft(about, 'Your account gets another contact', [
    `This letter is about account ${account} at the mail relay ${hostname}, whose contact is this address until now.`,
    `As asked on ${timeText(receivedAt)} (request ${id}), letters about the account go to this address from now on:`,
    contact,
    `If nobody of yours has asked for that, answer this letter at once and leave [request ${id}] in the subject.`,
  ])
}

export interface Carried {
  /** who is told: the person itself, or the account about a person or about itself */
  to: 'person' | 'account'
  outcome: RequestOutcome
  /** counts of what was destroyed */
  destroyed: { headers: number; redacted: number; samples: number; rows: number }
  /** what stays for now, and why */
  stays: readonly { place: string; count: number; why: string }[]
  /** whether something is kept of which nobody may be told */
  isGagged: boolean
  /** numbers of the signed receipts */
  receipts: readonly number[]
  /** the day by which the last backup that may hold it is destroyed */
  backupsUntil: number | undefined
  /** whether the address is never written to again */
  suppressed: boolean
  /** what was corrected */
  correction: string
}

function things(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}

/** When the address itself goes, which has to stay as long as it is needed to find what stays. */
function lastWord({ stays, isGagged }: Carried): string {
  if (isGagged) return 'The address that asked is deleted here too, as soon as it is not needed any more.'
  return stays.length === 0
    ? 'The address that asked is deleted here too, as soon as this letter has arrived.'
    : 'The address that asked is deleted here too, as soon as what stays for now has gone.'
}

function deleted(carried: Carried): string[] {
  const { destroyed, receipts, backupsUntil } = carried
  const { headers, redacted, samples, rows } = destroyed
  return [
    `What was deleted: ${things(headers, 'header record', 'header records')} and ${things(samples, 'stored message', 'stored messages')}; from ${things(redacted, 'record', 'records')} that concern others as well, the address was taken out; ${things(rows, 'other entry', 'other entries')}.`,
    receipts.length === 0
      ? ''
      : `Signed receipts of the deletion have ${receipts.length === 1 ? 'the number' : 'the numbers'} ${receipts.join(', ')}.`,
    backupsUntil === undefined
      ? ''
      : `Backups that were made before are destroyed by ${dayText(backupsUntil)} at the latest. Should one be used before, the deletion is repeated at once.`,
    lastWord(carried),
  ]
}

function outcomes(about: About, carried: Carried): string[] {
  const { to, suppressed, correction } = carried
  const subject = to === 'person' ? 'your address' : 'the address'
  switch (about.kind) {
    case 'deletion':
      return deleted(carried)
    case 'access':
    case 'portability':
      return [
        'We have put together what is held, in a form that people read and one that machines read. Data of other persons in it is made unreadable.',
        'You get a link to the file, which works for a limited time, and its passphrase by another way.',
      ]
    case 'objection':
      return [
        suppressed || to === 'person'
          ? `From now on mail to ${subject} is refused here. For this a keyed fingerprint of the address is kept, out of which the address cannot be read.`
          : `From now on mail of the account to ${subject} is refused here.`,
        'What is held already was not deleted: it goes when its time is over.',
      ]
    case 'restriction':
      return [
        `From now on what is held about ${subject} is kept and not used, and mail to it is refused here, until the restriction is lifted.`,
      ]
    case 'correction':
      return [
        correction === ''
          ? 'It was corrected.'
          : `What was corrected: ${correction}. Records of mail that was sent are not changed: they say what was sent.`,
      ]
  }
}

/** What came of a request that was carried out. */
export function answerLetter(about: About, carried: Carried): Draft {
  const { id, hostname, receivedAt, kind } = about
  const { outcome, stays, suppressed } = carried
  const nothing = outcome === 'nothing found'
  const asked = carried.to === 'person' ? `you asked ${asks[kind]}` : `it asks ${wants[kind]}`
  return draft(about, nothing ? 'Nothing was found' : 'Your request was carried out', [
    `This is about request ${id} of ${timeText(receivedAt)} at the mail relay ${hostname}: ${asked}.`,
    ...(nothing
      ? ['We searched everything we hold, and found nothing but this request and the letters about it.']
      : outcomes(about, carried)),
    stays.length === 0
      ? ''
      : `What stays for now: ${stays.map(({ place, count, why }) => `${count} in ${place} (${why})`).join('; ')}.`,
    suppressed && kind === 'deletion'
      ? 'The address is never written to again: for this a keyed fingerprint of it is kept, out of which the address cannot be read.'
      : '',
    complain,
  ])
}

/** Tells the person what came of the accounts' orders for their request. */
export function reportLetter(
  about: About,
  orders: readonly { account: string; outcome: RequestOutcome | undefined; receipts: readonly number[] }[],
): Draft {
  const said: Partial<Record<RequestOutcome, string>> = {
    done: 'was carried out',
    'nothing found': 'found nothing that is held',
    refused: 'was refused',
    withdrawn: 'was withdrawn',
  }
  const receipts = orders.flatMap((order) => order.receipts)
  return draft(about, 'What came of your request', [
    `This is about your request ${about.id} of ${dayText(about.receivedAt)} at the mail relay ${about.hostname}: you asked ${asks[about.kind]}.`,
    ...orders.map(({ account, outcome }) => `The order of ${account} ${said[outcome ?? 'done'] ?? 'was carried out'}.`),
    receipts.length === 0 ? '' : `Signed receipts have the numbers ${receipts.join(', ')}.`,
    about.kind === 'deletion' ? 'The address that asked is deleted here too, as soon as this letter has arrived.' : '',
    complain,
  ])
}
