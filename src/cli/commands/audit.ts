/** `mailward audit …`: what was done, by whom, and the proof that nothing was changed afterwards. */

import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { AuditRowView, SamplingReplayResult, VerificationResult } from '../../contract/audit.ts'
import { exportAudit } from '../auditExport.ts'
import { readCheckpoints } from '../checkpointFiles.ts'
import { Failure } from '../failure.ts'
import {
  counted,
  localTime,
  printable,
  printDocument,
  printLine,
  printNote,
  printObjects,
  printTable,
} from '../output.ts'
import { type CommonOptions, withRelay } from '../run.ts'
import { addCommand, collect, limitOf, timeOf } from './common.ts'

interface ListOptions extends CommonOptions {
  since?: string
  until?: string
  action?: string
  actor?: string
  text?: string
  limit: string
  cursor?: string
}

/** Rows a call answers with at most. */
const PAGE = 1000
const columns = ['ROW', 'TIME', 'ACTOR', 'ACTION', 'OBJECT', 'REASON AND DETAILS']
const widths = [8, 19, 32, 28, 32, 200]

function rowOf({ sequence, at, actor, action, object, reason, details, facts }: AuditRowView): string[] {
  const erased = actor === null ? 'personal part erased' : ''
  const said = [details, facts].filter((one) => one && Object.keys(one).length > 0).map((one) => JSON.stringify(one))
  const last = [reason, erased, ...said].filter(Boolean).join(' ')
  return [String(sequence), localTime(at), actor ?? '', action, object ?? '', last]
}

async function list(command: Command, options: ListOptions): Promise<void> {
  const { action, actor, text, json } = options
  const since = timeOf(command, 'since', options.since)
  const until = timeOf(command, 'until', options.until)
  const limit = limitOf(command, options.limit)
  await withRelay(options, async (client) => {
    const rows: AuditRowView[] = []
    let cursor: string | null | undefined = options.cursor
    do {
      const wanted = Math.min(PAGE, limit - rows.length)
      const page: Awaited<ReturnType<typeof client.audit.list>> = await client.audit.list({
        since,
        until,
        action,
        actor,
        text,
        limit: wanted,
        cursor: cursor ?? undefined,
      })
      rows.push(...page.rows)
      cursor = page.next
    } while (cursor !== null && rows.length < limit)
    if (json) printObjects(rows)
    else printTable(columns, rows.map(rowOf), widths)
    if (cursor !== null) printNote(`there are more: --cursor ${cursor}`)
  })
}

/** What was found, a line each; a finding is exit status 1. */
function tell(
  verdict: { ok: boolean; findings: readonly unknown[] },
  lines: string[],
  json: boolean | undefined,
): void {
  if (json) printDocument(verdict)
  else for (const line of lines) printLine(printable(line))
  if (!verdict.ok)
    throw new Failure(`${counted(verdict.findings.length, 'finding', 'findings')}: keep a copy of the data folder`)
}

function resultLines({ rows, head, erased, checkpoints, receipts, findings }: VerificationResult): string[] {
  const counts = [
    counted(rows, 'row', 'rows'),
    `${erased} of them erased`,
    counted(checkpoints, 'checkpoint', 'checkpoints'),
    counted(receipts, 'receipt', 'receipts'),
  ]
  const found = findings.map(({ kind, text }) => `${kind}: ${text}`)
  return [...found, `${counts.join(', ')}; head ${head}`]
}

function replayLines({ blocks, stored, withheld, open, findings }: SamplingReplayResult): string[] {
  const closed = `${counted(blocks, 'block', 'blocks')} recomputed`
  return [...findings, `${closed}: ${stored} stored, ${withheld} withheld from trusted accounts; ${open} still open`]
}

function addVerify(audit: Command): void {
  const verify = addCommand(
    audit,
    'verify',
    'Check every row, checkpoint and receipt; status 1 when something is wrong',
  )
  verify
    .option(
      '--checkpoint <FILE>',
      'compare with checkpoints kept elsewhere: a JSON file, JSON lines, or a folder of them; may be repeated',
      collect,
    )
    .action(() => {
      const options = verify.optsWithGlobals<CommonOptions & { checkpoint?: string[] }>()
      const checkpoints = readCheckpoints(options.checkpoint ?? [])
      return withRelay(options, async (client) => {
        const verdict = await client.audit.verify({ checkpoints })
        tell(verdict, resultLines(verdict), options.json)
      })
    })
}

function addReplay(audit: Command): void {
  const summary = 'Recompute every closed block of the sampling draw; status 1 when something is wrong'
  const replay = addCommand(audit, 'replay-draws', summary)
  replay.action(() => {
    const options = replay.optsWithGlobals<CommonOptions>()
    return withRelay(options, async (client) => {
      const verdict = await client.audit.replayDraws()
      tell(verdict, replayLines(verdict), options.json)
    })
  })
}

function addExport(audit: Command): void {
  const command = addCommand(audit, 'export <FILE>', 'Write the log into a new file, to be verified without Mailward')
  command.action((file: string) => {
    const options = command.optsWithGlobals<CommonOptions>()
    return withRelay(options, async (client) => {
      const path = resolve(file)
      const exported = await exportAudit(client, path)
      if (options.json) return printDocument({ file: path, ...exported })
      const { rows, checkpoints, receipts } = exported
      const parts = [counted(checkpoints, 'checkpoint', 'checkpoints'), counted(receipts, 'receipt', 'receipts')]
      printLine(`${counted(rows, 'row', 'rows')}, ${parts.join(', ')} in ${path}`)
    })
  })
}

function addCheckpoint(audit: Command): void {
  const command = addCommand(audit, 'checkpoint', 'Sign the present state of the log, and export it where chosen')
  command.action(() => {
    const options = command.optsWithGlobals<CommonOptions>()
    return withRelay(options, async (client) => {
      const checkpoint = await client.audit.checkpoint()
      if (options.json) printDocument(checkpoint)
      else printLine(`row ${checkpoint.sequence}, head ${checkpoint.head}`)
      const { problem } = await client.audit.checkpoints()
      if (problem !== null) throw new Failure(problem)
    })
  })
}

function addPlace(audit: Command): void {
  const summary = 'Show or choose where checkpoints are exported to: a folder or file outside the data folder, or none'
  const command = addCommand(audit, 'place [PATH]', summary)
  command.action((path: string | undefined) => {
    const options = command.optsWithGlobals<CommonOptions>()
    return withRelay(options, async (client) => {
      if (path !== undefined) await client.audit.setTarget({ place: path === 'none' ? null : resolve(path) })
      const { place, problem } = await client.audit.checkpoints()
      if (options.json) return printDocument({ place, problem })
      printLine(place === null ? 'checkpoints are not exported' : `checkpoints are exported to ${place}`)
      if (problem !== null) printNote(problem)
    })
  })
}

function addErase(audit: Command): void {
  const summary = 'Erase the personal part of rows: who, what on and why; the log still verifies'
  const command = addCommand(audit, 'erase <ROW...>', summary)
  command.requiredOption('--reason <TEXT>', 'why; kept in the audit log').action((rows: string[]) => {
    const options = command.optsWithGlobals<CommonOptions & { reason: string }>()
    for (const row of rows) if (!/^[1-9]\d{0,14}$/.test(row)) command.error(`error: ${row}: give numbers of rows`)
    return withRelay(options, async (client) => {
      const done = await client.audit.erase({ sequences: rows.map(Number), reason: options.reason })
      if (options.json) printDocument(done)
      else printLine(`${counted(done.erased, 'row', 'rows')} erased`)
    })
  })
}

export function addAuditCommands(program: Command): void {
  const audit = addCommand(program, 'audit', 'Show the audit log, newest first')
  audit
    .option('--since <TIME>', 'at or after: 2026-11-01, 2026-11-01T12:00Z, or an age such as 7d')
    .option('--until <TIME>', 'before')
    .option('--action <ACTION>', 'an action such as accounts.add, or its first part: accounts')
    .option('--actor <EMAIL>', 'who: an e-mail address, system, or local')
    .option('--text <WORDS>', 'part of the object, reason or details')
    .option('--limit <NUMBER>', 'how many', '50')
    .option('--cursor <CURSOR>', 'go on where the last list ended')
    .action((options: ListOptions) => list(audit, options))
  addVerify(audit)
  addExport(audit)
  addReplay(audit)
  addCheckpoint(audit)
  addPlace(audit)
  addErase(audit)
}
