/** People, invitations and API tokens on the command line, against a real relay process. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { InvitationView, ListedUserView, TokenView } from '../../src/contract/users.ts'
import { CommandLine, type Served, serve } from './support.ts'

const commandLine = new CommandLine()
const run = (...words: string[]) => commandLine.run(words)
let served: Served

beforeAll(async () => {
  served = await serve(commandLine)
  const invited = await commandLine.json<Invited>(['user', 'invite', 'ann@relay.example', '--role', 'admin'])
  await accept(invited.token)
})
afterAll(() => commandLine.remove())

interface Invited {
  invitation: InvitationView
  token: string
  link: string | null
}

async function accept(token: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${served.port('console')}/api/session/accept`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, name: 'Ann', password: 'correct horse battery' }),
  })
  return response.status
}

test('an invitation is a link, is listed, and is taken back by its address', async () => {
  const made = await run('user', 'invite', 'bob@relay.example', '--role', 'operator')
  expect(made.out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#\/join\?token=[\w-]{43}\n$/)
  expect((await run('user', 'list')).out).toMatch(/^invited: bob@relay\.example as operator, until /m)
  expect((await run('user', 'remove', 'Bob@relay.example')).out).toMatch(/taken back/)
  expect(await accept(/token=(\S+)/.exec(made.out)![1]!)).toBe(422)
})

test('people are listed, change roles and go, but not the last admin', async () => {
  const { token } = await commandLine.json<Invited>(['user', 'invite', 'kim@relay.example', '--role', 'operator'])
  expect(await accept(token)).toBe(200)
  expect(await commandLine.json(['user', 'role', 'kim@relay.example', 'auditor'])).toMatchObject({ role: 'auditor' })
  const users = await commandLine.jsonLines<ListedUserView>(['user', 'list'])
  expect(users).toMatchObject([
    { role: 'admin', secondFactor: false },
    { role: 'auditor', lockedUntil: null },
  ])
  expect(await run('user', 'role', 'ann@relay.example', 'auditor')).toMatchObject({ status: 1 })
  expect(await run('user', 'role', 'kim@relay.example', 'king')).toMatchObject({ status: 2 })
  expect((await run('user', 'unlock', 'kim@relay.example')).status).toBe(0)
  expect((await run('user', 'remove', 'kim@relay.example')).status).toBe(0)
  const gone = await run('user', 'unlock', 'kim@relay.example')
  expect(gone).toMatchObject({ status: 1, err: expect.stringMatching(/no person kim@relay\.example/) })
})

test('an account holder is added with the account, and nobody without one', async () => {
  await run('account', 'add', 'acme', '--contact', 'ops@acme.example')
  const words = ['user', 'invite', 'mona@acme.example', '--role', 'member']
  expect(await run(...words)).toMatchObject({ status: 1, err: expect.stringMatching(/name the account/) })
  const { token } = await commandLine.json<Invited>([...words, '--account', 'acme'])
  expect(await accept(token)).toBe(200)
  expect((await run('user', 'list')).out).toMatch(/^mona@acme\.example +member of acme /m)
  const auditor = ['user', 'role', 'mona@acme.example', 'auditor']
  expect(await run(...auditor, '--account', 'acme')).toMatchObject({ status: 1 })
  expect((await run(...auditor)).status).toBe(0)
  expect(await run('user', 'role', 'mona@acme.example', 'member')).toMatchObject({ status: 1 })
  expect((await run('user', 'role', 'mona@acme.example', 'member', '--account', 'acme')).status).toBe(0)
  expect((await run('user', 'remove', 'mona@acme.example')).status).toBe(0)
})

test('a token is printed once, works, is listed and taken back', async () => {
  const words = ['user', 'token', 'add', 'ann@relay.example', '--name', 'monitor', '--days', '7']
  const made = await run(...words)
  expect(made.out).toMatch(/^mw_[\w-]{43}\n$/)
  const status = async () => {
    const headers = { authorization: `Bearer ${made.out.trim()}` }
    return (await fetch(`http://127.0.0.1:${served.port('console')}/api/accounts`, { headers })).status
  }
  expect(await status()).toBe(200)
  const list = ['user', 'token', 'list', 'ann@relay.example']
  const [token] = await commandLine.jsonLines<TokenView>(list)
  expect(token).toMatchObject({ name: 'monitor', scope: 'read', expired: false })
  expect((await run(...list)).out).toMatch(/monitor +read/)
  expect((await run('user', 'token', 'revoke', 'ann@relay.example', String(token!.id))).status).toBe(0)
  expect(await status()).toBe(401)
  expect((await run(...words.slice(0, -1), '366')).status).toBe(2)
})
