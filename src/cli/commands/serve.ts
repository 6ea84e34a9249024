/** `mailward serve`: starts a relay in this process. */

import type { Command } from 'commander'
import { serveOptions } from '../../contract/serve.ts'
import { collect } from './common.ts'
import { loadRelayEntry } from './relayEntry.ts'

interface HeadlessEntry {
  runHeadless(options: readonly string[]): Promise<number>
}

/** The options as typed, for the relay to read: what they mean is its business. */
function asTyped(values: Record<string, string | string[] | undefined>, command: Command): string[] {
  return command.options.flatMap((option) => {
    const value = values[option.attributeName()]
    const several = value === undefined ? [] : Array.isArray(value) ? value : [value]
    return several.map((text) => `${option.long}=${text}`)
  })
}

export function addServeCommand(program: Command): void {
  const serve = program.command('serve').description('Start a relay, and run it until a signal ends it')
  for (const { name, argument, help, repeatable } of serveOptions) {
    if (repeatable) serve.option(`--${name} <${argument}>`, help, collect)
    else serve.option(`--${name} <${argument}>`, help)
  }
  serve.action(async (values: Record<string, string | string[] | undefined>) => {
    const { runHeadless } = await loadRelayEntry<HeadlessEntry>('headless')
    // whatever may still be open, a relay that has stopped is gone
    process.exit(await runHeadless(asTyped(values, serve)))
  })
}
