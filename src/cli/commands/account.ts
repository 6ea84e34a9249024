/** `mailward account …`: customers of the relay. */

import type { Command } from 'commander'
import type { AccountView } from '../../contract/accounts.ts'
import { localTime, printable, printDocument, printLine, printObjects, printTable } from '../output.ts'
import { type CommonOptions, withRelay } from '../run.ts'
import { addCommand, addGroup, collect } from './common.ts'
import { addTrustCommands } from './trust.ts'

interface AddOptions extends CommonOptions {
  contact: string
  domain?: string[]
}

function print(account: AccountView): void {
  const why = account.statusReason === '' ? '' : `: ${account.statusReason}`
  printLine(printable(`account   ${account.name} (${account.status}${why})`))
  printLine(`contact   ${printable(account.contact)}`)
  printLine(`domains   ${account.domains.join(', ') || 'none: it can send nothing yet'}`)
  printLine(`since     ${localTime(account.createdAt)}`)
  if (account.outgoing === 'held') printLine('mail      held by the review desk')
  if (account.hourlyLimit !== null) printLine(`limit     ${account.hourlyLimit} messages an hour`)
  if (account.keepDays !== null) printLine(`kept      ${account.keepDays} days`)
  printLine(`trust     ${account.trusted ? 'on: no samples are stored' : 'off'}`)
  for (const { id, kind, name, status } of account.credentials)
    printLine(`credential ${id}: ${kind} ${printable(name)}, ${status}`)
}

export function addAccountCommands(program: Command): void {
  const account = addGroup(program, 'account', 'Customers of the relay')

  addCommand(account, 'add <NAME>', 'Add an account')
    .requiredOption('--contact <EMAIL>', 'address of the person to write to')
    .option('--domain <DOMAIN>', 'sender domain of the account; repeatable', collect)
    .action((name: string, options: AddOptions) =>
      withRelay(options, async (client) => {
        const added = await client.accounts.add({ name, contact: options.contact, domains: options.domain ?? [] })
        if (options.json) printDocument(added)
        else print(added)
      }),
    )

  addCommand(account, 'list', 'List all accounts').action((options: CommonOptions) =>
    withRelay(options, async (client) => {
      const accounts = await client.accounts.list()
      if (options.json) return printObjects(accounts)
      const rows = accounts.map(({ name, status, contact, domains }) => [name, status, contact, domains.join(', ')])
      printTable(['NAME', 'STATUS', 'CONTACT', 'DOMAINS'], rows, [40, 10, 40, 80])
    }),
  )

  addCommand(account, 'show <NAME>', 'Show an account and its credentials').action(
    (name: string, options: CommonOptions) =>
      withRelay(options, async (client) => {
        const found = await client.accounts.get({ name })
        if (options.json) printDocument(found)
        else print(found)
      }),
  )

  const keepDays = addCommand(
    account,
    'keep-days <NAME> <DAYS>',
    'Keep its mail fewer days; `policy`: as many as that says',
  )
  keepDays
    .requiredOption('--reason <TEXT>', 'why, for the audit log')
    .action((name: string, text: string, options: CommonOptions & { reason: string }) => {
      if (!/^(?:policy|[1-9]\d?)$/.test(text)) keepDays.error(`error: ${text}: give a number of days, or policy`)
      const days = text === 'policy' ? null : Number(text)
      return withRelay(options, async (client) => {
        const changed = await client.accounts.setKeepDays({ name, days, reason: options.reason })
        if (options.json) printDocument(changed)
        else print(changed)
      })
    })

  addTrustCommands(account)
}
