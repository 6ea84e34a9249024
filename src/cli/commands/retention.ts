/** `mailward retention` and `mailward receipts`: what is kept until when, what went, and the proof of it. */

import type { Command } from 'commander'
import type { CheckView, ReceiptView, RetentionOverview, RetentionPlan } from '../../contract/retention.ts'
import type { Client } from '../client.ts'
import {
  counted,
  localTime,
  printable,
  printDocument,
  printLine,
  printNote,
  printObjects,
  printTable,
} from '../output.ts'
import { type CommonOptions, withRelay } from '../run.ts'
import { addCommand } from './common.ts'

interface RetentionOptions extends CommonOptions {
  dryRun?: boolean
  at?: string
  days?: string
}

interface ReceiptOptions extends CommonOptions {
  limit: string
  cursor?: string
}

const marks: Record<CheckView['state'], string> = { ok: 'ok', warning: 'warning', broken: 'BROKEN' }
const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const

function size(bytes: number): string {
  let unit = 0
  let value = bytes
  for (; value >= 1000 && unit < UNITS.length - 1; unit++) value /= 1000
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`
}

function headers(count: number): string {
  return counted(count, 'header record', 'header records')
}

function samples(count: number): string {
  return counted(count, 'sample', 'samples')
}

function printOverview(overview: RetentionOverview): void {
  const { policy, checks, days, alarms, clock, held } = overview
  printLine(`policy       ${policy.days} days, one message of ${policy.samplePerBlock} as a sample`)
  printLine(`last run     ${localTime(overview.lastRun) || 'never'}`)
  printLine(`next run     ${localTime(overview.nextRun) || 'none'}`)
  for (const alarm of alarms) printLine(`alarm        ${printable(alarm)}`)
  if (clock) printLine(`clock        answer in the console: ${headers(clock.headers)} are hidden until then`)
  printLine('')
  printTable(
    ['STATE', 'FOUND', 'PROMISE'],
    checks.map(({ state, value, sentence }) => [marks[state], value, sentence]),
    [8, 70, 120],
  )
  if (held.headers > 0 || held.samples > 0)
    printLine(`\nunder a hold beyond their day: ${headers(held.headers)}, ${samples(held.samples)}`)
  if (days.length === 0) return
  printLine('')
  printTable(
    ['DAY', 'HEADERS', 'SAMPLES', 'SIZE', 'GOES'],
    days.map((day) => [day.day, String(day.headers), String(day.samples), size(day.bytes), localTime(day.goesAt)]),
    [10, 10, 8, 10, 19],
  )
}

function printPlan(plan: RetentionPlan): void {
  const when = localTime(plan.at)
  if (plan.days.length === 0) {
    printLine(`a run at ${when} destroys nothing`)
    return
  }
  printLine(`a run at ${when} destroys ${headers(plan.headers)} and ${samples(plan.samples)}, ${size(plan.bytes)}:`)
  printTable(
    ['DAY', 'HEADERS', 'SAMPLES', 'SIZE', 'HELD', 'UNFINISHED'],
    plan.days.map((day) => {
      const counts = [String(day.headers), String(day.samples), size(day.bytes)]
      return [day.day, ...counts, String(day.stillHeld), String(day.stillLive)]
    }),
    [10, 10, 8, 10, 8, 10],
  )
}

function printReceipts(receipts: readonly ReceiptView[]): void {
  printTable(
    ['RECEIPT', 'KIND', 'DAY', 'HEADERS', 'SAMPLES', 'FREED', 'AT', 'VALID', 'DIGEST'],
    receipts.map((receipt) => [
      String(receipt.id),
      receipt.kind,
      receipt.day ?? '',
      String(receipt.headers),
      String(receipt.samples),
      size(receipt.bytesBefore - receipt.bytesAfter),
      localTime(receipt.at),
      receipt.valid ? 'yes' : 'NO',
      receipt.digest.slice(0, 16),
    ]),
    [8, 9, 10, 10, 8, 10, 19, 5, 16],
  )
}

function timeOf(command: Command, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) command.error(`error: --at ${text}: give a time such as 2026-11-23 or 2026-11-23T12:00Z`)
  return new Date(ms).toISOString()
}

function numberOf(command: Command, option: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined
  const number = Number(text)
  if (!/^\d{1,4}$/.test(text) || number < 1 || number > most)
    command.error(`error: --${option} ${text}: give a number from 1 to ${most}`)
  return number
}

async function show(client: Client, command: Command, options: RetentionOptions): Promise<void> {
  const isPlan = options.dryRun || options.at !== undefined || options.days !== undefined
  if (!isPlan) {
    const overview = await client.retention.overview()
    return options.json ? printDocument(overview) : printOverview(overview)
  }
  const at = timeOf(command, options.at)
  const plan = await client.retention.plan({ at, days: numberOf(command, 'days', options.days, 70) })
  if (options.json) printDocument(plan)
  else printPlan(plan)
}

function addRun(retention: Command): void {
  const run = addCommand(retention, 'run', 'Destroy what is over now, instead of within the hour')
  run.action(() => {
    // --json and --data are options of retention as well, which takes them wherever they stand
    const options = run.optsWithGlobals<CommonOptions>()
    return withRelay(options, async (client) => {
      const { receipts } = await client.retention.run()
      if (options.json) printDocument({ receipts })
      else if (receipts.length === 0) printLine('nothing was over')
      else printReceipts(receipts)
    })
  })
}

export function addRetentionCommands(program: Command): void {
  const retention = addCommand(program, 'retention', 'Show what is kept until when, and whether the promise holds')
  retention
    .option('--dry-run', 'only say what a run would destroy')
    .option('--at <TIME>', 'with --dry-run: a run at that time, such as 2026-11-23T12:00Z')
    .option('--days <NUMBER>', 'with --dry-run: as if the policy said so many days')
    .action((options: RetentionOptions) => withRelay(options, (client) => show(client, retention, options)))
  addRun(retention)
  const receipts = addCommand(program, 'receipts', 'List the signed receipts of deletions, newest first')
  receipts
    .option('--limit <NUMBER>', 'how many, at most 1000', '100')
    .option('--cursor <CURSOR>', 'go on where the last list ended')
    .action((options: ReceiptOptions) => {
      const limit = numberOf(receipts, 'limit', options.limit, 1000)
      return withRelay(options, async (client) => {
        const page = await client.retention.receipts({ limit, cursor: options.cursor })
        if (options.json) printObjects(page.receipts)
        else printReceipts(page.receipts)
        if (page.next !== null) printNote(`there are more: --cursor ${page.next}`)
      })
    })
}
