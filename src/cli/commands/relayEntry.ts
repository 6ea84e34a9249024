/** Loads a part of the relay that runs in this process: `serve` and `restore`. */

import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

/**
 * The relay is a room the command line does not import: it is found as a file. Built, it lies beside the command
 * line; in a checkout it is loaded from its source.
 */
export async function loadRelayEntry<Entry>(name: 'headless' | 'restore'): Promise<Entry> {
  const built = fileURLToPath(new URL(`./${name}.cjs`, import.meta.url))
  const source = fileURLToPath(new URL(`../../relay/entry/${name}.ts`, import.meta.url))
  return existsSync(built) ? (createRequire(import.meta.url)(built) as Entry) : ((await import(source)) as Entry)
}
