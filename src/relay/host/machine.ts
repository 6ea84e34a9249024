/** What the defaults of a relay depend on, as this machine has it. */

import { existsSync } from 'node:fs'
import { homedir, hostname } from 'node:os'
import { join } from 'node:path'
import type { Machine } from './configuration.ts'

export function thisMachine(): Machine {
  return {
    platform: process.platform,
    environment: process.env,
    home: homedir(),
    hostname: hostname(),
    workingFolder: process.cwd(),
  }
}

/**
 * The folder of the built console.
 * @param beside folder of the running file: `out/main` when built, else somewhere under `src`
 * @returns undefined when it is not built
 */
export function findConsole(beside: string): string | undefined {
  const candidates = [join(beside, '..', 'renderer'), join(beside, '..', '..', '..', 'out', 'renderer')]
  return candidates.find((folder) => existsSync(join(folder, 'index.html')))
}
