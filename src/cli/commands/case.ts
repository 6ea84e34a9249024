/** `mailward case …`: suspicions about accounts. Samples are opened in the console only, by a person who is logged in. */

import type { Command } from 'commander'
import type { CaseDetail, CaseView } from '../../contract/cases.ts'
import { caseStatuses, findings } from '../../model/case.ts'
import { localTime, printable, printDocument, printLine, printObjects, printTable } from '../output.ts'
import { type CommonOptions, withRelay } from '../run.ts'
import { addCommand, addGroup, collect, limitOf } from './common.ts'

function idOf(command: Command, text: string, what = 'case'): number {
  if (!/^\d{1,15}$/.test(text)) command.error(`error: ${text}: give the number of a ${what}`)
  return Number(text)
}

function print({
  id,
  account,
  status,
  reason,
  note,
  owner,
  openedBy,
  openedAt,
  verdict,
  suspicion,
  signals,
}: CaseView): void {
  printLine(printable(`case      ${id} on account ${account}: ${status}`))
  printLine(printable(`reason    ${reason}: ${note}`))
  printLine(printable(`opened    ${localTime(openedAt)} by ${openedBy}${owner === null ? '' : `, owner ${owner}`}`))
  printLine(`suspicion ${suspicion} of 100, from ${signals} signals`)
  if (verdict !== null) printLine(`verdict   ${verdict}`)
}

function printDetail(detail: CaseDetail): void {
  print(detail)
  for (const { id, acceptedAt, score, opening } of detail.samples) {
    const rated = score === null ? '' : `, score ${score}`
    printLine(
      `sample    ${id}, accepted ${localTime(acceptedAt)}${rated}${opening ? `, opening ${opening.state}` : ''}`,
    )
  }
  for (const { at, actor, kind, text } of detail.events)
    printLine(printable(`${localTime(at)}  ${actor}  ${kind}: ${text}`))
}

function show(options: CommonOptions, found: CaseView): void {
  if (options.json) printDocument(found)
  else print(found)
}

function addReading(cases: Command): void {
  const list = addCommand(cases, 'list', 'List cases: those not closed first, oldest first')
  list
    .option('--status <STATUS>', `one of active, ${caseStatuses.join(', ')}`)
    .option('--account <NAME>', 'cases of one account')
    .option('--limit <N>', 'at most so many', '100')
    .action((options: CommonOptions & { status?: string; account?: string; limit: string }) => {
      const { status, account } = options
      const known = ['active', ...caseStatuses] as const
      const wanted = known.find((one) => one === status)
      if (status !== undefined && wanted === undefined)
        list.error(`error: --status ${status}: one of ${known.join(', ')}`)
      const limit = limitOf(list, options.limit)
      return withRelay(options, async (client) => {
        const page = await client.cases.list({ status: wanted, account, limit })
        if (options.json) return printObjects(page.cases)
        const rows = page.cases.map((one) => [
          String(one.id),
          one.account,
          one.status,
          String(one.suspicion),
          one.owner ?? '',
          `${one.reason}: ${one.note}`,
        ])
        printTable(['ID', 'ACCOUNT', 'STATUS', 'SUSPICION', 'OWNER', 'REASON'], rows, [8, 24, 26, 9, 30, 80])
      })
    })

  const one = addCommand(cases, 'show <ID>', 'Show a case with its timeline')
  one.action((id: string, options: CommonOptions) => {
    const number = idOf(one, id)
    return withRelay(options, async (client) => {
      const detail = await client.cases.get({ id: number })
      if (options.json) printDocument(detail)
      else printDetail(detail)
    })
  })

  addCommand(cases, 'report <ACCOUNT>', 'Access report: which samples of an account were opened').action(
    (name: string, options: CommonOptions) =>
      withRelay(options, async (client) => {
        const report = await client.openings.report({ name })
        if (options.json) return printDocument(report)
        printLine(
          printable(`account   ${report.account}: ${report.samples} samples stored, ${report.openings.length} opened`),
        )
        for (const { at, sample, case: file, reason } of report.openings)
          printLine(printable(`${localTime(at)}  sample ${sample}, case ${file}, ${reason}`))
      }),
  )

  addCommand(cases, 'reasons', 'List the reasons a case may have').action((options: CommonOptions) =>
    withRelay(options, async (client) => {
      const reasons = await client.cases.reasons()
      if (options.json) printObjects(reasons)
      else
        printTable(
          ['CODE', 'REASON'],
          reasons.map(({ code, text }) => [code, text]),
          [40, 100],
        )
    }),
  )
}

function addWork(cases: Command): void {
  const open = addCommand(cases, 'open <ACCOUNT>', 'Open a case on an account')
  open
    .requiredOption('--reason <CODE>', 'reason out of the terms of service, such as spam (mailward case reasons)')
    .requiredOption('--note <TEXT>', 'what the suspicion is')
    .option('--signal <ID>', 'a signal as evidence; repeatable', collect)
    .action((account: string, options: CommonOptions & { reason: string; note: string; signal?: string[] }) => {
      const { reason, note } = options
      const signals = (options.signal ?? []).map((id) => idOf(open, id, 'signal'))
      return withRelay(options, async (client) =>
        show(options, await client.cases.open({ account, reason, note, signals })),
      )
    })

  const note = addCommand(cases, 'note <ID>', 'Write a note into a case')
  note.requiredOption('--note <TEXT>', 'the note').action((id: string, options: CommonOptions & { note: string }) => {
    const number = idOf(note, id)
    return withRelay(options, async (client) => {
      const event = await client.cases.note({ id: number, text: options.note })
      if (options.json) printDocument(event)
      else printLine(`noted in case ${number}`)
    })
  })

  const verdict: Command = addCommand(cases, 'verdict <ID> <VERDICT>', `Decide a case: ${findings.join(', ')}`)
  verdict
    .requiredOption('--note <TEXT>', 'why')
    .action((id: string, given: string, options: CommonOptions & { note: string }) => {
      const number = idOf(verdict, id)
      const known = findings.find((one) => one === given.replace('-', ' '))
      if (!known) verdict.error(`error: ${given}: one of ${findings.join(', ')}`)
      return withRelay(options, async (client) =>
        show(options, await client.cases.decide({ id: number, verdict: known, note: options.note })),
      )
    })

  const close = addCommand(cases, 'close <ID>', 'Close a decided case')
  close.option('--note <TEXT>', 'last words', '').action((id: string, options: CommonOptions & { note: string }) => {
    const number = idOf(close, id)
    return withRelay(options, async (client) =>
      show(options, await client.cases.close({ id: number, note: options.note })),
    )
  })

  const reopen = addCommand(cases, 'reopen <ID>', 'Open a closed case again, such as on an appeal')
  reopen.requiredOption('--reason <TEXT>', 'why').action((id: string, options: CommonOptions & { reason: string }) => {
    const number = idOf(reopen, id)
    return withRelay(options, async (client) =>
      show(options, await client.cases.reopen({ id: number, reason: options.reason })),
    )
  })
}

export function addCaseCommands(program: Command): void {
  const cases = addGroup(program, 'case', 'Cases: open suspicions about accounts')
  addReading(cases)
  addWork(cases)
}
