/** The names scripts rely on: the commands and options that are promised, and the help of each. */

import type { Command } from 'commander'
import { expect, test } from 'vitest'
import { buildProgram } from '../../src/cli/program.ts'

/** Every command with a path such as `queue retry`. */
function commands(command: Command, path: string[] = []): [string, Command][] {
  return command.commands.flatMap((child) => {
    const own = [...path, child.name()]
    return [[own.join(' '), child] as [string, Command], ...commands(child, own)]
  })
}

const all = new Map(commands(buildProgram()))

function options(name: string): string[] {
  return (all.get(name)?.options ?? []).map(({ long }) => long ?? '')
}

/** Commands this version has, with their options, written down a second time. */
const promised: Record<string, string[]> = {
  serve: ['--data', '--smtp', '--smtps', '--console', '--key-file', '--log'],
  status: [],
  'user add': ['--role', '--password-stdin'],
  'user list': [],
  'user invite': ['--role', '--name'],
  'user remove': [],
  'user role': [],
  'user unlock': [],
  'user reset-second-factor': ['--reason'],
  'user token add': ['--name', '--scope', '--days'],
  'user token list': [],
  'user token revoke': [],
  'account add': ['--contact', '--domain'],
  'account list': [],
  'account show': [],
  'account trust': ['--reason', '--samples', '--requested-by', '--review'],
  'account suspend': ['--reason'],
  'account resume': ['--reason'],
  'account close': ['--reason'],
  'account keep-days': ['--reason'],
  'account complaint': ['--note', '--message'],
  'case list': ['--status', '--account', '--limit'],
  'case show': [],
  'case open': ['--reason', '--note', '--signal'],
  'case note': ['--note'],
  'case verdict': ['--note'],
  'case close': ['--note'],
  'case reopen': ['--reason'],
  'case report': [],
  'case reasons': [],
  'hold place': ['--account', '--address', '--since', '--until', '--message', '--reason'],
  'hold release': ['--reason'],
  'hold list': [],
  'request open': ['--subject', '--track', '--account', '--text', '--received', '--suppress'],
  'request list': ['--state', '--kind', '--account', '--limit'],
  'request show': [],
  'request preview': [],
  'request identity': ['--send-code', '--code', '--evidence'],
  'request search': [],
  'request forward': ['--account'],
  'request decide': ['--note'],
  'request execute': [],
  'request refuse': ['--ground', '--reason'],
  'request extend': ['--reason'],
  'request answer': [],
  'request close': ['--outcome', '--reason'],
  'request package': ['--out'],
  'policy list': [],
  'policy show': [],
  'policy sharing': [],
  'policy prepare': ['--text-file', '--owner', '--days', '--reason'],
  'policy revise': ['--text-file', '--owner', '--days', '--reason'],
  'policy announce': ['--effective'],
  'policy withdraw': ['--reason'],
  'consent list': ['--account', '--purpose'],
  'consent give': ['--purpose', '--source'],
  'consent withdraw': ['--reason'],
  'consent mail': ['--purpose', '--subject', '--text-file'],
  'disclosure list': ['--limit'],
  'disclosure record': ['--authority', '--basis', '--account', '--address', '--message', '--gag-until', '--no-hold'],
  'disclosure export': ['--out'],
  'disclosure notice': ['--no-tell', '--reason'],
  'disclosure refuse': ['--reason'],
  'disclosure close': ['--reason'],
  'credential add': ['--password-stdin', '--username', '--address'],
  'credential list': [],
  'credential remove': [],
  'route set': ['--tls', '--allow-unverified-login', '--allow-private-addresses'],
  'route list': [],
  'route remove': [],
  messages: [
    '--account',
    '--from',
    '--to',
    '--subject',
    '--message-id',
    '--status',
    '--since',
    '--until',
    '--limit',
    '--cursor',
    '--follow',
  ],
  message: [],
  queue: ['--by'],
  'queue list': [],
  'queue retry': ['--reason', '--yes'],
  'queue hold': ['--reason', '--yes'],
  'queue release': ['--reason', '--yes'],
  'queue cancel': ['--reason', '--yes'],
  backup: [],
  'backup list': [],
  restore: ['--key-file'],
  'key status': [],
  'key rotate': ['--reason', '--passphrase-stdin', '--new-passphrase-stdin'],
  audit: ['--since', '--until', '--action', '--actor', '--text', '--limit', '--cursor'],
  'audit verify': ['--checkpoint'],
  'audit export': [],
  'audit replay-draws': [],
  'audit checkpoint': [],
  'audit place': [],
  'audit erase': ['--reason'],
  retention: ['--dry-run', '--at', '--days'],
  'retention run': [],
  receipts: [],
  samples: ['--account', '--flagged', '--limit', '--cursor'],
  'signal list': ['--account', '--unmatched', '--kind', '--since', '--unassigned', '--case', '--limit', '--cursor'],
  'signal show': [],
  'signal report': ['--note', '--message'],
  'signal thresholds': ['--spam-score', '--bounce-rate', '--volume-factor', '--complaints', '--recipients', '--reason'],
  'signal simulate': ['--spam-score', '--bounce-rate', '--volume-factor', '--complaints', '--recipients'],
  'signal scoring': ['--kind', '--url', '--timeout', '--reason'],
  'signal traps': ['--file', '--reason'],
  'signal desk': ['--domain', '--none', '--reason'],
}

test.each(Object.entries(promised))('%s has its options', (name, wanted) => {
  const common = name === 'serve' ? [] : ['--data', '--json']
  expect(options(name)).toEqual(expect.arrayContaining([...wanted, ...common]))
})

test('every command explains itself and each of its options', () => {
  for (const [name, command] of all) {
    expect(command.description(), name).not.toBe('')
    for (const option of command.options) expect(option.description, `${name} ${option.flags}`).not.toBe('')
    expect(command.helpInformation(), name).toMatch(/^Usage: /)
  }
})
