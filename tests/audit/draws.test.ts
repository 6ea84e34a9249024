/** The replay of the sampling draw: what an honest log says, and every way of cheating. */

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY_MS, keepUntil } from '../../src/model/retention.ts'
import { SamplingReplay } from '../../src/store/sqlite/audit/verify/draws.ts'
import { type Connection, openConnection } from '../../src/store/sqlite/thread/connection.ts'
import type { SamplingReplayResult } from '../../src/store/store.ts'
import { logKey, StoreFixture } from '../support/storeFixture.ts'

const TRUSTED = 2

let fixture: StoreFixture
let database: Connection
let honest: SamplingReplayResult

async function submit(account: number, messages: number): Promise<void> {
  const { queue } = fixture.store
  const all = Array.from({ length: messages }, () => fixture.message({ account, credential: 1, body: 'x' }))
  await Promise.all(all.map((message) => queue.accept(message)))
}

beforeAll(async () => {
  fixture = await StoreFixture.open()
  await fixture.store.directory.addAccount({ name: 'kestrel', contact: 'ops@kestrel.example', domains: [] })
  await submit(1, 1)
  await submit(TRUSTED, 1)
  await fixture.reopen(() => {
    const main = openConnection({ path: join(fixture.folder, 'mailward.db'), key: logKey, cacheKiB: 1024 })
    main.exec(`UPDATE account SET trusted = 1 WHERE id = ${TRUSTED}`)
    main.close()
  })
  await submit(1, 2100)
  await submit(TRUSTED, 1100)
  honest = await fixture.store.audit.replayDraws(fixture.time)
  await fixture.store.stop()
  database = openConnection({ path: join(fixture.folder, 'mailward.db'), key: logKey, cacheKiB: 4096 })
})
afterAll(() => {
  database.close()
  rmSync(fixture.folder, { recursive: true, force: true })
})

function replay(now = fixture.time): SamplingReplayResult {
  const check = new SamplingReplay(database, now)
  for (;;) {
    const verdict = check.step()
    if (verdict) return verdict
  }
}

/** What the replay finds after a change that is taken back. */
function foundAfter(sql: string, now?: number): string[] {
  database.exec('BEGIN')
  try {
    expect(database.prepare(sql).run().changes, sql).toBeGreaterThan(0)
    return replay(now).findings
  } finally {
    database.exec('ROLLBACK')
  }
}

/** Rewrites the facts of rows of one block, as somebody who also computes the chain anew could. */
function facts(action: string, block: number, change: string): string {
  return `UPDATE audit SET facts = ${change} WHERE action = '${action}' AND facts LIKE '{"account":1,"block":${block},%'`
}

test('an honest log has every closed block, what was stored and what was withheld', () => {
  expect(honest).toMatchObject({ blocks: 3, stored: 2, withheld: 1, findings: [] })
  expect(honest.open).toBe(2)
})

describe('cheating is named with account and block:', () => {
  test('another secret told than was committed to', () => {
    const findings = foundAfter(facts('draw.close', 0, `json_set(facts, '$.secret', '${'00'.repeat(32)}')`))
    expect(findings).toContain('account acme, block 0: its secret is not the one that was committed to')
  })

  test('another position drawn than the secret decides', () => {
    const other = `json_set(facts, '$.position', (json_extract(facts, '$.position') + 1) % 1000)`
    const findings = foundAfter(facts('draw.drawn', 1, other))
    expect(findings[0]).toMatch(/^account acme, block 1: position \d+ was drawn, and the secret decides \d+$/)
  })

  test('no message drawn', () => {
    const findings = foundAfter(
      `DELETE FROM audit WHERE action = 'draw.drawn' AND facts LIKE '{"account":1,"block":0,%'`,
    )
    expect(findings[0]).toBe('account acme, block 0: no message was drawn')
    expect(findings[1]).toMatch(/^account acme, block 0: there is a sample of position \d+ that no draw explains$/)
  })

  test('two messages drawn', () => {
    const findings =
      foundAfter(`INSERT INTO audit SELECT 100000, at, action, personal, commitment, hash, facts FROM audit
      WHERE action = 'draw.drawn' AND facts LIKE '{"account":1,"block":0,%'`)
    expect(findings).toContain('account acme, block 0: 2 messages were drawn')
  })

  test('a block left out', () => {
    const findings = foundAfter(
      `DELETE FROM audit WHERE action LIKE 'draw.%' AND facts LIKE '{"account":1,"block":0,%'`,
    )
    expect(findings).toContain('account acme, block 0: the log does not speak of it')
  })

  test('a block never closed', () => {
    const findings = foundAfter(
      `DELETE FROM audit WHERE action = 'draw.close' AND facts LIKE '{"account":1,"block":0,%'`,
    )
    expect(findings).toEqual(['account acme, block 0: it was never closed, though the next one was begun'])
  })

  test('a block opened twice', () => {
    const findings =
      foundAfter(`INSERT INTO audit SELECT 100000, at, action, personal, commitment, hash, facts FROM audit
      WHERE action = 'draw.open' AND facts LIKE '{"account":1,"block":1,%'`)
    expect(findings).toEqual(['account acme, block 1: it was opened 2 times'])
  })

  test('a block closed early', () => {
    const findings = foundAfter(facts('draw.close', 0, `json_set(facts, '$.messages', 900)`))
    expect(findings).toEqual(['account acme, block 0: it was closed after 900 messages'])
  })

  test('another secret in the block that is open', () => {
    const findings = foundAfter(`UPDATE draw SET secret = zeroblob(32) WHERE account = 1`)
    expect(findings).toEqual(['account acme, block 2: the secret it runs on is not the one that was committed to'])
  })

  test('a sample taken away', () => {
    const findings = foundAfter('DELETE FROM sample WHERE account = 1 AND block = 0')
    expect(findings).toEqual(['account acme, block 0: its sample is missing, and no receipt tells of its destruction'])
  })

  test('a sample nobody drew', () => {
    const findings =
      foundAfter(`INSERT INTO sample SELECT 77, account, block, 999, accepted_at, keep_until, day, size, domains,
      score, flagged, held, content FROM sample WHERE block = 1`)
    expect(findings).toEqual(['account acme, block 1: there is a sample of position 999 that no draw explains'])
  })

  test('a sample of a trusted account', () => {
    const findings = foundAfter(`INSERT INTO sample SELECT json_extract(facts, '$.message'), ${TRUSTED}, 0,
      json_extract(facts, '$.position'), at, at, '2026-11-23', 1, '[]', NULL, 0, 0, NULL FROM audit
      WHERE action = 'draw.drawn' AND facts LIKE '{"account":${TRUSTED},"block":0,%'`)
    expect(findings[0]).toMatch(/^account kestrel, block 0: there is a sample of position \d+ that no draw explains$/)
  })
})

describe('a sample that is gone', () => {
  const gone = 'DELETE FROM sample WHERE account = 1 AND block = 0'

  test('is in order when its time is over', () => {
    const over = keepUntil(fixture.time) + DAY_MS
    expect(foundAfter(gone, over)).toEqual([])
  })

  test('is in order when a receipt tells of it, once', () => {
    database.exec('BEGIN')
    database.exec(`INSERT INTO receipt (kind, headers, samples, bodies, digest, bytes_before, at)
      VALUES ('samples', 0, 1, 0, '', 0, ${fixture.time + 1000})`)
    database.exec(gone)
    expect(replay().findings).toEqual([])
    database.exec('DELETE FROM sample WHERE account = 1 AND block = 1')
    expect(replay().findings).toHaveLength(1)
    database.exec('ROLLBACK')
  })
})
