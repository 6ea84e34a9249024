/** `mailward policy …`: the policy in its versions, and changes that accounts are told of before they take effect. */

import type { Command } from 'commander'
import type { PolicyChange, PolicyVersionView } from '../../contract/policy.ts'
import type { Client } from '../client.ts'
import { Failure } from '../failure.ts'
import { localTime, printable, printDocument, printLine, printObjects, printTable } from '../output.ts'
import { type CommonOptions, withRelay } from '../run.ts'
import { textOf } from '../textFile.ts'
import { addCommand, addGroup } from './common.ts'

const marks = { in: '+ ', out: '- ', same: '  ' } as const

interface ContentOptions extends CommonOptions {
  textFile?: string
  owner?: string
  days?: string
  reason: string
}

function versionOf(command: Command, text: string): number {
  if (!/^\d{1,9}$/.test(text)) command.error(`error: ${text}: give the number of a version`)
  return Number(text)
}

function daysOf(command: Command, text: string | undefined): number | undefined {
  if (text !== undefined && !/^\d{1,2}$/.test(text)) command.error(`error: --days ${text}: give a number of days`)
  return text === undefined ? undefined : Number(text)
}

/** A moment in the future: a date, or a date with a time. */
function effectiveOf(command: Command, text: string): string {
  const ms = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(ms)) command.error(`error: --effective ${text}: give a date such as 2027-01-15`)
  return new Date(ms).toISOString()
}

function print({ version, state, owner, keepDays, effectiveAt, reason }: PolicyVersionView): void {
  const effective = effectiveAt === null ? '' : `, in effect from ${localTime(effectiveAt)}`
  printLine(`version   ${version}: ${state}${effective}`)
  printLine(printable(`owner     ${owner}`))
  printLine(`keeps     ${keepDays} days`)
  printLine(printable(`reason    ${reason}`))
}

function printChange(change: PolicyChange): void {
  print(change)
  for (const effect of change.effects) printLine(printable(`effect    ${effect}`))
  for (const { kind, text } of change.diff) printLine(printable(`${marks[kind]}${text}`))
  const rows = change.notices.map(({ account, about, to, state, at, reply }) => [
    account,
    about,
    to,
    state,
    localTime(at),
    reply,
  ])
  if (rows.length > 0) printTable(['ACCOUNT', 'ABOUT', 'TO', 'STATE', 'TIME', 'REPLY'], rows, [24, 10, 40, 10, 19, 200])
}

function show(options: CommonOptions, change: PolicyChange): void {
  if (options.json) printDocument(change)
  else printChange(change)
}

/** What is not given stays as it is in a version. */
async function contentOf(base: PolicyVersionView, options: ContentOptions, days: number | undefined) {
  const text = options.textFile === undefined ? base.text : await textOf(options.textFile)
  return { text, owner: options.owner ?? base.owner, keepDays: days ?? base.keepDays, reason: options.reason }
}

async function current(client: Client): Promise<PolicyVersionView> {
  const found = (await client.policy.versions()).find(({ state }) => state === 'in force')
  if (!found) throw new Failure('no version of the policy is in force: start the relay once')
  return found
}

function addContent(command: Command): Command {
  return command
    .option('--text-file <FILE>', 'the text (default: as it is)')
    .option('--owner <TEXT>', 'who is responsible for the service (default: as it is)')
    .option('--days <N>', 'days header records and samples are kept, at most 70 (default: as it is)')
    .requiredOption('--reason <TEXT>', 'why; accounts read it')
}

function addReading(policy: Command): void {
  addCommand(policy, 'list', 'List the versions, newest first').action((options: CommonOptions) =>
    withRelay(options, async (client) => {
      const versions = await client.policy.versions()
      if (options.json) return printObjects(versions)
      const rows = versions.map(({ version, state, keepDays, effectiveAt, preparedBy, reason }) => [
        String(version),
        state,
        String(keepDays),
        localTime(effectiveAt),
        preparedBy,
        reason,
      ])
      printTable(['VERSION', 'STATE', 'DAYS', 'EFFECTIVE', 'PREPARED BY', 'REASON'], rows, [7, 10, 4, 19, 32, 80])
    }),
  )
  const one = addCommand(policy, 'show [VERSION]', 'Show a version (default: the one in force) with diff and evidence')
  one.action((given: string | undefined, options: CommonOptions) => {
    const number = given === undefined ? undefined : versionOf(one, given)
    return withRelay(options, async (client) =>
      show(options, await client.policy.get({ version: number ?? (await current(client)).version })),
    )
  })
  addCommand(policy, 'sharing', 'List who data is shared with, by the settings in force').action(
    (options: CommonOptions) =>
      withRelay(options, async (client) => {
        const shared = await client.policy.sharing()
        if (options.json) return printObjects(shared)
        const rows = shared.map(({ who, as, what, where }) => [who, as, where, what])
        printTable(['WHO', 'AS', 'WHERE', 'WHAT'], rows, [50, 50, 12, 100])
      }),
  )
}

function addWork(policy: Command): void {
  const prepare = addContent(addCommand(policy, 'prepare', 'Prepare a change: a draft nobody hears of yet'))
  prepare.action((options: ContentOptions) => {
    const days = daysOf(prepare, options.days)
    return withRelay(options, async (client) =>
      show(options, await client.policy.prepare(await contentOf(await current(client), options, days))),
    )
  })
  const revise = addContent(addCommand(policy, 'revise <VERSION>', 'Change a draft'))
  revise.action((given: string, options: ContentOptions) => {
    const version = versionOf(revise, given)
    const days = daysOf(revise, options.days)
    return withRelay(options, async (client) => {
      const draft = await client.policy.get({ version })
      show(options, await client.policy.revise({ version, ...(await contentOf(draft, options, days)) }))
    })
  })
  const announce = addCommand(policy, 'announce <VERSION>', 'Mail a change to every account; it takes effect by itself')
  announce
    .requiredOption('--effective <TIME>', 'when it takes effect, at least a day ahead, such as 2027-01-15')
    .action((given: string, options: CommonOptions & { effective: string }) => {
      const version = versionOf(announce, given)
      const effectiveAt = effectiveOf(announce, options.effective)
      return withRelay(options, async (client) => show(options, await client.policy.announce({ version, effectiveAt })))
    })
  const withdraw = addCommand(policy, 'withdraw <VERSION>', 'Withdraw a change that is not in force yet')
  withdraw
    .requiredOption('--reason <TEXT>', 'why; kept in the audit log')
    .action((given: string, options: CommonOptions & { reason: string }) => {
      const version = versionOf(withdraw, given)
      return withRelay(options, async (client) =>
        show(options, await client.policy.withdraw({ version, reason: options.reason })),
      )
    })
}

export function addPolicyCommands(program: Command): void {
  const policy = addGroup(program, 'policy', 'The policy in its versions')
  addReading(policy)
  addWork(policy)
}
