/** `mailward disclosure …`: demands of authorities. A second person approves them, in the console. */

import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { LegalRequestView } from '../../contract/legalRequests.ts'
import { Failure } from '../failure.ts'
import { localTime, printable, printDocument, printLine, printObjects, printTable } from '../output.ts'
import { type CommonOptions, withRelay } from '../run.ts'
import { addCommand, addGroup, limitOf, timeOf } from './common.ts'
import { covered, type ScopeOptions, scopeOf } from './hold.ts'

interface RecordOptions extends CommonOptions, ScopeOptions {
  authority: string
  basis: string
  received?: string
  gagUntil?: string
  note: string
  hold: boolean
}

function idOf(command: Command, text: string): number {
  if (!/^\d{1,15}$/.test(text)) command.error(`error: ${text}: give the number of a demand`)
  return Number(text)
}

function show(options: CommonOptions, demand: LegalRequestView): void {
  if (options.json) printDocument(demand)
  else print(demand)
}

function print(demand: LegalRequestView): void {
  const { id, authority, basis, scope, state, gagUntil, noticeAt, noNoticeReason } = demand
  printLine(printable(`demand    ${id} of ${authority}, ${basis}: ${state}`))
  printLine(printable(`covers    ${covered(scope)}`))
  if (demand.approvedBy !== null)
    printLine(printable(`approved  ${localTime(demand.approvedAt)} by ${demand.approvedBy}`))
  if (gagUntil !== null) printLine(`gag       until ${localTime(gagUntil)}`)
  if (noticeAt !== null) printLine(`told      ${localTime(noticeAt)}`)
  if (noNoticeReason !== '') printLine(printable(`not told  ${noNoticeReason}`))
}

function addRegister(legalRequest: Command): void {
  const list = addCommand(legalRequest, 'list', 'List demands, newest first')
  list.option('--limit <N>', 'at most so many', '100').action((options: CommonOptions & { limit: string }) => {
    const limit = limitOf(list, options.limit)
    return withRelay(options, async (client) => {
      const { legalRequests } = await client.legalRequests.list({ limit: Math.min(limit, 500) })
      if (options.json) return printObjects(legalRequests)
      const rows = legalRequests.map(({ id, state, receivedAt, authority, basis, scope }) => [
        String(id),
        state,
        localTime(receivedAt),
        `${authority}, ${basis}`,
        covered(scope),
      ])
      printTable(['ID', 'STATE', 'RECEIVED', 'DEMANDED BY', 'COVERS'], rows, [8, 9, 19, 60, 60])
    })
  })
  const record = addCommand(legalRequest, 'record', 'Record a demand; what it covers is kept from now on')
  record
    .requiredOption('--authority <TEXT>', 'who demands')
    .requiredOption('--basis <TEXT>', 'law and file number')
    .option('--account <NAME>', 'everything of an account')
    .option('--address <ADDRESS>', 'everything from or to an address')
    .option('--since <TIME>', 'everything accepted since a date, or an age such as 7d')
    .option('--until <TIME>', 'and before another')
    .option('--message <ID>', 'one message')
    .option('--received <TIME>', 'when it arrived (default: now)')
    .option('--gag-until <DATE>', 'until when the account must not be told')
    .option('--note <TEXT>', 'what else is to be known', '')
    .option('--no-hold', 'keep nothing beyond its day')
    .action((options: RecordOptions) => {
      const { authority, basis, note, hold } = options
      const scope = scopeOf(record, options)
      const receivedAt = timeOf(record, 'received', options.received)
      const gagUntil = timeOf(record, 'gag-until', options.gagUntil)
      return withRelay(options, async (client) =>
        show(options, await client.legalRequests.record({ authority, basis, scope, receivedAt, gagUntil, note, hold })),
      )
    })
}

async function write(path: string, content: string): Promise<void> {
  await writeFile(path, content, { flag: 'wx', mode: 0o600 }).catch((fault: NodeJS.ErrnoException) => {
    if (fault.code === 'EEXIST') throw new Failure(`${path} exists and is not overwritten: name another file`)
    throw new Failure(`${path} cannot be written (${fault.code}): name another file`)
  })
}

function addWork(legalRequest: Command): void {
  const given = addCommand(legalRequest, 'export <ID>', 'Write what an approved demand covers: JSON Lines')
  given
    .requiredOption('--out <FILE>', 'where to; must not exist yet')
    .action((id: string, options: CommonOptions & { out: string }) => {
      const number = idOf(given, id)
      return withRelay(options, async (client) => {
        const { legalRequest: demand, content } = await client.legalRequests.export({ id: number })
        await write(options.out, content)
        if (options.json) return printDocument(demand)
        printLine(`${demand.export?.records} header records, SHA-256 ${demand.export?.sha256}`)
      })
    })
  const notice = addCommand(legalRequest, 'notice <ID>', 'Tell the account, or record why it is not told')
  notice
    .option('--no-tell', 'it is not told; needs --reason')
    .option('--reason <TEXT>', 'why; kept in the audit log', '')
    .action((id: string, options: CommonOptions & { tell: boolean; reason: string }) => {
      const number = idOf(notice, id)
      const { tell, reason } = options
      return withRelay(options, async (client) =>
        show(options, await client.legalRequests.notice({ id: number, tell, reason })),
      )
    })
  for (const [name, summary] of [
    ['refuse', 'Refuse a demand'],
    ['close', 'Close a demand; its hold is released'],
  ] as const) {
    const command = addCommand(legalRequest, `${name} <ID>`, summary)
    command
      .requiredOption('--reason <TEXT>', 'why; kept in the audit log')
      .action((id: string, options: CommonOptions & { reason: string }) => {
        const order = { id: idOf(command, id), reason: options.reason }
        return withRelay(options, async (client) => show(options, await client.legalRequests[name](order)))
      })
  }
}

export function addLegalRequestCommands(program: Command): void {
  const legalRequest = addGroup(
    program,
    'disclosure',
    'Demands of authorities; approved by a second person in the console',
  )
  addRegister(legalRequest)
  addWork(legalRequest)
}
