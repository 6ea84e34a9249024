/**
 * The abuse desk: finds the message a complaint is about, also where the reporter has redacted its addresses, and keeps
 * what the complaint says as a signal. A complaint nobody can match is kept for a person.
 */

import { formatId, type MessageId, parseId } from '../../model/id.ts'
import { DAY_MS } from '../../model/retention.ts'
import { complaintWeight, UNPROVED_WEIGHT } from '../../model/signal.ts'
import { networkOf, type RoleMailbox } from '../../mta/mailboxes/mailboxes.ts'
import { fieldsOf, folded } from '../../mta/mime/fields.ts'
import { type MailReader, type Unreadable, unreadable } from '../../mta/reading/reader.ts'
import type { NewComplaint, WaitingMail } from '../../store/signals.ts'
import type { LogRow, Store } from '../../store/store.ts'
import type { AbuseJobs } from '../readingJobs.ts'
import type { SignalPolicy } from '../signals/signalRules.ts'
import type { Feedback } from './feedback.ts'

/** How long one search may take, milliseconds. */
const SEARCH_MS = 2000
/** A Message-ID that is shorter can be guessed, and proves nothing. */
const TELLING_ID = 12

export interface AbuseMailboxOptions {
  store: Pick<Store, 'desk' | 'log'>
  hostname: string
  reader: MailReader<AbuseJobs>
  policy: SignalPolicy
}

/** The message a complaint is about. */
interface Match {
  message: MessageId
  /** undefined for mail of the relay itself */
  account: number | undefined
  recipients: number
  how: string
  /** whether the report holds what only those know who have seen the message */
  proved: boolean
}

const forms: Record<Exclude<Feedback['form'], 'automatic'>, string> = {
  report: 'report by mail (RFC 5965)',
  attached: 'complaint with the message attached',
  letter: 'letter to the abuse desk',
}

function summaryOf(form: keyof typeof forms, { type }: Feedback, match: Match | undefined): string {
  const what = form === 'letter' ? forms[form] : `${type}: ${forms[form]}`
  if (!match) return `${what}, about a message that was not found`
  const own = match.account === undefined ? ', which this relay wrote itself' : ''
  const doubt = match.proved ? '' : '; anybody could have written it'
  return `${what}, about message ${formatId(match.message)}${own}, found by ${match.how}${doubt}`
}

/** Builds the abuse desk. */
export function createAbuseMailbox({ store, hostname, reader, policy }: AbuseMailboxOptions): RoleMailbox {
  const { log, desk } = store

  async function byTrace({ traces, messageIds }: Feedback): Promise<Match | undefined> {
    for (const { id, field } of traces) {
      const parsed = parseId(id)
      const detail = parsed === undefined ? undefined : await log.get(parsed)
      if (!detail) continue
      const own = fieldsOf(Buffer.from(detail.headers).toString('latin1')).find(([name]) => name === 'received')?.[1]
      const sawTrace = own !== undefined && folded(own) === field
      const proved = sawTrace || (provesMuch(detail.messageId) && messageIds.includes(detail.messageId))
      const recipients = detail.deliveries.length
      return { message: detail.id, account: accountOf(detail), recipients, how: 'its trace field', proved }
    }
    return undefined
  }

  async function byMessageId({ messageIds, to }: Feedback): Promise<Match | undefined> {
    for (const messageId of messageIds) {
      const { rows } = await log.search({ messageId }, 20, undefined, SEARCH_MS)
      const row = oneAccounts(rows, to)
      if (row) return matchOf(row, 'its Message-ID', provesMuch(messageId))
    }
    return undefined
  }

  async function byEnvelope({ from, to, arrivedAt }: Feedback): Promise<Match | undefined> {
    if (from === undefined || to === undefined || arrivedAt === undefined) return undefined
    const filter = { from, to, since: arrivedAt - DAY_MS, until: arrivedAt + DAY_MS }
    const { rows } = await log.search(filter, 20, undefined, SEARCH_MS)
    const row = oneAccounts(rows, to)
    return row && matchOf(row, 'its envelope', false)
  }

  async function complaintOf(mail: WaitingMail, feedback: Feedback, form: keyof typeof forms): Promise<NewComplaint> {
    const match = (await byTrace(feedback)) ?? (await byMessageId(feedback)) ?? (await byEnvelope(feedback))
    const reporter = networkOf(mail.client)
    const proved = match !== undefined && match.account !== undefined && match.proved
    return {
      account: match?.account,
      kind: 'complaint',
      at: mail.receivedAt,
      weight: proved ? complaintWeight(policy.thresholds()) : UNPROVED_WEIGHT,
      summary: summaryOf(form, feedback, match),
      messages: match ? [match.message] : [],
      source: form === 'letter' ? 'letter' : 'feedback',
      fact: `complaint ${match ? formatId(match.message) : ''} ${reporter}`,
      value: undefined,
      reporter,
      proved,
      recipients: match?.recipients ?? 0,
    }
  }

  async function end(mail: WaitingMail, complaints: NewComplaint[]): Promise<void> {
    await desk.finish(mail.id, [], complaints)
  }

  function giveUp(mail: WaitingMail, problem: Unreadable): Promise<void> {
    const reporter = networkOf(mail.client)
    const unread: NewComplaint = {
      account: undefined,
      kind: 'complaint',
      at: mail.receivedAt,
      weight: UNPROVED_WEIGHT,
      summary: `mail to the abuse desk that could not be read: ${unreadable[problem]}`,
      messages: [],
      source: 'letter',
      fact: `unread ${reporter}`,
      value: undefined,
      reporter,
      proved: false,
      recipients: 0,
    }
    return end(mail, [unread])
  }

  return {
    name: 'abuse',
    local: 'abuse',
    async read(mail) {
      const reading = await reader.read('complaint', { content: mail.content, hostname })
      if (!reading.ok) return giveUp(mail, reading.problem)
      const feedback = reading.value
      const { form, type } = feedback
      // answers of machines, praise, and reports on signatures are no complaints
      const isNone = form === 'automatic' || type === 'not-spam' || type === 'authentication'
      await end(mail, isNone ? [] : [await complaintOf(mail, feedback, form)])
    },
    giveUp,
  }
}

function provesMuch(messageId: string): boolean {
  return messageId.length >= TELLING_ID
}

/** The relay's own notifications are about an account, but not by it. */
function accountOf({ account, credential }: { account: number; credential: number | undefined }): number | undefined {
  return credential === undefined ? undefined : account
}

function matchOf(row: LogRow, how: string, proved: boolean): Match {
  return { message: row.id, account: accountOf(row), recipients: row.to.length, how, proved }
}

/** The row meant: one with the recipient if it can be, else the newest. None when rows are of several accounts. */
function oneAccounts(rows: readonly LogRow[], to: string | undefined): LogRow | undefined {
  if (new Set(rows.map(({ account }) => account)).size !== 1) return undefined
  const wanted = to?.toLowerCase()
  return rows.find((row) => row.to.some((address) => address.toLowerCase() === wanted)) ?? rows[0]
}
