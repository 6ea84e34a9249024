/** `mailward queue …`: what is not yet delivered, and orders on it. */

import { type Command, Option } from 'commander'
import type { QueueGroup, QueueItem } from '../../contract/queue.ts'
import { type QueueAction, type QueueFilter, queueActions } from '../../model/filter.ts'
import { parseQueueFilter } from '../../model/queueFilter.ts'
import type { Client } from '../client.ts'
import { Failure } from '../failure.ts'
import { askLine, confirm, isInteractive } from '../input.ts'
import {
  counted,
  duration,
  localTime,
  printDocument,
  printLine,
  printNote,
  printObjects,
  printTable,
} from '../output.ts'
import { type CommonOptions, withRelay } from '../run.ts'
import { addCommand } from './common.ts'

const groupings = ['destination', 'account', 'state', 'reason'] as const

interface ListOptions extends CommonOptions {
  limit: string
  cursor?: string
}

interface ActOptions extends CommonOptions {
  reason?: string
  yes?: boolean
  dryRun?: boolean
}

const FILTER_HELP =
  'destination: account: state: reason: domain: to: message: is:in-doubt; all must hold. The word all means everything'

/** What the words after an action mean. `all` must be said: an empty filter would be everything by mistake. */
function filterOf(command: Command, words: string[]): QueueFilter {
  if (words.length === 1 && words[0] === 'all') return {}
  const parsed = parseQueueFilter(words.map((word) => (/\s/.test(word) ? quoted(word) : word)).join(' '))
  if (!parsed.ok) command.error(`error: ${parsed.token}: ${parsed.problem}`)
  return parsed.filter
}

/** The shell has taken the quotes off `reason:"mailbox full"`; the filter's own syntax wants them back. */
function quoted(word: string): string {
  const colon = word.indexOf(':')
  return colon < 0 ? `"${word}"` : `${word.slice(0, colon + 1)}"${word.slice(colon + 1)}"`
}

function groupRow(group: QueueGroup): string[] {
  const { key, total, queued, sending, deferred, held, inDoubt, oldestSeconds, topReason } = group
  const numbers = [total, queued, sending, deferred, held, inDoubt].map(String)
  return [key, ...numbers, duration(oldestSeconds), topReason ?? '']
}

const groupColumns = ['TOTAL', 'QUEUED', 'SENDING', 'DEFERRED', 'HELD', 'IN DOUBT', 'OLDEST', 'MOST FREQUENT REASON']

function itemRow(item: QueueItem): string[] {
  const { message, ordinal, recipient, destination, state, nextAttemptAt, reason } = item
  return [`${message}/${ordinal}`, state, recipient, destination, localTime(nextAttemptAt), reason]
}

async function order(client: Client, action: QueueAction, filter: QueueFilter, options: ActOptions): Promise<void> {
  const preview = await client.queue.preview({ action, filter })
  const what = `${action} ${counted(preview.deliveries, 'delivery', 'deliveries')}`
  if (options.dryRun) {
    if (options.json) return printDocument(preview)
    const also = preview.skipped > 0 ? `; ${preview.skipped} cannot be changed now` : ''
    return printLine(`would ${what} of ${counted(preview.messages, 'message', 'messages')}${also}`)
  }
  if (preview.deliveries === 0 && preview.skipped === 0) throw new Failure('nothing in the queue matches')
  const ask = isInteractive() && !options.yes
  if (ask && !(await confirm(`${what}?`))) throw new Failure('nothing was changed')
  const reason = options.reason ?? (ask && action === 'cancel' ? await askLine('Reason: ') : undefined)
  const result = await client.queue.act({ action, filter, reason: reason ?? 'by order on the command line' })
  if (options.json) return printDocument(result)
  printLine(`${action}: ${counted(result.deliveries, 'delivery', 'deliveries')}`)
  if (result.skipped > 0) printNote(`${result.skipped} could not be changed now, such as those being sent`)
}

const summaries: Record<QueueAction, string> = {
  retry: 'Try deliveries now',
  hold: 'Keep deliveries back until they are released',
  release: 'Let held deliveries go on',
  cancel: 'Give deliveries up, without a notification to the sender',
}

function addAction(queue: Command, action: QueueAction): void {
  const command = addCommand(queue, `${action} <FILTER...>`, `${summaries[action]}. FILTER: ${FILTER_HELP}`)
  command
    .option('--reason <TEXT>', 'why; kept with each delivery and in the audit log')
    .option('--dry-run', 'only say what would change')
    .option('--yes', 'do not ask (asked is a person at a terminal only)')
    .action((words: string[]) => {
      // --json and --data are options of queue as well, which takes them wherever they stand
      const options = command.optsWithGlobals<ActOptions>()
      const filter = filterOf(command, words)
      return withRelay(options, (client) => order(client, action, filter, options))
    })
}

function addList(queue: Command): void {
  const list = addCommand(queue, 'list [FILTER...]', `List deliveries, oldest first. FILTER: ${FILTER_HELP}`)
  list
    .option('--limit <NUMBER>', 'how many, at most 1000', '100')
    .option('--cursor <CURSOR>', 'go on where the last list ended')
    .action((words: string[]) => {
      const options = list.optsWithGlobals<ListOptions>()
      const filter = words.length === 0 ? {} : filterOf(list, words)
      if (!/^\d{1,4}$/.test(options.limit)) list.error(`error: --limit ${options.limit}: give a number from 1 to 1000`)
      return withRelay(options, async (client) => {
        const { items, next } = await client.queue.list({
          filter,
          limit: Number(options.limit),
          cursor: options.cursor,
        })
        if (options.json) printObjects(items)
        else
          printTable(
            ['DELIVERY', 'STATE', 'RECIPIENT', 'DESTINATION', 'NEXT ATTEMPT', 'REASON'],
            items.map(itemRow),
            [16, 9, 40, 40, 19, 100],
          )
        if (next !== null) printNote(`there are more: --cursor ${next}`)
      })
    })
}

export function addQueueCommands(program: Command): void {
  const queue = addCommand(program, 'queue', 'Show what is not yet delivered, in groups, oldest first')
  queue
    .addOption(new Option('--by <GROUPING>', 'what to group by').choices(groupings).default('destination'))
    .action((options: CommonOptions & { by: (typeof groupings)[number] }) =>
      withRelay(options, async (client) => {
        const { groups } = await client.queue.summary({ by: options.by })
        if (options.json) return printObjects(groups)
        const header = [options.by.toUpperCase(), ...groupColumns]
        printTable(header, groups.map(groupRow), [48, 7, 7, 8, 9, 7, 8, 7, 100])
      }),
    )
  addList(queue)
  for (const action of queueActions) addAction(queue, action)
}
