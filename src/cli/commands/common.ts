/** What commands share in how they are declared. */

import type { Command } from 'commander'

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
