/** The commands by name. */

import { Command, CommanderError } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { addAccountCommands } from './commands/account.ts'
import { addAuditCommands } from './commands/audit.ts'
import { addBackupCommands } from './commands/backup.ts'
import { addCaseCommands } from './commands/case.ts'
import { addConsentCommands } from './commands/consent.ts'
import { addCredentialCommands } from './commands/credential.ts'
import { addHoldCommands } from './commands/hold.ts'
import { addKeyCommands } from './commands/key.ts'
import { addLegalRequestCommands } from './commands/legalRequest.ts'
import { addMessageCommands } from './commands/messages.ts'
import { addPolicyCommands } from './commands/policy.ts'
import { addQueueCommands } from './commands/queue.ts'
import { addRequestCommands } from './commands/request.ts'
import { addRetentionCommands } from './commands/retention.ts'
import { addRouteCommands } from './commands/route.ts'
import { addSampleCommands } from './commands/samples.ts'
import { addServeCommand } from './commands/serve.ts'
import { addSignalCommands } from './commands/signals.ts'
import { addStatusCommand } from './commands/status.ts'
import { addUserCommands } from './commands/user.ts'
import { printNote } from './output.ts'
import { exitStatus, explanation } from './run.ts'

/** The command line with all its commands; nothing runs yet. */
export function buildProgram(): Command {
  const program = new Command('mailward')
    .description('A mail relay with a console. Commands speak to the relay that runs on a data folder.')
    .version(packageJson.version)
    .exitOverride()
  addServeCommand(program)
  addStatusCommand(program)
  addUserCommands(program)
  addAccountCommands(program)
  addCredentialCommands(program)
  addRouteCommands(program)
  addMessageCommands(program)
  addQueueCommands(program)
  addRetentionCommands(program)
  addHoldCommands(program)
  addPolicyCommands(program)
  addConsentCommands(program)
  addLegalRequestCommands(program)
  addSampleCommands(program)
  addSignalCommands(program)
  addCaseCommands(program)
  addRequestCommands(program)
  addAuditCommands(program)
  addKeyCommands(program)
  addBackupCommands(program)
  return program
}

/**
 * Runs one command line.
 * @param words as typed after `mailward`
 * @returns the exit status: 0 done, 1 refused or not found (one line on stderr), 2 wrong usage
 */
export async function runProgram(words: readonly string[]): Promise<number> {
  try {
    await buildProgram().parseAsync([...words], { from: 'user' })
    return exitStatus.done
  } catch (error) {
    // help and version end with status 0; what else commander throws is wrong usage, told already
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.done : exitStatus.usage
    const line = explanation(error)
    if (line === undefined) throw error
    printNote(`mailward: ${line}`)
    return exitStatus.refused
  }
}
