/** Whatever is changed in the audit log, verification names it. Who tampers here holds the log key and the signing key. */

import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { commitmentOf, hashOf } from '../../src/store/sqlite/audit/chain.ts'
import type { Connection } from '../../src/store/sqlite/thread/connection.ts'
import type { ChainRow, SignedCheckpoint } from '../../src/store/store.ts'
import { entry, Log } from './support.ts'

let log: Log
beforeEach(() => {
  log = new Log(40)
})
afterEach(() => log.close())

/** Computes every row from one on anew, as somebody who knows how does it. */
function rehash(database: Connection, from: number): void {
  const rows = database.prepare('SELECT * FROM audit WHERE sequence >= ? ORDER BY sequence').all(from) as ChainRow[]
  const select = database.prepare('SELECT hash FROM audit WHERE sequence < ? ORDER BY sequence DESC LIMIT 1').pluck()
  let previous = (select.get(from) as string | undefined) ?? ''
  for (const row of rows) {
    const commitment = row.personal === null ? row.commitment : commitmentOf(row.personal)
    previous = hashOf(previous, { ...row, commitment })
    database
      .prepare('UPDATE audit SET commitment = ?, hash = ? WHERE sequence = ?')
      .run(commitment, previous, row.sequence)
  }
}

test('an untouched log has nothing to find', () => {
  const outside = log.checkpoint()
  log.grow(10)
  const { findings, rows, erased, checkpoints } = log.verify([outside])
  expect([findings, rows, erased, checkpoints]).toEqual([[], 50, 0, 1])
})

test('a log of many slices is verified whole', () => {
  log.grow(4100)
  expect(log.verify()).toMatchObject({ rows: 4140, findings: [] })
  log.database.exec("UPDATE audit SET facts = '{}' WHERE sequence = 3000")
  expect(log.found()).toEqual([['broken row', 3000]])
})

describe('a row that was changed is named:', () => {
  const flips: Record<string, string> = {
    at: 'UPDATE audit SET at = at + 1 WHERE sequence = 20',
    action: "UPDATE audit SET action = 'accounts.setDomainz' WHERE sequence = 20",
    facts: "UPDATE audit SET facts = replace(facts, 'number', 'numbes') WHERE sequence = 20",
    'facts taken away': 'UPDATE audit SET facts = NULL WHERE sequence = 20',
    personal: "UPDATE audit SET personal = replace(personal, 'ann', 'bob') WHERE sequence = 20",
    commitment: "UPDATE audit SET commitment = '0' || substr(commitment, 2) || 'a' WHERE sequence = 20",
    hash: "UPDATE audit SET hash = 'z' || substr(hash, 2) WHERE sequence = 20",
    'personal erased in silence': 'UPDATE audit SET personal = NULL WHERE sequence = 20',
  }
  test.each(Object.entries(flips))('%s', (_, sql) => {
    log.database.exec(sql)
    expect(log.found()).toEqual([['broken row', 20]])
  })

  test('the first and the last', () => {
    log.database.exec('UPDATE audit SET at = at + 1 WHERE sequence IN (1, 40)')
    const { findings } = log.verify()
    expect(findings).toEqual([{ kind: 'broken row', sequence: 1, text: expect.stringContaining('1 more after it') }])
  })
})

describe('rows that are not where they were:', () => {
  test('one deleted from the middle', () => {
    log.database.exec('DELETE FROM audit WHERE sequence = 20')
    expect(log.found()).toEqual([['missing row', 20]])
  })

  test('the first ones deleted', () => {
    log.database.exec('DELETE FROM audit WHERE sequence < 4')
    const { findings } = log.verify()
    expect(findings).toEqual([{ kind: 'missing row', sequence: 1, text: 'rows 1 to 3 are missing' }])
  })

  test('some deleted and the others numbered anew', () => {
    log.tamper((database) => {
      database.exec('DELETE FROM audit WHERE sequence BETWEEN 20 AND 22')
      for (let sequence = 23; sequence <= 40; sequence++)
        database.prepare('UPDATE audit SET sequence = ? WHERE sequence = ?').run(sequence - 3, sequence)
    })
    const { findings } = log.verify()
    expect(findings[0]).toMatchObject({ kind: 'missing row', sequence: 20 })
    expect(findings[0]?.text).toContain('3 rows are missing')
  })

  test.each([
    [20, 21],
    [12, 30],
  ])('rows %i and %i swapped', (a, b) => {
    log.tamper((database) => {
      const move = database.prepare('UPDATE audit SET sequence = ? WHERE sequence = ?')
      move.run(1000, a)
      move.run(a, b)
      move.run(b, 1000)
    })
    const { findings } = log.verify()
    expect(findings[0]).toMatchObject({ kind: 'missing row', sequence: a })
    expect(findings[0]?.text).toContain(`in place of row ${a} stands row ${b}`)
  })

  test('one put at an impossible number', () => {
    log.database.exec('UPDATE audit SET sequence = -5 WHERE sequence = 20')
    expect(log.found()).toEqual([
      ['missing row', 20],
      ['broken row', -5],
    ])
  })
})

describe('the end cut off:', () => {
  const cut = (database: Connection) => {
    database.exec('DELETE FROM audit WHERE sequence > 30')
  }

  test('a checkpoint that was kept knows', () => {
    log.checkpoint()
    log.tamper(cut)
    expect(log.found()).toEqual([['missing tail', 31]])
  })

  test('a checkpoint outside knows, when those inside are gone too', () => {
    const outside = log.checkpoint()
    log.tamper((database) => {
      cut(database)
      database.exec('DELETE FROM checkpoint')
    })
    expect(log.found()).toEqual([])
    expect(log.found([outside])).toEqual([['missing tail', 31]])
  })

  test('all of it', () => {
    const outside = log.checkpoint()
    log.database.exec('DELETE FROM audit; DELETE FROM checkpoint')
    expect(log.found([outside])).toEqual([['missing tail', 1]])
  })

  test('cut off and gone on', () => {
    const outside = log.checkpoint()
    log.tamper((database) => {
      cut(database)
      database.exec('DELETE FROM checkpoint')
    })
    log.grow(3)
    expect(log.found([outside])).toEqual([['rolled back', 34]])
  })
})

describe('a forger who computes the whole chain anew', () => {
  test('is found by a checkpoint only', () => {
    const before = log.checkpoint()
    log.grow(10)
    const outside = log.checkpoint()
    log.tamper((database) => {
      database.exec('UPDATE audit SET facts = \'{"number":7}\' WHERE sequence = 45; DELETE FROM checkpoint')
      rehash(database, 45)
    })
    expect(log.found()).toEqual([])
    expect(log.found([before])).toEqual([])
    expect(log.found([before, outside])).toEqual([['rolled back', 50]])
    const { findings } = log.verify([before, outside])
    expect(findings[0]?.text).toContain('the last that agrees is of row 40')
  })

  test('is found by one outside when the ones inside are signed anew, too', () => {
    const outside = log.checkpoint()
    log.tamper((database) => {
      database.exec("UPDATE audit SET facts = '{}' WHERE sequence = 10; DELETE FROM checkpoint")
      rehash(database, 10)
    })
    log.checkpoint()
    expect(log.found()).toEqual([])
    expect(log.found([outside])).toEqual([['rolled back', 40]])
  })
})

describe('an older state put back', () => {
  test('that went on is a rollback', () => {
    const back = log.copy()
    log.grow(10)
    const outside = log.checkpoint()
    back()
    log.grow(15)
    expect(log.found()).toEqual([])
    expect(log.found([outside])).toEqual([['rolled back', 50]])
  })

  test('says so when a restored backup explains it', () => {
    const back = log.copy()
    log.grow(10)
    const outside = log.checkpoint()
    back()
    log.grow(1)
    log.append({ ...entry(0, outside.at + 1000), action: 'custody.restore' })
    const { findings } = log.verify([outside])
    expect(findings).toEqual([
      {
        kind: 'rolled back',
        sequence: 43,
        text: expect.stringContaining('row 42 tells of a backup that was restored'),
      },
    ])
  })

  test('that has not gone on yet lacks its end', () => {
    const back = log.copy()
    log.grow(10)
    const outside = log.checkpoint()
    back()
    expect(log.found([outside])).toEqual([['missing tail', 41]])
  })
})

describe('a log that is another one:', () => {
  test("another folder's database", () => {
    // this folder has an id of its own, and a checkpoint of its own outside
    const own = new Log(30, 'ffeeddccbbaa0099')
    const outside = own.checkpoint('ffeeddccbbaa0099')
    log.checkpoint()
    expect(log.found([outside], 'ffeeddccbbaa0099')).toEqual([
      ['replaced', 1],
      ['replaced', 40],
    ])
    own.close()
  })

  test('the same folder with a log and a key made anew', () => {
    const outside = log.checkpoint()
    const anew = new Log(60)
    expect(anew.found([outside])).toEqual([['replaced', 40]])
    anew.close()
  })

  test('the signing key replaced', () => {
    log.checkpoint()
    const { privateKey } = generateKeyPairSync('ed25519')
    const pem = JSON.stringify(privateKey.export({ type: 'pkcs8', format: 'pem' }))
    log.tamper((database) => database.prepare("UPDATE setting SET value = ? WHERE key = 'signing.key'").run(pem))
    expect(log.found()).toEqual([
      ['replaced', 1],
      ['replaced', 40],
    ])
  })
})

describe('a checkpoint that is not what it says', () => {
  const changes: ((good: SignedCheckpoint) => Partial<SignedCheckpoint>)[] = [
    ({ sequence }) => ({ sequence: sequence - 1 }),
    ({ at }) => ({ at: at + 1 }),
    ({ head }) => ({ head: head.replace(/^./, 'z') }),
    () => ({ folder: 'ffeeddccbbaa0099' }),
    () => ({ signature: '' }),
    () => ({ publicKey: 'none' }),
  ]
  test.each(changes.map((change) => [change]))('%#', (change) => {
    const good = log.checkpoint()
    const bad = { ...good, ...change(good) }
    expect(log.found([bad])).toEqual([['bad checkpoint', bad.sequence]])
  })

  test('is named when it lies in the database', () => {
    log.checkpoint()
    log.database.exec('UPDATE checkpoint SET at = at + 1')
    expect(log.found()).toEqual([['bad checkpoint', 40]])
  })

  test('is refused when a stranger signed it', () => {
    const good = log.checkpoint()
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const text = JSON.stringify([good.folder, good.sequence, good.head, good.at])
    const bytes = sign(null, Buffer.from(text), createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' })))
    const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string
    expect(log.found([{ ...good, publicKey: pem, signature: bytes.toString('base64') }])).toEqual([['replaced', 40]])
  })
})

describe('receipts', () => {
  const deletion = {
    kind: 'retention',
    day: '2026-09-14',
    headers: 7,
    samples: 1,
    bodies: 0,
    digest: 'd',
    bytesBefore: 9,
  } as const
  beforeEach(() => {
    log.receipt(deletion)
    log.receipt({ ...deletion, day: '2026-09-15' })
    log.grow(3)
  })
  const kinds = () => log.verify().findings.map(({ kind, text }) => [kind, Number(/receipt (\d)/.exec(text)?.[1])])

  test('verify', () => {
    expect(log.verify()).toMatchObject({ receipts: 2, findings: [] })
  })

  test('are named when they were changed', () => {
    log.database.exec('UPDATE receipt SET headers = 6 WHERE id = 2')
    expect(kinds()).toEqual([
      ['bad receipt', 2],
      ['bad receipt', 2],
    ])
  })

  test('are named when they are gone', () => {
    log.database.exec('DELETE FROM receipt WHERE id = 1')
    expect(log.found()).toEqual([['missing receipt', 41]])
  })

  test('are named when the log does not speak of them', () => {
    log.receipt({ ...deletion, day: '2026-09-16' })
    log.database.exec('DELETE FROM audit WHERE sequence = 46')
    expect(kinds()).toEqual([['missing row', 3]])
  })

  test('are not expected while the deletion goes on', () => {
    log.database.exec('UPDATE receipt SET signature = NULL WHERE id = 2; DELETE FROM audit WHERE sequence > 41')
    expect(log.verify()).toMatchObject({ receipts: 1, findings: [] })
  })
})

describe('an erasure', () => {
  test('takes what is personal, and the log still verifies', () => {
    const outside = log.checkpoint()
    expect(log.erase([20, 21, 21, 4000])).toBe(2)
    expect(log.verify([outside])).toMatchObject({ findings: [], erased: 2, rows: 41 })
    expect(log.database.prepare('SELECT count(personal) FROM audit WHERE sequence IN (20, 21)').pluck().get()).toBe(0)
  })

  test('of rows that have nothing personal is none', () => {
    expect(log.erase([20])).toBe(1)
    expect(log.erase([20, 4000])).toBe(0)
    expect(log.verify().rows).toBe(41)
  })

  test('that is told of by an earlier row is none', () => {
    log.append({ ...entry(0, 0), action: 'audit.erase', facts: { sequences: [45] } })
    log.grow(10)
    log.database.exec('UPDATE audit SET personal = NULL WHERE sequence = 45')
    expect(log.found()).toEqual([['broken row', 45]])
  })
})
