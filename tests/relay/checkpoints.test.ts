/** Checkpoints of a whole relay: where they go, what is refused, what is told when they do not fit. */

import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Checkpoint } from '../../src/contract/audit.ts'
import { startTestRelay, type TestRelay } from './support.ts'

let relay: TestRelay
let outside: string
beforeEach(async () => {
  outside = mkdtempSync(join(tmpdir(), 'mailward-outside-'))
  relay = await startTestRelay()
})
afterEach(async () => {
  await relay.stop()
  rmSync(outside, { recursive: true, force: true })
})

const audit = () => relay.local.audit

function exported(): Checkpoint[] {
  const files = readdirSync(outside).filter((name) => name.startsWith('mailward-checkpoint-'))
  const all = files.map((name) => JSON.parse(readFileSync(join(outside, name), 'utf8')) as Checkpoint)
  return all.sort((a, b) => a.sequence - b.sequence)
}

async function actions(): Promise<string[]> {
  const { rows } = await audit().list({ limit: 1000 })
  return rows.map(({ action }) => action).reverse()
}

test('a folder gets one at once, one on demand, and one at stop that speaks of the last row', async () => {
  await audit().setTarget({ place: outside })
  const before = exported().length
  await relay.local.accounts.add({ name: 'acme', contact: 'ops@acme.example' })
  const taken = await audit().checkpoint()
  expect(exported().length).toBe(before + 1)
  expect(exported().at(-1)).toEqual(taken)
  await relay.restart()
  const last = (await audit().list({ action: 'relay.stop' })).rows[0]!
  expect(exported()).toContainEqual(expect.objectContaining({ sequence: last.sequence, head: last.hash }))
  expect(await audit().verify({})).toMatchObject({ ok: true, findings: [] })
})

test('a file gets one line each, and a state only one', async () => {
  const place = join(outside, 'checkpoints.jsonl')
  await audit().setTarget({ place })
  await audit().checkpoint()
  await audit().checkpoint()
  const lines = readFileSync(place, 'utf8').trimEnd().split('\n')
  const sequences = lines.map((line) => (JSON.parse(line) as Checkpoint).sequence)
  expect(new Set(sequences).size).toBe(sequences.length)
  expect((await audit().checkpoints()).checkpoints.map(({ sequence }) => sequence)).toEqual(
    expect.arrayContaining(sequences),
  )
})

test('a line or file that was cut short by a crash does not spoil the next', async () => {
  const place = join(outside, 'checkpoints.jsonl')
  writeFileSync(place, '{"folder":"00')
  await audit().setTarget({ place })
  expect(readFileSync(place, 'utf8').split('\n')[0]).toBe('{"folder":"00')
  await relay.local.accounts.add({ name: 'acme', contact: 'ops@acme.example' })
  const { folder, sequence } = await audit().checkpoint()
  expect(readFileSync(place, 'utf8')).toContain(`"sequence":${sequence}`)
  writeFileSync(join(outside, `mailward-checkpoint-${folder}-${sequence + 1}.json`), '{"fol')
  await audit().setTarget({ place: outside })
  expect(exported().at(-1)?.sequence).toBe(sequence + 1)
})

test('places that prove nothing are refused, with what to change', async () => {
  const inside = join(outside, 'link')
  symlinkSync(relay.folder, inside)
  const places = [relay.folder, join(relay.folder, 'days'), join(inside, 'x'), 'here', join(outside, 'none', 'x')]
  for (const place of places) {
    await expect(audit().setTarget({ place })).rejects.toMatchObject({
      code: 'REFUSED',
      data: { change: expect.any(String) },
    })
  }
  expect((await audit().checkpoints()).place).toBeNull()
  expect(await actions()).not.toContain('audit.setPlace')
})

test('an export that fails is told of until one succeeds', async () => {
  const folder = join(outside, 'mounted')
  mkdirSync(folder)
  await audit().setTarget({ place: folder })
  rmSync(folder, { recursive: true })
  rmSync(outside, { recursive: true })
  await relay.local.accounts.add({ name: 'acme', contact: 'ops@acme.example' })
  await audit().checkpoint()
  const { token } = await relay.person('admin')
  const failing = async () => {
    const response = await fetch(`${relay.url}/metrics`, { headers: { authorization: `Bearer ${token}` } })
    return /^mailward_audit_checkpoint_export_failing (\d)$/m.exec(await response.text())?.[1]
  }
  expect(await failing()).toBe('1')
  const { problem } = await audit().checkpoints()
  expect(problem).toContain(outside)
  expect((await relay.local.status.get()).notices.map(({ text }) => text)).toContain(problem)
  mkdirSync(folder, { recursive: true })
  await audit().checkpoint()
  expect((await audit().checkpoints()).problem).toBeNull()
  expect(await failing()).toBe('0')
  expect((await relay.local.status.get()).notices).toEqual([])
  expect(readdirSync(folder)).toHaveLength(1)
})

test('a place that is gone is a finding, and no file is made in its stead', async () => {
  const folder = join(outside, 'mounted')
  mkdirSync(folder)
  await audit().setTarget({ place: folder })
  rmSync(folder, { recursive: true })
  const { ok, findings } = await audit().verify({})
  expect(ok).toBe(false)
  expect(findings).toMatchObject([{ kind: 'bad checkpoint', sequence: null }])
  await relay.restart()
  expect((await audit().checkpoints()).problem).toContain('is gone')
  expect(existsSync(folder)).toBe(false)
})

test.skipIf(process.getuid?.() === 0)('a folder nobody may write to is refused (root may)', async () => {
  chmodSync(outside, 0o500)
  await expect(audit().setTarget({ place: outside })).rejects.toMatchObject({ code: 'REFUSED' })
})

test('going elsewhere is told where they went until then', async () => {
  await audit().setTarget({ place: outside })
  const before = exported().at(-1)!.sequence
  await audit().setTarget({ place: null })
  const { rows } = await audit().list({ action: 'audit.setPlace' })
  expect(exported().at(-1)!.sequence).toBeGreaterThanOrEqual(rows[0]!.sequence)
  expect(rows[0]!.sequence).toBeGreaterThan(before)
})

describe('a data folder put back to an older state', () => {
  /** Puts the main database back to what it was at the time of a copy. */
  async function rollBack(further: () => Promise<unknown>): Promise<void> {
    const copy = join(outside, '..', `${outside.split('/').at(-1)}-copy.db`)
    await relay.whileStopped(() => cpSync(join(relay.folder, 'mailward.db'), copy))
    await further()
    await relay.whileStopped(() => cpSync(copy, join(relay.folder, 'mailward.db')))
    rmSync(copy)
  }

  test('is told of at the next start, and named by verification', async () => {
    await audit().setTarget({ place: outside })
    await rollBack(async () => {
      for (const name of ['a', 'b', 'c']) await relay.local.accounts.add({ name, contact: 'ops@acme.example' })
      await audit().checkpoint()
    })
    const { notices } = await relay.local.status.get()
    expect(notices.map(({ text }) => text)).toContainEqual(expect.stringContaining('audit log, missing tail'))
    expect(await actions()).toContain('audit.finding')
    const { ok, findings } = await audit().verify({})
    expect(ok).toBe(false)
    expect(findings[0]?.kind).toBe('rolled back')
  })
})
