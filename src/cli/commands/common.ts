/** What commands share in how they are declared. */

import type { Command } from 'commander'
import { parseTime } from '../../model/filter.ts'

/** Adds a command with the options every command has. */
export function addCommand(parent: Command, nameAndArguments: string, summary: string): Command {
  return parent
    .command(nameAndArguments)
    .description(summary)
    .option('--data <DIR>', 'data folder of the relay (default: where the platform keeps application data)')
    .option('--json', 'print JSON: one document, or one object a line for lists')
}

/** Adds a command that only has others under it. */
export function addGroup(parent: Command, name: string, summary: string): Command {
  return parent.command(name).description(summary)
}

/** Collects the values of an option that may be given several times. */
export function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value]
}

/** A time as ISO 8601; wrong usage when it is none. */
export function timeOf(command: Command, option: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const ms = parseTime(text, Date.now())
  if (ms === undefined)
    command.error(`error: --${option} ${text}: give a date such as 2026-11-01, or an age such as 7d`)
  return new Date(ms).toISOString()
}

/** How many lines are wanted; wrong usage when it is no number. */
export function limitOf(command: Command, text: string): number {
  const limit = Number(text)
  if (!/^\d{1,7}$/.test(text) || limit < 1) command.error(`error: --limit ${text}: give a number from 1`)
  return limit
}
