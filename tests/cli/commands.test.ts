/** Commands against a real relay process: what they do, what they print, how they end. */

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { runProgram } from '../../src/cli/program.ts'
import { CommandLine, type Served, serve } from './support.ts'

const commandLine = new CommandLine()
let served: Served

beforeAll(async () => {
  served = await serve(commandLine)
})
afterAll(() => commandLine.remove())

const run = (...words: string[]) => commandLine.run(words)

describe('a fresh relay', () => {
  test('prints one link to create the first person', () => {
    const link = `^Create the first person: http://127\\.0\\.0\\.1:${served.port('console')}/#/welcome\\?token=[\\w-]{43}$`
    expect(served.lines.at(-1)).toMatch(new RegExp(link))
  })

  test('keeps its data and its key where the platform keeps such things', () => {
    expect(existsSync(join(commandLine.root, 'data', 'mailward', 'mailward.db'))).toBe(true)
    const files = readdirSync(join(commandLine.root, 'config', 'mailward'))
    expect(files).toContainEqual(expect.stringMatching(/^[0-9a-f]{16}\.key$/))
    expect(files).toContainEqual(expect.stringMatching(/^[0-9a-f]{16}\.seal$/))
    for (const file of files) expect(file).toMatch(/^[0-9a-f]{16}\.(?:key|seal|erasures)$/)
  })

  test('says how it is', async () => {
    const status = await commandLine.json<Record<string, unknown>>(['status'])
    expect(status).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      listeners: [
        { kind: 'smtp', host: '127.0.0.1', port: served.port('smtp') },
        { kind: 'smtps', host: '127.0.0.1', port: served.port('smtps') },
        { kind: 'console', host: '127.0.0.1', port: served.port('console') },
      ],
      queue: { queued: 0, sending: 0, deferred: 0, held: 0, inDoubt: 0, oldestSeconds: 0 },
      samples: { stored: 0 },
      retention: { oldestHeader: null, oldestSample: null, overdue: 0 },
      requests: { open: 0, dueSoon: 0, overdue: 0 },
      audit: { entries: expect.any(Number), head: expect.any(String) },
    })
    expect((await run('status')).out).toMatch(/^queue {8}0 queued/m)
  })
})

describe('people', () => {
  test('the first one settles the first run', async () => {
    const words = ['user', 'add', 'ann@relay.example', '--role', 'admin', '--password-stdin']
    const { status, out } = await commandLine.run(words, 'correct horse battery\n')
    expect([status, out]).toEqual([0, 'ann@relay.example is now admin\n'])
    const state = await fetch(`http://127.0.0.1:${served.port('console')}/api/session`)
    expect(await state.json()).toMatchObject({ firstRun: false })
    const login = await fetch(`http://127.0.0.1:${served.port('console')}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'ann@relay.example', password: 'correct horse battery' }),
    })
    expect(login.status).toBe(200)
  })

  test('a password is not asked for where nobody sits', async () => {
    const { status, err } = await run('user', 'add', 'bob@relay.example', '--role', 'operator')
    expect([status, err]).toEqual([1, 'mailward: there is no terminal to ask for the password: use --password-stdin\n'])
  })
})

describe('accounts, credentials, routes', () => {
  test('are added, listed and shown', async () => {
    const words = [
      'account',
      'add',
      'acme',
      '--contact',
      'ops@acme.example',
      '--domain',
      'acme.example',
      '--domain',
      'Bücher.example',
    ]
    const added = await commandLine.json<{ domains: string[] }>(words)
    expect(added.domains).toEqual(['acme.example', 'xn--bcher-kva.example'])
    const credential = ['credential', 'add', 'acme', '--password-stdin', '--username', 'mailer']
    expect(await commandLine.json(credential, 'secret secret')).toMatchObject({ kind: 'password', name: 'mailer' })
    expect(await commandLine.json(['credential', 'add', 'acme', '--address', '192.0.2.0/24'])).toMatchObject({
      kind: 'address',
      name: '192.0.2.0/24',
    })
    const [listed] = await commandLine.jsonLines<{ credentials: unknown[] }>(['account', 'list'])
    expect(listed?.credentials).toHaveLength(2)
    expect(JSON.stringify(listed)).not.toMatch(/secret|scrypt/)
    expect(await commandLine.jsonLines(['credential', 'list', 'acme'])).toEqual(listed?.credentials)
    expect((await run('account', 'show', 'acme')).out).toMatch(/^credential \d+: address 192\.0\.2\.0\/24, allowed$/m)
  })

  test('a credential goes when it is removed', async () => {
    const { id } = await commandLine.json<{ id: number }>(['credential', 'add', 'acme', '--address', '198.51.100.1'])
    expect((await run('credential', 'remove', String(id))).status).toBe(0)
    expect((await run('credential', 'remove', String(id))).err).toMatch(/^mailward: there is no credential \d+/)
  })

  test('routes are set, their passwords never given back and kept until changed', async () => {
    const set = ['route', 'set', 'kestrel.example', 'smarthost', '[::1]:2600', '--username', 'relay']
    await commandLine.json([...set, '--password-stdin'], 'hidden hidden')
    await commandLine.json([...set, '--tls', 'require'])
    await commandLine.json(['route', 'set', '*', 'reject', '--reason', 'not yet'])
    const routes = await commandLine.jsonLines(['route', 'list'])
    expect(routes).toEqual([
      { domain: '*', route: { kind: 'reject', reason: 'not yet' } },
      {
        domain: 'kestrel.example',
        route: { kind: 'smarthost', host: '::1', port: 2600, tls: 'require', username: 'relay' },
      },
    ])
    expect((await run('route', 'remove', 'kestrel.example')).status).toBe(0)
    expect((await run('route', 'remove', 'kestrel.example')).status).toBe(1)
    expect((await run('route', 'set', '*', 'capture')).out).toBe('*: capture: kept, never sent\n')
  })
})

describe('exit status 1, with one line that names what to change', () => {
  test.each([
    [['account', 'add', 'acme', '--contact', 'ops@acme.example'], 'account acme exists: choose another name'],
    [['account', 'add', 'Acme!', '--contact', 'ops@acme.example'], /use 1 to 64 of a-z/],
    [['account', 'add', 'new', '--contact', 'nobody'], /is not an e-mail address/],
    [['account', 'add', 'new', '--contact', 'a@b.example', '--domain', 'a b'], /is not a domain/],
    [['account', 'show', 'nobody'], /there is no account nobody/],
    [['credential', 'add', 'acme', '--address', '0.0.0.0/0'], /nearly everybody/],
    [['credential', 'add', 'acme', '--address', '192.0.2.0/24'], /choose another user name or range/],
    [['route', 'set', '*', 'smarthost', 'mail.acme.example:25', '--username', 'x'], /give the password as well/],
    [['message', '00000000000'], /there is no message 00000000000/],
    [['messages', '--cursor', 'abc'], /start without one/],
    [['queue', 'retry', 'all'], /nothing in the queue matches/],
    [['status', '--data', '/nonexistent'], /no relay is running on \/nonexistent: start it with mailward serve/],
  ])('%j', async (words, line) => {
    const { status, out, err } = await run(...words)
    expect([status, out, err.split('\n').length]).toEqual([1, '', 2])
    expect(err.slice('mailward: '.length, -1)).toMatch(line)
  })

  test('a password too short', async () => {
    const { status, err } = await commandLine.run(
      ['credential', 'add', 'acme', '--password-stdin', '--username', 'b'],
      'short',
    )
    expect([status, err]).toEqual([1, 'mailward: the password has fewer than 8 characters: give a longer one\n'])
  })

  test('a folder in use by another relay', async () => {
    const { status, err } = await run('serve', '--smtp=127.0.0.1:0', '--smtps=none', '--console=none')
    expect([status, err]).toEqual([
      1,
      expect.stringMatching(/^mailward: another relay is using the data folder .*--data\n$/),
    ])
  })

  test('a port in use', async () => {
    const taken = `127.0.0.1:${served.port('smtp')}`
    const data = ['--data', join(commandLine.root, 'second')]
    const smtp = await run('serve', ...data, `--smtp=${taken}`, '--smtps=none', '--console=none')
    expect([smtp.status, smtp.err.split('\n').length]).toEqual([1, 2])
    expect(smtp.err).toContain(`${taken}`)
    const console = `127.0.0.1:${served.port('console')}`
    const http = await run(
      'serve',
      ...data,
      '--smtp=127.0.0.1:0',
      '--smtps=none',
      `--console=${console}`,
      '--log=error',
    )
    expect([http.status, http.err]).toEqual([
      1,
      `mailward: the console cannot listen on ${console} (EADDRINUSE): choose another with --console\n`,
    ])
  })
})

describe('exit status 2 for wrong usage', () => {
  test.each([
    [['frobnicate']],
    [['status', '--colour']],
    [['status', 'extra']],
    [['user']],
    [['user', 'add', 'ann@relay.example']],
    [['user', 'add', 'ann@relay.example', '--role', 'king']],
    [['account', 'add', 'acme']],
    [['credential', 'add', 'acme', '--address', '192.0.2.0/24', '--username', 'x']],
    [['credential', 'remove', 'one']],
    [['route', 'set', '*', 'smarthost']],
    [['route', 'set', '*', 'teleport']],
    [['route', 'set', '*', 'mx', 'host:25']],
    [['messages', '--since', 'yesterday']],
    [['messages', '--status', 'lost']],
    [['messages', '--limit', '0']],
    [['queue', 'retry']],
    [['queue', 'hold', 'state:lost']],
    [['queue', '--by', 'colour']],
    [['serve', '--frobnicate']],
  ])('%j', async (words) => {
    let err = ''
    const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      err += String(text)
      return true
    })
    const status = await runProgram(words).finally(() => spy.mockRestore())
    expect(status).toBe(2)
    expect(err).not.toBe('')
    expect(err).not.toMatch(/\n\s+at /)
  })

  test('as the process says it', async () => {
    const wrong = await run('queue', 'retry')
    expect(wrong).toEqual({ status: 2, out: '', err: "error: missing required argument 'FILTER'\n" })
    const serve = await run('serve', '--smtp', '2525')
    expect([serve.status, serve.err]).toEqual([
      2,
      expect.stringMatching(/^mailward: --smtp 2525: give HOST:PORT[^\n]*\n$/),
    ])
  })
})

test('the help of a command is no error', async () => {
  const { status, out } = await run('queue', 'cancel', '--help')
  expect(status).toBe(0)
  expect(out).toMatch(/^Usage: mailward queue cancel \[options\] <FILTER\.\.\.>/)
})
