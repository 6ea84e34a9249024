/** `mailward user …`: people who use the console, their invitations and API tokens. */

import { type Command, Option } from 'commander'
import { type Role, roles, type TokenScope, tokenScopes } from '../../model/user.ts'
import type { Client } from '../client.ts'
import { Failure } from '../failure.ts'
import { readPassword } from '../input.ts'
import { localTime, printDocument, printLine, printNote, printObjects, printTable } from '../output.ts'
import { type CommonOptions, withRelay } from '../run.ts'
import { addCommand, addGroup } from './common.ts'

interface AddOptions extends CommonOptions {
  role: Role
  account?: string
  name?: string
  passwordStdin?: boolean
}

function roleOption(): Option {
  return new Option('--role <ROLE>', 'what the person may do').choices(roles).makeOptionMandatory()
}

const ofAccount = ['--account <NAME>', 'account a member acts for'] as const

/** The person of an address, in whatever case. */
async function userOf(client: Client, email: string) {
  const person = (await client.users.list()).find((each) => each.email.toLowerCase() === email.toLowerCase())
  if (!person) throw new Failure(`there is no person ${email}: see mailward user list`)
  return person
}

function addComing(user: Command): void {
  addCommand(user, 'add <EMAIL>', 'Add a person; the first one, an admin, settles the first run')
    .addOption(roleOption())
    .option(...ofAccount)
    .option('--name <NAME>', 'name of the person')
    .option('--password-stdin', 'read the password from standard input instead of asking for it')
    .action(async (email: string, options: AddOptions) => {
      await withRelay(options, async (client) => {
        const password = await readPassword(options.passwordStdin ?? false)
        const { role, account, name } = options
        const person = await client.users.add({ email, name, role, account, password })
        if (options.json) printDocument(person)
        else printLine(`${person.email} is now ${person.role}`)
      })
    })

  addCommand(user, 'invite <EMAIL>', 'Make a one-time link by which a person comes in')
    .addOption(roleOption())
    .option(...ofAccount)
    .option('--name <NAME>', 'name of the person')
    .action((email: string, options: CommonOptions & { role: Role; account?: string; name?: string }) =>
      withRelay(options, async (client) => {
        const made = await client.users.invite({
          email,
          role: options.role,
          account: options.account,
          name: options.name,
        })
        if (options.json) return printDocument(made)
        printNote(`Good once, until ${localTime(made.invitation.expiresAt)}, for ${email}:`)
        printLine(made.link ?? made.token)
      }),
    )
}

function addHoldRetention(user: Command): void {
  addCommand(user, 'list', 'List people, then invitations nobody has accepted').action((options: CommonOptions) =>
    withRelay(options, async (client) => {
      const [users, invitations] = await Promise.all([client.users.list(), client.users.invitations()])
      if (options.json) return printObjects(users)
      const rows = users.map(({ email, role, account, secondFactor, seenAt, lockedUntil, name }) => [
        email,
        account === null ? role : `${role} of ${account}`,
        secondFactor ? 'yes' : 'no',
        localTime(seenAt) || 'never',
        lockedUntil === null ? name : `locked out until ${localTime(lockedUntil)}`,
      ])
      printTable(['EMAIL', 'ROLE', 'SECOND FACTOR', 'LAST SEEN', 'NAME'], rows, [40, 30, 13, 19, 60])
      for (const { email, role, expiresAt, expired } of invitations)
        printLine(`invited: ${email} as ${role}, ${expired ? 'expired' : 'until'} ${localTime(expiresAt)}`)
    }),
  )

  addCommand(user, 'remove <EMAIL>', 'Remove a person, or take an invitation back; the last admin stays').action(
    (email: string, options: CommonOptions) =>
      withRelay(options, async (client) => {
        const invitation = (await client.users.invitations()).find(
          (each) => each.email.toLowerCase() === email.toLowerCase(),
        )
        if (invitation) await client.users.revokeInvitation({ id: invitation.id })
        else await client.users.remove({ id: (await userOf(client, email)).id })
        if (options.json) printDocument({ removed: true })
        else printLine(invitation ? `the invitation of ${email} is taken back` : `${email} is removed`)
      }),
  )

  addCommand(user, 'role <EMAIL> <ROLE>', `Change the role of a person: ${roles.join(', ')}`)
    .option(...ofAccount)
    .action((email: string, given: string, options: CommonOptions & { account?: string }) => {
      const role = roles.find((each) => each === given)
      if (!role) user.error(`error: ${given}: one of ${roles.join(', ')}`)
      return withRelay(options, async (client) => {
        const person = await client.users.setRole({
          id: (await userOf(client, email)).id,
          role,
          account: options.account,
        })
        if (options.json) printDocument(person)
        else printLine(`${person.email} is now ${person.role}`)
      })
    })

  addCommand(user, 'reset-second-factor <EMAIL>', 'End the second factor of who has lost it, and their sessions')
    .requiredOption('--reason <TEXT>', 'why; kept in the audit log')
    .action((email: string, { reason, ...options }: CommonOptions & { reason: string }) =>
      withRelay(options, async (client) => {
        await client.users.resetSecondFactor({ id: (await userOf(client, email)).id, reason })
        if (options.json) printDocument({ reset: true })
        else printLine(`${email} logs in with the password alone, and is told`)
      }),
    )

  addCommand(user, 'unlock <EMAIL>', 'Lift a lock-out after too many wrong passwords').action(
    (email: string, options: CommonOptions) =>
      withRelay(options, async (client) => {
        await client.users.unlock({ id: (await userOf(client, email)).id })
        if (options.json) printDocument({ unlocked: true })
        else printLine(`${email} may try again`)
      }),
  )
}

interface TokenOptions extends CommonOptions {
  name: string
  scope: TokenScope
  days: string
}

function addTokens(user: Command): void {
  const token = addGroup(user, 'token', 'API tokens of people')
  const add = addCommand(token, 'add <EMAIL>', 'Make an API token; it is printed this once')
  add
    .requiredOption('--name <NAME>', 'what it is for')
    .addOption(new Option('--scope <SCOPE>', 'what it may do').choices(tokenScopes).default('read'))
    .option('--days <N>', 'how many days it is good for, at most 365', '90')
    .action((email: string, options: TokenOptions) => {
      const days = Number(options.days)
      if (!Number.isInteger(days) || days < 1 || days > 365) add.error(`error: --days ${options.days}: from 1 to 365`)
      return withRelay(options, async (client) => {
        const { name, scope } = options
        const made = await client.users.addToken({ email, name, scope, days })
        if (options.json) return printDocument(made)
        printNote(`Token ${made.token.id} of ${email}, good until ${localTime(made.token.expiresAt)}:`)
        printLine(made.secret)
      })
    })

  addCommand(token, 'list <EMAIL>', 'List the API tokens of a person').action((email: string, options: CommonOptions) =>
    withRelay(options, async (client) => {
      const tokens = await client.users.tokens({ email })
      if (options.json) return printObjects(tokens)
      const rows = tokens.map(({ id, name, scope, expiresAt, expired, usedAt }) => [
        String(id),
        name,
        scope,
        expired ? 'expired' : localTime(expiresAt),
        localTime(usedAt) || 'never',
      ])
      printTable(['ID', 'NAME', 'SCOPE', 'UNTIL', 'LAST USED'], rows, [8, 40, 5, 19, 19])
    }),
  )

  const revoke = addCommand(token, 'revoke <EMAIL> <ID>', 'Take an API token back')
  revoke.action((email: string, id: string, options: CommonOptions) => {
    if (!/^\d{1,15}$/.test(id)) revoke.error(`error: ${id}: give the number of a token`)
    return withRelay(options, async (client) => {
      await client.users.revokeToken({ email, id: Number(id) })
      if (options.json) printDocument({ revoked: true })
      else printLine(`token ${id} is taken back`)
    })
  })
}

export function addUserCommands(program: Command): void {
  const user = addGroup(program, 'user', 'People who use the console')
  addComing(user)
  addHoldRetention(user)
  addTokens(user)
}
