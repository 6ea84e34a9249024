/** `mailward account trust|suspend|resume|close|complaint`: what is decided about an account. */

import { Argument, type Command, Option } from 'commander'
import type { AccountView } from '../../contract/accounts.ts'
import type { Criteria, TrustDecision, TrustView } from '../../contract/trust.ts'
import { counted, duration, localTime, printable, printDocument, printLine } from '../output.ts'
import { type CommonOptions, withRelay } from '../run.ts'
import { addCommand } from './common.ts'

const DAY_MS = 86_400_000
/** When trust is looked at again, unless a date is given. */
const REVIEW_DAYS = 180

interface TrustOptions extends CommonOptions {
  reason?: string
  samples?: 'keep' | 'destroy'
  requestedBy?: string
  review?: string
}

function percent(share: number | null): string {
  return share === null ? 'nothing to divide' : `${(share * 100).toFixed(2)} %`
}

function casesText({ breach, noBreach, unclear, undecided }: NonNullable<Criteria['cases']>): string {
  const findings = [`${breach} breach`, `${noBreach} no breach`, `${unclear} unclear`]
  return `${findings.join(', ')}, ${undecided} under review`
}

function printCriteria({
  ageDays,
  messages,
  deliveries,
  bounces,
  complaints,
  samples,
  cases,
  ...rates
}: Criteria): void {
  printLine(`age         ${duration(ageDays * 86_400)}`)
  printLine(`30 days     ${counted(messages, 'message', 'messages')}, ${counted(deliveries, 'delivery', 'deliveries')}`)
  printLine(`bounces     ${bounces} (${percent(rates.bounceRate)})`)
  printLine(`complaints  ${complaints} (${percent(rates.complaintRate)})`)
  printLine(`samples     ${samples} stored`)
  if (cases) printLine(`cases       ${casesText(cases)}`)
}

function printDecision(made: TrustDecision): void {
  const { decision, decidedAt, decidedBy, requestedBy, reason, reviewAt, samples, receipt } = made
  const asked = requestedBy === '' ? '' : `, asked for by ${requestedBy}`
  printLine(printable(`${localTime(decidedAt)}  ${decision}  by ${decidedBy}${asked}: ${reason}`))
  if (reviewAt !== null) printLine(`                     to be looked at again ${localTime(reviewAt)}`)
  if (samples === 'keep') return
  const held = made.samplesHeld > 0 ? `, ${made.samplesHeld} kept by a legal hold` : ''
  const signed = receipt === null ? '' : `, receipt ${receipt}`
  printLine(`                     ${counted(made.samplesDestroyed, 'sample', 'samples')} destroyed${held}${signed}`)
}

function printTrust({ account, trusted, reviewDue, criteria, crossed, history }: TrustView): void {
  const samples = trusted ? 'no samples are stored' : 'one message in a thousand is stored'
  printLine(`account     ${account}`)
  printLine(`trust       ${trusted ? 'on' : 'off'}: ${samples}${reviewDue ? '; the review is due' : ''}`)
  printCriteria(criteria)
  for (const text of crossed) printLine(`crossed     ${text}`)
  for (const decision of history) printDecision(decision)
}

/** A date as the contract writes it: the given day, or the default one. */
function reviewAt(command: Command, text: string | undefined): string {
  if (text === undefined) return new Date(Date.now() + REVIEW_DAYS * DAY_MS).toISOString()
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(ms)) command.error(`error: --review ${text}: give a date such as 2027-05-01`)
  return new Date(ms).toISOString()
}

function showTrust(name: string, options: TrustOptions): Promise<void> {
  return withRelay(options, async (client) => {
    const view = await client.trust.get({ name })
    if (options.json) printDocument(view)
    else printTrust(view)
  })
}

function decideTrust(command: Command, name: string, decision: 'on' | 'off', options: TrustOptions): Promise<void> {
  const { reason, samples = 'keep', requestedBy = 'the owner of the data folder' } = options
  if (reason === undefined) command.error('error: a decision needs --reason TEXT')
  const review = decision === 'on' ? reviewAt(command, options.review) : undefined
  return withRelay(options, async (client) => {
    const made = await client.trust.decide({ name, decision, requestedBy, reason, reviewAt: review, samples })
    if (options.json) printDocument(made)
    else printDecision(made)
  })
}

function addTrust(account: Command): void {
  const trust = addCommand(account, 'trust <NAME>', 'Show how an account is trusted, or decide about it')
  trust
    .addArgument(new Argument('[DECISION]', 'on: no samples are stored; off: they are').choices(['on', 'off']))
    .option('--reason <TEXT>', 'why; kept with the decision and in the audit log')
    .addOption(
      new Option('--samples <WHAT>', 'what becomes of those stored (default: keep)').choices(['keep', 'destroy']),
    )
    .option('--requested-by <WHO>', 'who asked for it (default: the owner of the data folder)')
    .option('--review <DATE>', `when it is looked at again, such as 2027-05-01 (default: in ${REVIEW_DAYS} days)`)
    .action((name: string, decision: 'on' | 'off' | undefined, options: TrustOptions) => {
      if (decision !== undefined) return decideTrust(trust, name, decision, options)
      const { reason, samples, requestedBy, review } = options
      if ([reason, samples, requestedBy, review].some((given) => given !== undefined))
        trust.error('error: say on or off, to decide')
      return showTrust(name, options)
    })
}

interface StatusOptions extends CommonOptions {
  reason?: string
}

const statuses = {
  suspend: {
    status: 'suspended',
    summary: 'Refuse the mail of an account until it is resumed; what waits in its queue is held until then',
  },
  resume: { status: 'active', summary: 'Take the mail of a suspended or closed account again' },
  close: { status: 'closed', summary: 'Refuse the mail of an account for good; its records stay to their day' },
} as const

function addStatus(account: Command, verb: keyof typeof statuses): void {
  const { status, summary } = statuses[verb]
  const command = addCommand(account, `${verb} <NAME>`, summary)
  const flags = '--reason <TEXT>'
  if (verb === 'resume') command.option(flags, 'why; kept in the audit log')
  else command.requiredOption(flags, 'why; whoever submits mail for the account is told')
  command.action((name: string, options: StatusOptions) =>
    withRelay(options, async (client) => {
      const changed = await client.accounts.setStatus({ name, status, reason: options.reason ?? '' })
      if (options.json) printDocument(changed)
      else printStatus(changed)
    }),
  )
}

function printStatus({ name, status, statusReason }: AccountView): void {
  printLine(printable(`account ${name} is ${status}${statusReason === '' ? '' : `: ${statusReason}`}`))
}

function addComplaint(account: Command): void {
  addCommand(account, 'complaint <NAME>', 'Enter a complaint about an account')
    .requiredOption('--note <TEXT>', 'what was said, and by whom')
    .option('--message <ID>', 'the message it is about')
    .action((name: string, options: CommonOptions & { note: string; message?: string }) =>
      withRelay(options, async (client) => {
        const entered = await client.trust.addComplaint({ name, note: options.note, message: options.message })
        if (options.json) printDocument(entered)
        else printLine(`complaint ${entered.id}`)
      }),
    )
}

/** Adds what is decided about an account to the group `account`. */
export function addTrustCommands(account: Command): void {
  addTrust(account)
  addStatus(account, 'suspend')
  addStatus(account, 'resume')
  addStatus(account, 'close')
  addComplaint(account)
}
