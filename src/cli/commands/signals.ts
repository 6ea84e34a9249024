/** `mailward signal …`: facts that speak for abuse, and where figures become signals. */

import { readFile } from 'node:fs/promises'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { ScoringView, SignalThresholdsView, SignalView, Simulation } from '../../contract/signals.ts'
import { parseTime } from '../../model/filter.ts'
import { type SignalKind, signalKinds } from '../../model/signal.ts'
import { Failure } from '../failure.ts'
import { localTime, printable, printDocument, printLine, printNote, printObjects, printTable } from '../output.ts'
import { type CommonOptions, withRelay } from '../run.ts'
import { addCommand, addGroup, collect } from './common.ts'

interface ListOptions extends CommonOptions {
  account?: string
  unmatched?: boolean
  kind?: SignalKind
  since?: string
  unassigned?: boolean
  case?: string
  limit: string
  cursor?: string
}

function addList(signal: Command): void {
  const list = addCommand(signal, 'list', 'List signals, newest first: never content')
  list
    .option('--account <NAME>', 'account')
    .option('--unmatched', 'only those nobody could match to an account')
    .addOption(new Option('--kind <KIND>', 'what they are about').choices([...signalKinds]))
    .option('--since <TIME>', 'at or after: 2026-11-01, 2026-11-01T12:00Z, or an age such as 7d')
    .option('--unassigned', 'only those that are in no case')
    .option('--case <ID>', 'only the evidence of this case')
    .option('--limit <NUMBER>', 'how many, at most 1000', '100')
    .option('--cursor <CURSOR>', 'go on where the last list ended')
    .action((options: ListOptions) => {
      const { account, unmatched, kind, unassigned, cursor, json } = options
      const limit = /^\d{1,4}$/.test(options.limit) ? Number(options.limit) : 0
      if (limit < 1 || limit > 1000) list.error(`error: --limit ${options.limit}: give a number from 1 to 1000`)
      const file = options.case === undefined ? undefined : Number(options.case)
      if (file !== undefined && !(Number.isInteger(file) && file > 0))
        list.error(`error: --case ${options.case}: give the number of a case`)
      const since = sinceOf(list, options.since)
      return withRelay(options, async (client) => {
        const page = await client.signals.list({
          account,
          unmatched,
          kind,
          since,
          unassigned,
          case: file,
          limit,
          cursor,
        })
        if (json) printObjects(page.signals)
        else printTable(columns, page.signals.map(rowOf), widths)
        if (page.next !== null) printNote(`there are more: --cursor ${page.next}`)
      })
    })
}

const columns = ['ID', 'AT', 'ACCOUNT', 'KIND', 'WEIGHT', 'TIMES', 'CASE', 'SUMMARY']
const widths = [8, 19, 40, 15, 6, 6, 8, 120]

function rowOf({ id, at, account, kind, weight, times, case: of, summary }: SignalView): string[] {
  return [String(id), localTime(at), account ?? '-', kind, String(weight), String(times), String(of ?? '-'), summary]
}

function sinceOf(command: Command, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const ms = parseTime(text, Date.now())
  if (ms === undefined) command.error(`error: --since ${text}: give a date such as 2026-11-01, or an age such as 7d`)
  return new Date(ms).toISOString()
}

function printSignal(signal: SignalView): void {
  const { id, account, kind, at, weight, summary, messages, source, times } = signal
  printLine(`signal    ${id} (${kind}), weight ${weight}`)
  printLine(`account   ${account ?? 'not known'}`)
  printLine(`at        ${localTime(at)}${times > 1 ? `, ${times} times within a day` : ''}`)
  printLine(printable(`source    ${source}`))
  printLine(printable(`summary   ${summary}`))
  printLine(`case      ${signal.case ?? 'none'}`)
  for (const message of messages) printLine(`message   ${message}`)
}

function addShow(signal: Command): void {
  const show = addCommand(signal, 'show <ID>', 'Show a signal and the messages behind it')
  show.action((text: string, options: CommonOptions) => {
    if (!/^\d{1,15}$/.test(text)) show.error(`error: ${text}: give the number of a signal`)
    return withRelay(options, async (client) => {
      const found = await client.signals.get({ id: Number(text) })
      if (options.json) printDocument(found)
      else printSignal(found)
    })
  })
}

function addReport(signal: Command): void {
  addCommand(signal, 'report <ACCOUNT>', 'Report what speaks for abuse by an account')
    .requiredOption('--note <TEXT>', 'what was noticed, without addresses')
    .option('--message <ID>', 'the message it is about')
    .action((account: string, options: CommonOptions & { note: string; message?: string }) =>
      withRelay(options, async (client) => {
        const made = await client.signals.report({ account, note: options.note, message: options.message })
        if (options.json) printDocument(made)
        else printSignal(made)
      }),
    )
}

/** Options of thresholds: flag, field, meaning. */
const thresholdOptions: readonly [string, keyof SignalThresholdsView, string][] = [
  ['--spam-score', 'spamScore', 'score from which a sample is flagged, 1 to 100'],
  ['--bounce-rate', 'bounceRate', 'share of unknown users among the deliveries of a day, 0 to 1'],
  ['--least-deliveries', 'leastDeliveries', 'below so many deliveries a share says nothing'],
  ['--volume-factor', 'volumeFactor', 'messages of a day against the median of the 14 days before'],
  ['--volume-floor', 'volumeFloor', 'below so many messages no volume is a jump'],
  ['--complaints', 'complaints', 'complaints within a day that weigh 50 together'],
  ['--recipients', 'recipients', 'a message with more recipients stands out'],
]

type ThresholdOptions = CommonOptions & Partial<SignalThresholdsView> & { reason?: string }

function numberOf(text: string): number {
  const number = Number(text)
  if (text.trim() === '' || !Number.isFinite(number)) throw new InvalidArgumentError('give a number')
  return number
}

function withThresholdOptions(command: Command): Command {
  for (const [flag, , meaning] of thresholdOptions) command.option(`${flag} <NUMBER>`, meaning, numberOf)
  return command
}

function given(options: ThresholdOptions): Partial<SignalThresholdsView> {
  const entries = thresholdOptions.flatMap(([, field]) => {
    const value = options[field]
    return value === undefined ? [] : [[field, value]]
  })
  return Object.fromEntries(entries) as Partial<SignalThresholdsView>
}

function printThresholds(thresholds: SignalThresholdsView): void {
  for (const [, field, meaning] of thresholdOptions) printLine(`${String(thresholds[field]).padEnd(9)} ${meaning}`)
}

function addThresholds(signal: Command): void {
  const command = addCommand(signal, 'thresholds', 'Show where figures become signals, or change it')
  withThresholdOptions(command)
    .option('--reason <TEXT>', 'why; kept in the audit log')
    .action((options: ThresholdOptions) => {
      const changes = given(options)
      const isChange = Object.keys(changes).length > 0
      if (isChange && options.reason === undefined) command.error('error: a change needs --reason TEXT')
      return withRelay(options, async (client) => {
        const present = await client.signals.thresholds()
        const thresholds = isChange
          ? await client.signals.setThresholds({ ...present, ...changes, reason: options.reason! })
          : present
        if (options.json) printDocument(thresholds)
        else printThresholds(thresholds)
      })
    })
}

function printSimulation({ since, kinds }: Simulation): void {
  printLine(`since ${localTime(since)}`)
  for (const { kind, complete, total, accounts } of kinds) {
    printLine(`${kind.padEnd(16)} ${total}${complete ? '' : ', of what was noticed at its time'}`)
    for (const { account, count } of accounts) printLine(`  ${account.padEnd(40)} ${count}`)
  }
}

function addSimulate(signal: Command): void {
  const command = addCommand(signal, 'simulate', 'What thresholds would have found in the last 70 days')
  withThresholdOptions(command).action((options: ThresholdOptions) =>
    withRelay(options, async (client) => {
      const found = await client.signals.simulate({ ...(await client.signals.thresholds()), ...given(options) })
      if (options.json) printDocument(found)
      else printSimulation(found)
    }),
  )
}

function printScoring({ kind, url, timeoutMs }: ScoringView): void {
  printLine(kind === 'built-in' ? 'built-in checks' : printable(`${kind} at ${url}, within ${timeoutMs} ms`))
}

interface ScoringOptions extends CommonOptions {
  kind?: ScoringView['kind']
  url?: string
  timeout?: number
  reason?: string
}

function addScoring(signal: Command): void {
  const command = addCommand(signal, 'scoring', 'Show how samples are scored, or change it')
  command
    .addOption(new Option('--kind <KIND>', 'who scores').choices(['built-in', 'rspamd', 'spamd']))
    .option('--url <URL>', 'where it is: http://127.0.0.1:11333, spamd://127.0.0.1:783')
    .option('--timeout <MS>', 'how long an answer may take, milliseconds', numberOf)
    .option('--reason <TEXT>', 'why; kept in the audit log')
    .action((options: ScoringOptions) => {
      const { kind, url, timeout: timeoutMs, reason } = options
      if (kind === undefined && (url ?? timeoutMs) !== undefined) command.error('error: say --kind, to change it')
      if (kind !== undefined && reason === undefined) command.error('error: a change needs --reason TEXT')
      return withRelay(options, async (client) => {
        const scoring =
          kind === undefined
            ? await client.signals.scoring()
            : await client.signals.setScoring({ kind, url, timeoutMs, reason: reason! })
        if (options.json) printDocument(scoring)
        else printScoring(scoring)
      })
    })
}

async function linesOf(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch((fault: Error) => {
    throw new Failure(`${file} cannot be read (${fault.message}): give a file with one address a line`)
  })
  return text.split(/\r?\n/).flatMap((line) => line.trim() || [])
}

function addTraps(signal: Command): void {
  const command = addCommand(signal, 'traps', 'Show the addresses nobody writes to, or set them')
  command
    .option('--file <FILE>', 'set them to those in a file, one a line')
    .option('--reason <TEXT>', 'why; kept in the audit log')
    .action((options: CommonOptions & { file?: string; reason?: string }) => {
      const { file, reason } = options
      if (file !== undefined && reason === undefined) command.error('error: a change needs --reason TEXT')
      return withRelay(options, async (client) => {
        const traps =
          file === undefined
            ? await client.signals.traps()
            : await client.signals.setTraps({ addresses: await linesOf(file), reason: reason! })
        if (options.json) printDocument(traps)
        else for (const address of traps.addresses) printLine(printable(address))
      })
    })
}

function addMailboxCommands(signal: Command): void {
  const command = addCommand(signal, 'desk', 'Show where complaints are taken by mail, or set further domains')
  command
    .option('--domain <DOMAIN>', 'a domain besides the name of the relay; repeatable', collect)
    .option('--none', 'no further domains')
    .option('--reason <TEXT>', 'why; kept in the audit log')
    .action((options: CommonOptions & { domain?: string[]; none?: boolean; reason?: string }) => {
      const { reason } = options
      const domains = options.none ? [] : options.domain
      if (domains !== undefined && reason === undefined) command.error('error: a change needs --reason TEXT')
      return withRelay(options, async (client) => {
        const desk =
          domains === undefined
            ? await client.signals.desk()
            : await client.signals.setMailboxDomain({ domains, reason: reason! })
        if (options.json) printDocument(desk)
        else for (const address of desk.addresses) printLine(printable(address))
      })
    })
}

export function addSignalCommands(program: Command): void {
  const signal = addGroup(program, 'signal', 'Facts that speak for abuse')
  addList(signal)
  addShow(signal)
  addReport(signal)
  addThresholds(signal)
  addSimulate(signal)
  addScoring(signal)
  addTraps(signal)
  addMailboxCommands(signal)
}
