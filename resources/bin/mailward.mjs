#!/usr/bin/env node
/** The command `mailward`: runs the built command line. */

import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const built = fileURLToPath(new URL('../../out/main/cli.cjs', import.meta.url))

if (existsSync(built)) {
  createRequire(import.meta.url)(built)
} else {
  process.stderr.write('mailward: the product is not built here: run npm run build first\n')
  process.exitCode = 1
}
