/** `mailward samples`: sealed samples, never their content. */

import type { Command } from 'commander'
import type { SampleView } from '../../contract/samples.ts'
import { localTime, printNote, printObjects, printTable } from '../output.ts'
import { type CommonOptions, withRelay } from '../run.ts'
import { addCommand } from './common.ts'

interface ListOptions extends CommonOptions {
  account?: string
  flagged?: boolean
  limit: string
  cursor?: string
}

const columns = ['SAMPLE', 'ACCOUNT', 'BLOCK', 'POSITION', 'ACCEPTED', 'KEPT UNTIL', 'SIZE', 'DOMAINS', 'CASE', 'MARKS']
const widths = [11, 40, 8, 8, 19, 19, 10, 60, 8, 20]

function rowOf(sample: SampleView): string[] {
  const { id, account, block, position, acceptedAt, keepUntil, size, domains, flagged, held, case: file } = sample
  const marks = [flagged ? 'flagged' : '', held ? 'held' : ''].filter(Boolean).join(', ')
  const times = [localTime(acceptedAt), localTime(keepUntil)]
  return [id, account, `${block}`, `${position}`, ...times, `${size}`, domains.join(', '), `${file ?? '-'}`, marks]
}

export function addSampleCommands(program: Command): void {
  const samples = addCommand(program, 'samples', 'List sealed samples, newest first: never their content')
  samples
    .option('--account <NAME>', 'account')
    .option('--flagged', 'only samples with signals of abuse')
    .option('--limit <NUMBER>', 'how many, at most 1000', '100')
    .option('--cursor <CURSOR>', 'go on where the last list ended')
    .action((options: ListOptions) => {
      const { account, flagged, cursor, json } = options
      const limit = /^\d{1,4}$/.test(options.limit) ? Number(options.limit) : 0
      if (limit < 1 || limit > 1000) samples.error(`error: --limit ${options.limit}: give a number from 1 to 1000`)
      return withRelay(options, async (client) => {
        const page = await client.samples.list({ account, flagged, limit, cursor })
        if (json) printObjects(page.samples)
        else printTable(columns, page.samples.map(rowOf), widths)
        if (page.next !== null) printNote(`there are more: --cursor ${page.next}`)
      })
    })
}
