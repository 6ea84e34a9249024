/** The demo on plain Node: `npm run demo`. Tells its parent process, when there is one that listens, where it is. */

import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ConfigError } from '../relay/host/configError.ts'
import { createLog } from '../relay/host/logging.ts'
import { thisMachine } from '../relay/host/machine.ts'
import { type Demo, demoFolder, startDemo } from './demo.ts'

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function announce(demo: Demo, folder: string): void {
  say(`  data     ${folder} (made up; remove it when you are done)`)
  say(`  smtp     127.0.0.1:${demo.smtpPort}`)
  say(`  log in   ${demo.email}, password ${demo.password}`)
  say(`Console: ${demo.console}/`)
  process.send?.({ console: demo.console, session: demo.session })
}

function untilEnd(): Promise<void> {
  return new Promise((ended) => {
    process.once('SIGINT', ended)
    process.once('SIGTERM', ended)
  })
}

async function main(): Promise<number> {
  const machine = thisMachine()
  const { values } = parseArgs({ options: { data: { type: 'string' }, console: { type: 'string' } } })
  const folder = values.data === undefined ? demoFolder(machine) : resolve(values.data)
  say(
    'Mailward demo: four made-up customers, seventy days of mail, and more every few seconds. Nothing is sent anywhere.',
  )
  try {
    const demo = await startDemo({
      folder,
      machine,
      console: values.console,
      log: createLog('error'),
      onFilled: (messages) => say(`  wrote    ${messages} messages of the past`),
    })
    announce(demo, folder)
    await untilEnd()
    await demo.stop()
    return 0
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`mailward: ${error.message}\n`)
    return 1
  }
}

// the channel to a parent process would keep this one alive
void main().then((status) => process.exit(status))
