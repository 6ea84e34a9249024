/** `mailward messages` and `mailward message ID`: the 70-day header log. */

import { type Command, Option } from 'commander'
import type { MessageFilterInput, MessageSummary } from '../../contract/shapes.ts'
import { deliveryStates, type MessageStatus } from '../../model/delivery.ts'
import type { Client } from '../client.ts'
import { Failure } from '../failure.ts'
import { printDocument, printNote, printObjects } from '../output.ts'
import { type CommonOptions, withRelay } from '../run.ts'
import { addCommand, limitOf, timeOf } from './common.ts'
import { printMessage, printMessages } from './messageText.ts'

interface ListOptions extends CommonOptions {
  text?: string
  account?: string
  from?: string
  to?: string
  subject?: string
  messageId?: string
  status?: MessageStatus
  since?: string
  until?: string
  limit: string
  cursor?: string
  follow?: boolean
  inDoubt?: boolean
}

/** Lines of one call; the contract allows no more. */
const PAGE = 1000

function filterOf(command: Command, options: ListOptions): MessageFilterInput {
  const { text, account, from, to, subject, messageId, status, inDoubt } = options
  return {
    text,
    account,
    from,
    to,
    subject,
    messageId: messageId?.replace(/^<|>$/g, ''),
    status,
    inDoubt,
    since: timeOf(command, 'since', options.since),
    until: timeOf(command, 'until', options.until),
  }
}

interface Found {
  items: MessageSummary[]
  next: string | null
  /** days of which records may be missing */
  unreadable: string[]
}

/** As many lines as wanted, over as many pages as they take. */
async function find(client: Client, filter: MessageFilterInput, limit: number, cursor?: string): Promise<Found> {
  const items: MessageSummary[] = []
  const unreadable = new Set<string>()
  let next: string | null = cursor ?? null
  do {
    const wanted = Math.min(PAGE, limit - items.length)
    const page: Found = await client.messages.list({ filter, limit: wanted, cursor: next ?? undefined })
    items.push(...page.items)
    for (const day of page.unreadable) unreadable.add(day)
    next = page.next
  } while (next !== null && items.length < limit)
  return { items, next, unreadable: [...unreadable] }
}

async function list(client: Client, filter: MessageFilterInput, limit: number, options: ListOptions): Promise<void> {
  const { items, next, unreadable } = await find(client, filter, limit, options.cursor)
  if (options.json) printObjects(items)
  else printMessages(items, true)
  if (unreadable.length > 0)
    printNote(`not everything: what is kept of ${unreadable.join(', ')} cannot be read, see mailward status`)
  if (next !== null) printNote(`there are more: --cursor ${next}`)
}

/** The latest lines, oldest first, then every new or changed one until somebody stops it. */
async function follow(client: Client, filter: MessageFilterInput, limit: number, json: boolean): Promise<void> {
  let header = true
  const show = (items: MessageSummary[]): void => {
    if (json) printObjects(items)
    else printMessages(items, header)
    header = false
  }
  // the first, empty batch says that nothing is lost from here on; only then are the latest lines read
  let listed = false
  for await (const { items, missed } of await client.messages.tail({ filter })) {
    if (!listed) show((await find(client, filter, limit)).items.toReversed())
    listed = true
    if (items.length > 0) show(items.toSorted((a, b) => (a.id < b.id ? -1 : 1)))
    if (missed > 0) printNote(`${missed} changes came too fast to be shown`)
  }
  throw new Failure('the relay has stopped')
}

function addList(program: Command): void {
  const messages = addCommand(program, 'messages', 'Search the header log, newest first')
  messages
    .option('--text <WORDS>', 'words of addresses or subject')
    .option('--account <NAME>', 'account')
    .option('--from <ADDRESS>', 'sender: an address, @domain, or words of it')
    .option('--to <ADDRESS>', 'recipient: an address, @domain, or words of it')
    .option('--subject <WORDS>', 'words of the subject')
    .option('--message-id <ID>', 'content of the Message-ID field')
    .addOption(new Option('--status <STATUS>', 'state of its deliveries').choices([...deliveryStates, 'mixed']))
    .option('--in-doubt', 'only messages that may have been delivered twice')
    .option('--since <TIME>', 'accepted at or after: 2026-11-01, 2026-11-01T12:00Z, or an age such as 7d')
    .option('--until <TIME>', 'accepted before')
    .option('--limit <NUMBER>', 'how many', '50')
    .option('--cursor <CURSOR>', 'go on where the last list ended')
    .option('--follow', 'keep printing messages as they arrive or change')
    .action((options: ListOptions) => {
      if (options.follow && options.cursor !== undefined) messages.error('error: --follow goes without --cursor')
      const filter = filterOf(messages, options)
      const limit = limitOf(messages, options.limit)
      return withRelay(options, (client) =>
        options.follow ? follow(client, filter, limit, options.json ?? false) : list(client, filter, limit, options),
      )
    })
}

export function addMessageCommands(program: Command): void {
  addList(program)
  addCommand(program, 'message <ID>', 'Show a message: headers, deliveries, attempts with transcripts').action(
    (id: string, options: CommonOptions) =>
      withRelay(options, async (client) => {
        const message = await client.messages.get({ id })
        if (options.json) printDocument(message)
        else printMessage(message)
      }),
  )
}
