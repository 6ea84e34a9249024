/** `mailward credential …`: how accounts submit mail. */

import type { Command } from 'commander'
import { readPassword } from '../input.ts'
import { localTime, printDocument, printLine, printObjects, printTable } from '../output.ts'
import { type CommonOptions, withRelay } from '../run.ts'
import { addCommand, addGroup } from './common.ts'

interface AddOptions extends CommonOptions {
  passwordStdin?: boolean
  username?: string
  address?: string
}

async function newCredential(account: string, { address, username, passwordStdin }: AddOptions) {
  if (address !== undefined) return { account, kind: 'address', range: address } as const
  const password = await readPassword(passwordStdin ?? false)
  return { account, kind: 'password', username, password } as const
}

function addAdd(credential: Command): void {
  const add = addCommand(credential, 'add <ACCOUNT>', 'Add a password, or with --address a range of client addresses')
  add
    .option('--username <NAME>', 'user name for SMTP AUTH (default: the name of the account)')
    .option('--password-stdin', 'read the password from standard input instead of asking for it')
    .option('--address <CIDR>', 'range of client addresses that need no password, such as 192.0.2.0/24')
    .action((account: string, options: AddOptions) => {
      if (options.address !== undefined && (options.passwordStdin || options.username !== undefined))
        add.error('error: --address goes without --username and --password-stdin')
      return withRelay(options, async (client) => {
        const added = await client.accounts.addCredential(await newCredential(account, options))
        if (options.json) printDocument(added)
        else printLine(`credential ${added.id}: ${added.kind} ${added.name}, ${added.status}`)
      })
    })
}

function addRemove(credential: Command): void {
  const remove = addCommand(credential, 'remove <ID>', 'Remove a credential')
  remove.action((id: string, options: CommonOptions) => {
    if (!/^\d{1,15}$/.test(id)) remove.error('error: the id of a credential is a number; credential list shows it')
    return withRelay(options, async (client) => {
      const result = await client.accounts.removeCredential({ id: Number(id) })
      if (options.json) printDocument(result)
      else printLine(`credential ${id} removed`)
    })
  })
}

export function addCredentialCommands(program: Command): void {
  const credential = addGroup(program, 'credential', 'How accounts submit mail')
  addAdd(credential)
  addCommand(credential, 'list <ACCOUNT>', 'List the credentials of an account').action(
    (account: string, options: CommonOptions) =>
      withRelay(options, async (client) => {
        const { credentials } = await client.accounts.get({ name: account })
        if (options.json) return printObjects(credentials)
        const rows = credentials.map(({ id, kind, name, status, createdAt }) => {
          return [String(id), kind, name, status, localTime(createdAt)]
        })
        printTable(['ID', 'KIND', 'NAME', 'STATUS', 'SINCE'], rows, [10, 10, 60, 10, 20])
      }),
  )
  addRemove(credential)
}
