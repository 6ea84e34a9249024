/** `mailward serve`: starts a relay in this process. */

import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { serveOptions } from '../../contract/serve.ts'
import { collect } from './common.ts'

type RunHeadless = (options: readonly string[]) => Promise<number>

/**
 * The relay is a room the command line does not import: it is found as a file. Built, it lies beside the command
 * line; in a checkout it is loaded from its source.
 */
async function loadRelay(): Promise<RunHeadless> {
  const built = fileURLToPath(new URL('./headless.cjs', import.meta.url))
  const source = fileURLToPath(new URL('../../relay/entry/headless.ts', import.meta.url))
  const loaded: unknown = existsSync(built) ? createRequire(import.meta.url)(built) : await import(source)
  return (loaded as { runHeadless: RunHeadless }).runHeadless
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
    const runHeadless = await loadRelay()
    // whatever may still be open, a relay that has stopped is gone
    process.exit(await runHeadless(asTyped(values, serve)))
  })
}
