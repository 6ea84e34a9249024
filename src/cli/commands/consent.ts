/** `mailward consent …`: consent to mailings. */

import type { Command } from 'commander'
import type { ConsentView } from '../../contract/policy.ts'
import { counted, localTime, printable, printDocument, printLine, printObjects, printTable } from '../output.ts'
import { type CommonOptions, withRelay } from '../run.ts'
import { textOf } from '../textFile.ts'
import { addCommand, addGroup } from './common.ts'

function show(options: CommonOptions, consent: ConsentView): void {
  if (options.json) printDocument(consent)
  else print(consent)
}

function print({ id, account, address, purpose, withdrawnAt }: ConsentView): void {
  const state = withdrawnAt === null ? 'given' : `withdrawn ${localTime(withdrawnAt)}`
  printLine(printable(`consent ${id} of ${address} (account ${account}) to ${purpose}: ${state}`))
}

function addList(consent: Command): void {
  addCommand(consent, 'list', 'List consents, newest first')
    .option('--account <NAME>', 'of one account')
    .option('--purpose <TEXT>', 'to one purpose')
    .action((options: CommonOptions & { account?: string; purpose?: string }) =>
      withRelay(options, async (client) => {
        const { account, purpose } = options
        const consents = await client.policy.consents({ account, purpose })
        if (options.json) return printObjects(consents)
        const rows = consents.map((one) => [
          String(one.id),
          one.account,
          one.address,
          one.purpose,
          localTime(one.givenAt),
          one.withdrawnAt === null ? '' : `${localTime(one.withdrawnAt)} ${one.withdrawnBy}`,
        ])
        printTable(['ID', 'ACCOUNT', 'ADDRESS', 'PURPOSE', 'GIVEN', 'WITHDRAWN'], rows, [8, 24, 40, 30, 19, 30])
      }),
    )
}

function addWork(consent: Command): void {
  addCommand(consent, 'give <ACCOUNT> <ADDRESS>', 'Record a consent')
    .requiredOption('--purpose <TEXT>', 'to what, such as "product news"')
    .requiredOption('--source <TEXT>', 'how it was given')
    .action((account: string, address: string, options: CommonOptions & { purpose: string; source: string }) =>
      withRelay(options, async (client) => {
        const { purpose, source } = options
        show(options, await client.policy.giveConsent({ account, address, purpose, source }))
      }),
    )
  const withdraw = addCommand(consent, 'withdraw <ID>', 'Withdraw a consent; what is queued of its mailings is stopped')
  withdraw
    .requiredOption('--reason <TEXT>', 'why; kept in the audit log')
    .action((given: string, options: CommonOptions & { reason: string }) => {
      if (!/^\d{1,15}$/.test(given)) withdraw.error(`error: ${given}: give the number of a consent`)
      return withRelay(options, async (client) =>
        show(options, await client.policy.withdrawConsent({ id: Number(given), reason: options.reason })),
      )
    })
  addCommand(consent, 'mail', 'Send a mailing to everybody whose consent stands')
    .requiredOption('--purpose <TEXT>', 'the purpose they consented to')
    .requiredOption('--subject <TEXT>', 'subject of the letter')
    .requiredOption('--text-file <FILE>', 'text of the letter')
    .action((options: CommonOptions & { purpose: string; subject: string; textFile: string }) =>
      withRelay(options, async (client) => {
        const { purpose, subject, textFile } = options
        const answer = await client.policy.sendMailing({ purpose, subject, text: await textOf(textFile) })
        if (options.json) printDocument(answer)
        else printLine(`${counted(answer.sent, 'letter', 'letters')} on the way, ${answer.left} could not be sent`)
      }),
    )
}

export function addConsentCommands(program: Command): void {
  const consent = addGroup(program, 'consent', 'Consent to mailings')
  addList(consent)
  addWork(consent)
}
