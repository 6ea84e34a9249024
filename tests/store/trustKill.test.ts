/** A real process killed in the middle of trust changes: what is found after is a whole number of whole decisions. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { openStore } from '../../src/store/index.ts'
import { openConnection } from '../../src/store/sqlite/thread/connection.ts'
import { logKey } from '../support/storeFixture.ts'

interface Killed {
  folder: string
  /** decisions that were acknowledged */
  acknowledged: number
}

/** Starts the process, and kills it so many milliseconds after its n-th acknowledged decision. */
async function kill(after: number, delay: number): Promise<Killed> {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, 'decider.ts')], {
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  const reached = new Promise<void>((done) => {
    createInterface(child.stdout).on('line', (line) => {
      lines.push(line)
      if (lines.length > after) done()
    })
  })
  const closed = once(child, 'close')
  await Promise.race([reached, closed])
  await new Promise((done) => setTimeout(done, delay))
  child.kill('SIGKILL')
  await closed
  return { folder: lines[0]!, acknowledged: lines.length - 1 }
}

/** Messages whose sealed bytes lie in a file of samples. */
function sealedIn(folder: string, main: ReturnType<typeof openConnection>): number[] {
  const days = main.prepare('SELECT day, file FROM sample_key').all() as { day: string; file: Uint8Array }[]
  return days.flatMap(({ day, file }) => {
    const path = join(folder, 'samples', `${day}.db`)
    if (!existsSync(path)) return []
    const database = openConnection({ path, key: file, cacheKiB: 256 })
    const messages = database.prepare('SELECT message FROM sample').pluck().all() as number[]
    database.close()
    return messages
  })
}

interface Found {
  id: number
  decision: 'on' | 'off'
  destroyed: number
  signature: string | null
}

test.each([
  [0, 700],
  [2, 0],
  [3, 90],
  [4, 330],
])('killed after %i decisions and %i ms more', async (after, delay) => {
  const { folder, acknowledged } = await kill(after, delay)
  try {
    const store = await openStore({ folder, logKey, now: Date.now })
    const trusted = store.directory.accountById(1)!.trusted
    await store.stop()
    const main = openConnection({ path: join(folder, 'mailward.db'), key: logKey, cacheKiB: 256 })
    const decisions = main
      .prepare(
        'SELECT trust.id, decision, destroyed, signature FROM trust LEFT JOIN receipt ON receipt.id = trust.receipt ORDER BY trust.id',
      )
      .all() as Found[]
    expect(decisions.length).toBeGreaterThanOrEqual(acknowledged)
    expect(trusted).toBe(decisions.at(-1)?.decision === 'on')
    for (const { destroyed, signature } of decisions) expect(signature === null).toBe(destroyed === 0)
    const count = (sql: string) => main.prepare(sql).pluck().get() as number
    expect(count("SELECT count(*) FROM audit WHERE action = 'trust.decide'")).toBe(decisions.length)
    const receipts = count('SELECT count(*) FROM receipt')
    expect(count("SELECT count(*) FROM audit WHERE action = 'retention.receipt'")).toBe(receipts)
    expect(decisions.filter(({ destroyed }) => destroyed > 0)).toHaveLength(receipts)
    const listed = main.prepare('SELECT message FROM sample').pluck().all() as number[]
    for (const message of sealedIn(folder, main)) expect(listed).toContain(message)
    main.close()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
