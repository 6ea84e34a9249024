/** `mailward request …`: what people ask about data held of them, from receipt to answer. */

import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import type { RequestDetail } from '../../contract/requests.ts'
import { refusalGrounds, requestKinds, requestOutcomes, requestTracks } from '../../model/request.ts'
import type { Client } from '../client.ts'
import { Failure } from '../failure.ts'
import { printable, printDocument, printLine, printNote, printObjects } from '../output.ts'
import { type CommonOptions, withRelay } from '../run.ts'
import { addCommand, addGroup, limitOf, timeOf } from './common.ts'
import { addExportCommand } from './export.ts'
import { printDetail, printLocations, printRequests, showRequest } from './requestOutput.ts'

/** How often it is looked how far something is, milliseconds. */
const LOOK_MS = 200

function idOf(command: Command, text: string): number {
  if (!/^\d{1,15}$/.test(text)) command.error(`error: ${text}: give the number of a request`)
  return Number(text)
}

function oneOf<T extends string>(command: Command, what: string, known: readonly T[], text: string): T {
  const found = known.find((one) => one === text.replaceAll('-', ' '))
  if (found === undefined) command.error(`error: ${what} ${text}: one of ${known.join(', ')}`)
  return found
}

/** The text of a file; of standard input for `-`. */
function textOf(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    throw new Failure(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}

/** Waits until work on a request has ended; how far it is goes to stderr. */
async function ended(client: Client, id: number, isEnded: (detail: RequestDetail) => boolean): Promise<RequestDetail> {
  for (let told = 0; ; await sleep(LOOK_MS)) {
    const detail = await client.requests.get({ id })
    if (isEnded(detail)) return detail
    const work = detail.state === 'executing' ? detail.execution : detail.search
    const share = work && work.total > 0 ? Math.floor((10 * work.done) / work.total) : 0
    if (share > told) printNote(`${share * 10} %`)
    told = Math.max(told, share)
  }
}

function addReading(requests: Command): void {
  const list = addCommand(requests, 'list', 'List requests: those with the fewest days left first')
  list
    .option('--state <STATE>', 'one of open, closed, all', 'open')
    .option('--kind <KIND>', `one of ${requestKinds.join(', ')}`)
    .option('--account <NAME>', 'requests about one account')
    .option('--limit <N>', 'at most so many', '100')
    .action((options: CommonOptions & { state: string; kind?: string; account?: string; limit: string }) => {
      const state = oneOf(list, '--state', ['open', 'closed', 'all'] as const, options.state)
      const kind = options.kind === undefined ? undefined : oneOf(list, '--kind', requestKinds, options.kind)
      const limit = limitOf(list, options.limit)
      return withRelay(options, async (client) => {
        const page = await client.requests.list({ state, kind, account: options.account, limit })
        if (options.json) printObjects(page.requests)
        else printRequests(page.requests)
      })
    })

  const show = addCommand(requests, 'show <ID>', 'Show a request with its whole path')
  show.action((id: string, options: CommonOptions) => {
    const number = idOf(show, id)
    return withRelay(options, async (client) => {
      const detail = await client.requests.get({ id: number })
      if (options.json) printDocument(detail)
      else printDetail(detail)
    })
  })

  const preview = addCommand(requests, 'preview <ID>', 'Say what carrying out would do; nothing is changed')
  preview.action((id: string, options: CommonOptions) => {
    const number = idOf(preview, id)
    return withRelay(options, async (client) => {
      const found = await client.requests.preview({ id: number })
      if (options.json) return printDocument(found)
      for (const effect of found.effects) printLine(printable(effect))
      if (found.places.length > 0) printLocations(found.places)
      for (const { folder, destroyBy } of found.backups)
        printLine(printable(`backup    ${folder}, destroyed by ${destroyBy.slice(0, 10)}`))
    })
  })
}

interface OpenOptions extends CommonOptions {
  subject: string
  track?: string
  account?: string
  textFile?: string
  text?: string
  correction?: string
  received?: string
  parent?: string
  suppress?: boolean
}

function addOpen(requests: Command): void {
  const open: Command = addCommand(requests, 'open <KIND>', `Open a request: ${requestKinds.join(', ')}`)
  open
    .requiredOption('--subject <EMAIL>', 'address of the person it is about')
    .option(
      '--track <TRACK>',
      'one of holder, account, third-party (default: account with --account, else third-party)',
    )
    .option('--account <NAME>', 'the account it is limited to')
    .option('--text <TEXT>', 'what the person wrote')
    .option('--text-file <FILE>', 'the same, out of a file; - for standard input')
    .option('--correction <TEXT>', 'what is to be corrected, such as “contact: ops@acme.example”')
    .option('--received <TIME>', 'when it was received, such as 2026-11-01 or 3d (default: now)')
    .option('--parent <ID>', 'the third party’s request that this order answers')
    .option('--suppress', 'the address is never written to again')
    .action((given: string, options: OpenOptions) => {
      const kind = oneOf(open, 'kind', requestKinds, given)
      const usual = options.account === undefined ? 'third party' : 'account'
      const track = oneOf(open, '--track', requestTracks, options.track ?? usual)
      const receivedAt = timeOf(open, 'received', options.received)
      const parent = options.parent === undefined ? undefined : idOf(open, options.parent)
      const { subject, account, correction, suppress = false } = options
      return withRelay(options, async (client) => {
        const text = options.textFile === undefined ? options.text : textOf(options.textFile)
        const request = { kind, track, subject, account, text, correction, receivedAt, parent, suppress }
        showRequest(options, await client.requests.open(request))
      })
    })
}

interface IdentityOptions extends CommonOptions {
  code?: string
  evidence?: string
  sendCode?: boolean
}

function addIdentity(requests: Command): void {
  const identity = addCommand(requests, 'identity <ID>', 'Make sure who asks: by a code mailed there, or by evidence')
  identity
    .option('--send-code', 'mail a code to the person, or to the contact of the account')
    .option('--code <CODE>', 'the code that was answered')
    .option('--evidence <TEXT>', 'what shows who asks')
    .action((id: string, options: IdentityOptions) => {
      const number = idOf(identity, id)
      const { code, evidence, sendCode } = options
      if ([code, evidence, sendCode].filter((one) => one !== undefined).length !== 1)
        identity.error('error: give one of --send-code, --code, --evidence')
      return withRelay(options, async (client) => {
        const { requests: calls } = client
        if (code !== undefined) return showRequest(options, await calls.confirmCode({ id: number, code }))
        if (evidence !== undefined) return showRequest(options, await calls.confirmEvidence({ id: number, evidence }))
        showRequest(options, await calls.sendCode({ id: number }))
      })
    })
}

function addSearch(requests: Command): void {
  const search = addCommand(requests, 'search <ID>', 'Search everything that is held for the person')
  search.action((id: string, options: CommonOptions) => {
    const number = idOf(search, id)
    return withRelay(options, async (client) => {
      await client.requests.search({ id: number })
      const { search: found } = await ended(client, number, (detail) => detail.search?.state !== 'running')
      if (options.json) printDocument(found)
      else printLocations(found?.places ?? [])
      if (found?.problem) throw new Failure(found.problem)
    })
  })
}

function addForward(requests: Command): void {
  const forward = addCommand(requests, 'forward <ID>', 'Point the person to accounts, and send the request on to them')
  forward
    .requiredOption('--account <NAME...>', 'the accounts that are responsible')
    .action((id: string, options: CommonOptions & { account: string[] }) => {
      const number = idOf(forward, id)
      return withRelay(options, async (client) =>
        showRequest(options, await client.requests.forward({ id: number, accounts: options.account })),
      )
    })
}

function addDecisions(requests: Command): void {
  const decide = addCommand(requests, 'decide <ID>', 'Decide to carry a request out')
  decide.option('--note <TEXT>', 'why', '').action((id: string, options: CommonOptions & { note: string }) => {
    const number = idOf(decide, id)
    return withRelay(options, async (client) =>
      showRequest(options, await client.requests.decide({ id: number, note: options.note })),
    )
  })

  const execute = addCommand(requests, 'execute <ID>', 'Carry a decided request out')
  execute
    .option('--no-wait', 'come back at once: it goes on by itself')
    .action((id: string, options: CommonOptions & { wait: boolean }) => {
      const number = idOf(execute, id)
      return withRelay(options, async (client) => {
        const begun = await client.requests.execute({ id: number })
        const isEnded = ({ state, execution }: RequestDetail) =>
          state !== 'executing' || execution?.state === 'failed' || execution?.waiting.length !== 0
        showRequest(options, options.wait ? await ended(client, number, isEnded) : begun)
      })
    })

  const refuse = addCommand(requests, 'refuse <ID>', 'Refuse a request, and tell who asked')
  refuse
    .requiredOption('--ground <GROUND>', `one of ${refusalGrounds.join(', ')}`)
    .requiredOption('--reason <TEXT>', 'why, as it is told')
    .action((id: string, options: CommonOptions & { ground: string; reason: string }) => {
      const number = idOf(refuse, id)
      const ground = oneOf(refuse, '--ground', refusalGrounds, options.ground)
      return withRelay(options, async (client) =>
        showRequest(options, await client.requests.refuse({ id: number, ground, reason: options.reason })),
      )
    })

  const extend = addCommand(requests, 'extend <ID>', 'Extend a request once, and tell who asked')
  extend
    .requiredOption('--reason <TEXT>', 'why, as it is told')
    .action((id: string, options: CommonOptions & { reason: string }) => {
      const number = idOf(extend, id)
      return withRelay(options, async (client) =>
        showRequest(options, await client.requests.extend({ id: number, reason: options.reason })),
      )
    })
}

function addEnds(requests: Command): void {
  const answer = addCommand(requests, 'answer <ID>', 'Send the answer to a request that was carried out')
  answer
    .option('--preview', 'print the letter; nothing is sent')
    .action((id: string, options: CommonOptions & { preview?: boolean }) => {
      const number = idOf(answer, id)
      return withRelay(options, async (client) => {
        if (!options.preview) return showRequest(options, await client.requests.answer({ id: number }))
        const draft = await client.requests.previewAnswer({ id: number })
        if (options.json) return printDocument(draft)
        printLine(printable(`to ${draft.to}: ${draft.subject}`))
        for (const line of draft.text.split('\n')) printLine(printable(line))
      })
    })

  const close = addCommand(requests, 'close <ID>', 'Close a request without a further letter')
  close
    .requiredOption('--outcome <OUTCOME>', `one of ${requestOutcomes.join(', ')}`)
    .requiredOption('--reason <TEXT>', 'why')
    .action((id: string, options: CommonOptions & { outcome: string; reason: string }) => {
      const number = idOf(close, id)
      const outcome = oneOf(close, '--outcome', requestOutcomes, options.outcome)
      return withRelay(options, async (client) =>
        showRequest(options, await client.requests.close({ id: number, outcome, reason: options.reason })),
      )
    })
}

export function addRequestCommands(program: Command): void {
  const requests = addGroup(program, 'request', 'Requests of people about data that is held of them')
  addOpen(requests)
  addReading(requests)
  addIdentity(requests)
  addSearch(requests)
  addForward(requests)
  addDecisions(requests)
  addEnds(requests)
  addExportCommand(requests)
}
