/** `mailward audit …` against a real relay process. */

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuditRowView, Checkpoint, VerificationResult } from '../../src/contract/audit.ts'
import { CommandLine, type Served, serve } from './support.ts'

const commandLine = new CommandLine()
const outside = join(commandLine.root, 'outside')
const run = (...words: string[]) => commandLine.run(words)

let served: Served
beforeAll(async () => {
  served = await serve(commandLine)
  mkdirSync(outside)
  for (const name of ['acme', 'kestrel']) await run('account', 'add', name, '--contact', `ops@${name}.example`)
})
afterAll(() => commandLine.remove())

function exported(): string[] {
  return readdirSync(outside).filter((name) => name.startsWith('mailward-checkpoint-'))
}

describe('audit', () => {
  test('lists rows, newest first, and those that fit', async () => {
    const all = await commandLine.jsonLines<AuditRowView>(['audit'])
    expect(all.map(({ action }) => action).slice(0, 3)).toEqual(['accounts.add', 'accounts.add', 'relay.start'])
    expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_, i) => all.length - i))
    expect(all[2]).toMatchObject({
      actor: 'system',
      facts: { folder: expect.stringMatching(/^[0-9a-f]{16}$/) },
    })
    const words = ['audit', '--action', 'accounts', '--actor', 'local', '--text', 'kestrel', '--since', '1h']
    expect((await commandLine.jsonLines<AuditRowView>(words)).map(({ object }) => object)).toEqual(['account kestrel'])
    expect(await commandLine.jsonLines(['audit', '--until', '1h'])).toEqual([])
  })

  test('prints a table, and says when there is more', async () => {
    const { out, err } = await run('audit', '--limit', '1')
    expect(out).toMatch(/^ROW +TIME +ACTOR +ACTION +OBJECT +REASON AND DETAILS\n\d+ .* accounts.add +account kestrel /)
    const cursor = /--cursor (\d+)/.exec(err)?.[1]
    const next = await commandLine.jsonLines<AuditRowView>(['audit', '--limit=1', `--cursor=${cursor}`])
    expect(next.map(({ object }) => object)).toEqual(['account acme'])
  })

  test.each([['--limit=0'], ['--since=sometime']])('refuses %s', async (option) => {
    expect((await run('audit', option)).status).toBe(2)
  })
})

describe('audit place and checkpoint', () => {
  test('a place outside is taken, one inside is refused', async () => {
    expect((await run('audit', 'place')).out).toBe('checkpoints are not exported\n')
    const inside = await run('audit', 'place', join(commandLine.root, 'data', 'mailward'))
    expect([inside.status, inside.err]).toEqual([1, expect.stringContaining('inside the data folder')])
    expect(await commandLine.json(['audit', 'place', outside])).toEqual({ place: outside, problem: null })
    expect(exported().length).toBeGreaterThan(0)
  })

  test('one is signed on demand', async () => {
    const checkpoint = await commandLine.json<Checkpoint>(['audit', 'checkpoint'])
    expect(exported()).toContain(`mailward-checkpoint-${checkpoint.folder}-${checkpoint.sequence}.json`)
  })
})

describe('audit verify', () => {
  test('finds nothing wrong with a good log, whatever form checkpoints have', async () => {
    const lines = join(outside, 'lines.jsonl')
    writeFileSync(
      lines,
      `${exported()
        .map((name) => readFileSync(join(outside, name), 'utf8'))
        .join('')}{"cut sh`,
    )
    const one = join(outside, exported()[0]!)
    const options = [outside, lines, one].flatMap((path) => ['--checkpoint', path])
    const { status, out, err } = await run('audit', 'verify', ...options)
    expect([status, out]).toEqual([
      0,
      expect.stringMatching(/^\d+ rows, 0 of them erased, \d+ checkpoints, 0 receipts; head /),
    ])
    expect(err).toMatch(/lines.jsonl, line \d+: no checkpoint, passed over/)
  })

  test('names what is wrong, a line a finding, with status 1', async () => {
    const good = await commandLine.json<Checkpoint>(['audit', 'checkpoint'])
    const bad = join(outside, 'bad.json')
    writeFileSync(bad, JSON.stringify({ ...good, sequence: 1 }, undefined, 2))
    const { status, out, err } = await run('audit', 'verify', '--checkpoint', bad)
    expect([status, out.split('\n')[0]]).toEqual([1, expect.stringMatching(/^bad checkpoint: .*\(row 1\)/)])
    expect(err).toMatch(/^mailward: 1 finding: /)
    const told = await run('audit', 'verify', '--json', '--checkpoint', bad)
    expect([told.status, (JSON.parse(told.out) as VerificationResult).findings]).toMatchObject([
      1,
      [{ kind: 'bad checkpoint' }],
    ])
  })

  test('refuses a file that holds no checkpoint, or is none', async () => {
    const empty = join(outside, 'empty.json')
    writeFileSync(empty, '{}')
    expect(await run('audit', 'verify', '--checkpoint', empty)).toMatchObject({
      status: 1,
      err: expect.stringContaining('no checkpoint'),
    })
    expect(await run('audit', 'verify', '--checkpoint', '/nowhere')).toMatchObject({
      status: 1,
      err: expect.stringContaining('ENOENT'),
    })
  })
})

describe('audit erase', () => {
  test('erases rows, with a reason', async () => {
    const before = await commandLine.jsonLines<AuditRowView>(['audit', '--action', 'accounts.add'])
    const added = before.map(({ sequence }) => String(sequence))
    expect((await run('audit', 'erase', '2')).status).toBe(2)
    expect((await run('audit', 'erase', 'two', '--reason', 'x')).status).toBe(2)
    expect((await run('audit', 'erase', ...added, '--reason', 'asked for by letter')).out).toBe('2 rows erased\n')
    expect((await run('audit', 'erase', ...added, '--reason', 'again')).status).toBe(1)
    const rows = await commandLine.jsonLines<AuditRowView>(['audit', '--action', 'accounts.add'])
    expect(rows.map(({ actor, object }) => [actor, object])).toEqual([
      [null, null],
      [null, null],
    ])
    expect(await commandLine.json<VerificationResult>(['audit', 'verify'])).toMatchObject({ ok: true, erased: 2 })
  })
})

describe('audit export', () => {
  test('writes a new file, and overwrites none', async () => {
    const path = join(commandLine.root, 'export.jsonl')
    const told = await commandLine.json<{ rows: number }>(['audit', 'export', path])
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
    expect(JSON.parse(lines[0]!)).toMatchObject({ type: 'log', format: 'mailward-audit-1', rows: told.rows })
    expect(lines.filter((line) => line.startsWith('{"type":"row"'))).toHaveLength(told.rows)
    const again = await run('audit', 'export', path)
    expect([again.status, again.err]).toEqual([1, expect.stringContaining('is not overwritten')])
    expect(readFileSync(path, 'utf8').trimEnd().split('\n')).toEqual(lines)
    expect(await commandLine.jsonLines<AuditRowView>(['audit', '--action=audit.export'])).toHaveLength(1)
  })
})

test('audit replay-draws finds nothing wrong with no draws', async () => {
  const { status, out } = await run('audit', 'replay-draws')
  expect([status, out]).toEqual([0, '0 blocks recomputed: 0 stored, 0 withheld from trusted accounts; 0 still open\n'])
})

test('a log whose relay was killed verifies against what was exported, and does not tell of a stop', async () => {
  await run('account', 'add', 'last', '--contact', 'ops@last.example')
  const ended = new Promise((done) => served.process.on('exit', done))
  served.process.kill('SIGKILL')
  await ended
  served = await serve(commandLine)
  const verdict = await commandLine.json<VerificationResult>(['audit', 'verify', '--checkpoint', outside])
  expect(verdict).toMatchObject({ ok: true, findings: [] })
  expect(await commandLine.jsonLines(['audit', '--action', 'relay.stop'])).toEqual([])
  expect(await commandLine.jsonLines(['audit', '--action', 'relay.start'])).toHaveLength(2)
})
