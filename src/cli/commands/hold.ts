/** `mailward hold …`: legal holds. */

import type { Command } from 'commander'
import type { HoldScopeInput, HoldView } from '../../contract/retention.ts'
import { localTime, printable, printDocument, printLine, printObjects, printTable } from '../output.ts'
import { type CommonOptions, withRelay } from '../run.ts'
import { addCommand, addGroup, timeOf } from './common.ts'

/** How a scope is said on the command line. */
export interface ScopeOptions {
  account?: string
  address?: string
  since?: string
  until?: string
  message?: string
}

interface PlaceOptions extends CommonOptions, ScopeOptions {
  reason: string
}

/** What a scope covers, in words. */
export function covered(scope: HoldScopeInput): string {
  switch (scope.kind) {
    case 'account':
      return `account ${scope.account}`
    case 'address':
      return `address ${scope.address}`
    case 'period':
      return `from ${localTime(scope.since)} to ${localTime(scope.until)}`
    case 'message':
      return `message ${scope.message}`
  }
}

function print(hold: HoldView): void {
  const { id, scope, reason, placedBy, placedAt, releasedBy, releasedAt, releaseReason, headers } = hold
  printLine(printable(`hold      ${id}: ${covered(scope)}`))
  printLine(printable(`placed    ${localTime(placedAt)} by ${placedBy}: ${reason}`))
  printLine(`keeps     ${headers} header records beyond their day`)
  if (releasedAt !== null)
    printLine(printable(`released  ${localTime(releasedAt)} by ${releasedBy ?? ''}: ${releaseReason ?? ''}`))
}

/** Exactly one scope must be given. */
export function scopeOf(command: Command, { account, address, since, until, message }: ScopeOptions): HoldScopeInput {
  const scopes: HoldScopeInput[] = []
  if (account !== undefined) scopes.push({ kind: 'account', account })
  if (address !== undefined) scopes.push({ kind: 'address', address })
  if (message !== undefined) scopes.push({ kind: 'message', message })
  const [from, to] = [timeOf(command, 'since', since), timeOf(command, 'until', until)]
  if ((from === undefined) !== (to === undefined)) command.error('error: a period needs both --since and --until')
  if (from !== undefined && to !== undefined) scopes.push({ kind: 'period', since: from, until: to })
  const [scope, another] = scopes
  if (!scope || another)
    command.error('error: say what is meant: one of --account, --address, --message, or --since with --until')
  return scope
}

export function addHoldCommands(program: Command): void {
  const hold = addGroup(program, 'hold', 'Legal holds: what stays beyond its day')

  const place = addCommand(hold, 'place', 'Keep what is covered beyond its day')
  place
    .option('--account <NAME>', 'everything of an account')
    .option('--address <ADDRESS>', 'everything from or to an address')
    .option('--since <TIME>', 'everything accepted since a date, or an age such as 7d')
    .option('--until <TIME>', 'and before another')
    .option('--message <ID>', 'one message')
    .requiredOption('--reason <TEXT>', 'why, for the audit log')
    .action((options: PlaceOptions) => {
      const scope = scopeOf(place, options)
      return withRelay(options, async (client) => {
        const placed = await client.retention.placeHold({ scope, reason: options.reason })
        if (options.json) printDocument(placed)
        else print(placed)
      })
    })

  const release = addCommand(hold, 'release <ID>', 'End a hold: what it kept goes with the next run')
  release
    .requiredOption('--reason <TEXT>', 'why, for the audit log')
    .action((id: string, options: CommonOptions & { reason: string }) => {
      if (!/^\d{1,15}$/.test(id)) release.error(`error: ${id}: give the number of a hold`)
      return withRelay(options, async (client) => {
        const released = await client.retention.releaseHold({ id: Number(id), reason: options.reason })
        if (options.json) printDocument(released)
        else print(released)
      })
    })

  addCommand(hold, 'list', 'List all holds, newest first').action((options: CommonOptions) =>
    withRelay(options, async (client) => {
      const holds = await client.retention.holds()
      if (options.json) return printObjects(holds)
      const rows = holds.map(({ id, scope, headers, releasedAt, reason }) => [
        String(id),
        releasedAt === null ? 'in force' : 'released',
        String(headers),
        covered(scope),
        reason,
      ])
      printTable(['ID', 'STATE', 'KEEPS', 'COVERS', 'REASON'], rows, [8, 8, 10, 60, 80])
    }),
  )
}
