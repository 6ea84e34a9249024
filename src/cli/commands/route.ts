/** `mailward route …`: where mail goes, by recipient domain. */

import { Argument, type Command, Option } from 'commander'
import type { RouteRuleView } from '../../contract/routes.ts'
import { type TlsPolicy, tlsPolicies } from '../../model/route.ts'
import { readPassword } from '../input.ts'
import { printDocument, printLine, printObjects, printTable } from '../output.ts'
import { type CommonOptions, withRelay } from '../run.ts'
import { addCommand, addGroup } from './common.ts'

const kinds = ['smarthost', 'mx', 'capture', 'reject'] as const
type Kind = (typeof kinds)[number]

interface SetOptions extends CommonOptions {
  tls?: TlsPolicy
  username?: string
  passwordStdin?: boolean
  allowUnverifiedLogin?: boolean
  allowPrivateAddresses?: boolean
  reason?: string
}

type Place = { host: string; port: number }

function parsePlace(text: string | undefined): Place | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^\s:[\]]+)):(\d{1,5})$/i.exec(text ?? '')
  return match ? { host: (match[1] ?? match[2])!, port: Number(match[3]) } : undefined
}

/** What makes no sense together; undefined when all is well. */
function misuse(kind: Kind, place: string | undefined, options: SetOptions): string | undefined {
  if (kind === 'smarthost' && !parsePlace(place)) return 'a smarthost is given as HOST:PORT'
  if (kind !== 'smarthost' && place !== undefined) return `${kind} takes no HOST:PORT`
  if (kind !== 'smarthost' && (options.username !== undefined || options.passwordStdin))
    return `${kind} takes no user name and password`
  if (options.allowUnverifiedLogin && options.username === undefined)
    return '--allow-unverified-login goes with --username'
  if (kind !== 'mx' && options.allowPrivateAddresses) return `${kind} takes no --allow-private-addresses`
  if ((kind === 'capture' || kind === 'reject') && options.tls !== undefined) return `${kind} takes no --tls`
  if (kind !== 'reject' && options.reason !== undefined) return `${kind} takes no --reason`
  if (options.passwordStdin && options.username === undefined) return '--password-stdin goes with --username'
  return undefined
}

async function newRoute(kind: Kind, place: string | undefined, options: SetOptions) {
  const { tls, username, reason, passwordStdin, allowUnverifiedLogin, allowPrivateAddresses } = options
  switch (kind) {
    case 'smarthost': {
      // without --password-stdin the relay keeps the password it has for this user name
      const password = passwordStdin ? await readPassword(true) : undefined
      return { kind, ...parsePlace(place)!, tls, username, password, unverifiedLogin: allowUnverifiedLogin }
    }
    case 'mx':
      return { kind, tls, privateAddresses: allowPrivateAddresses }
    case 'capture':
      return { kind }
    case 'reject':
      return { kind, reason }
  }
}

function describe({ route }: RouteRuleView): string {
  switch (route.kind) {
    case 'smarthost': {
      const host = route.host.includes(':') ? `[${route.host}]` : route.host
      const exception = route.unverifiedLogin ? ' even without verified TLS' : ''
      const login = route.username === undefined ? '' : `, as ${route.username}${exception}`
      return `smarthost ${host}:${route.port}, TLS ${route.tls}${login}`
    }
    case 'mx':
      return `mx, TLS ${route.tls}${route.privateAddresses ? ', private addresses too' : ''}`
    case 'capture':
      return 'capture: kept, never sent'
    case 'reject':
      return `reject${route.reason ? `: ${route.reason}` : ''}`
  }
}

function addSet(route: Command): void {
  const set = addCommand(route, 'set <DOMAIN>', 'Set where mail for a recipient domain goes; * is every other domain')
  set
    .addArgument(new Argument('<KIND>', 'how it is delivered').choices(kinds))
    .addArgument(new Argument('[HOST:PORT]', 'of a smarthost'))
    .addOption(
      new Option(
        '--tls <POLICY>',
        'TLS to the next hop (default: require with a user name, else opportunistic)',
      ).choices(tlsPolicies),
    )
    .option('--username <NAME>', 'user name at the smarthost')
    .option('--password-stdin', 'read the password at the smarthost from standard input')
    .option('--allow-unverified-login', 'send the password even if the certificate cannot be verified, or without TLS')
    .option('--allow-private-addresses', 'deliver to mail exchangers in private networks and on this machine too')
    .option('--reason <TEXT>', 'what a rejected sender is told')
    .action((domain: string, kind: Kind, place: string | undefined, options: SetOptions) => {
      const problem = misuse(kind, place, options)
      if (problem) set.error(`error: ${problem}`)
      return withRelay(options, async (client) => {
        const rule = await client.routes.set({ domain, route: await newRoute(kind, place, options) })
        if (options.json) printDocument(rule)
        else printLine(`${rule.domain}: ${describe(rule)}`)
      })
    })
}

export function addRouteCommands(program: Command): void {
  const route = addGroup(program, 'route', 'Where mail goes, by recipient domain')
  addSet(route)
  addCommand(route, 'list', 'List all routes').action((options: CommonOptions) =>
    withRelay(options, async (client) => {
      const rules = await client.routes.list()
      if (options.json) return printObjects(rules)
      printTable(
        ['DOMAIN', 'ROUTE'],
        rules.map((rule) => [rule.domain, describe(rule)]),
        [60, 120],
      )
    }),
  )
  addCommand(route, 'remove <DOMAIN>', 'Remove a route; mail for the domain then goes the way of *').action(
    (domain: string, options: CommonOptions) =>
      withRelay(options, async (client) => {
        const result = await client.routes.remove({ domain })
        if (options.json) printDocument(result)
        else printLine(`route ${domain} removed`)
      }),
  )
}
