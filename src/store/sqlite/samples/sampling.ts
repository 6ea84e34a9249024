/**
 * The draw of samples, in the transaction of the acceptance: a drawn message is never accepted without its sample, and
 * no sample exists without its message. Whatever crashes, the numbering goes on where the last commit left it.
 */

import { createHash, createHmac, randomBytes } from 'node:crypto'
import { dayOf } from '../../../model/retention.ts'
import { BLOCK, sampledPosition, samplingText } from '../../../model/sampling.ts'
import { makeKeyPair, sealSample, wrapDayKey } from '../../seal.ts'
import type { AuditWriter } from '../audit/writer.ts'
import { blindAll } from '../subjects/blindIndex.ts'
import type { Connection } from '../thread/connection.ts'
import type { EncodedMessage } from '../thread/protocol.ts'

/** How many messages of an account may be numbered before it is written down how far the numbering has come. */
const SAVE_EVERY = 256
/** Ids are given out in order, but acceptances may pass each other on their way here: by milliseconds, on a stalled disk by more. */
const OVERTAKING = 10 * 60_000 * 4096

/** Key of the blind index, kept in the settings. */
const BLIND_KEY = 'samples.blindKey'

/** The open block of an account. */
interface Block {
  block: number
  /** messages numbered in it so far */
  taken: number
  position: number
  secret: Uint8Array
  /** id of the latest message numbered */
  lastId: number
  /** messages numbered since this was last written down */
  unsaved: number
}

export interface Place {
  /** 0, 1, … within the account */
  number: number
  sampled: boolean
}

export class Sampling {
  private readonly database: Connection
  private readonly audit: AuditWriter
  private readonly selectBlock
  private readonly saveBlock
  private readonly selectTrusted
  private readonly selectDayKey
  private readonly insertSample
  private readonly insertAddress
  private readonly blocks = new Map<number, Block>()
  private readonly selectNumbered
  private readonly selectSince
  private blindKey: Uint8Array | undefined

  constructor(database: Connection, audit: AuditWriter) {
    this.database = database
    this.audit = audit
    this.selectBlock = database.prepare(
      'SELECT block, taken, position, secret, last_id AS lastId, 0 AS unsaved FROM draw WHERE account = ?',
    )
    this.selectNumbered = database.prepare('SELECT account FROM draw').pluck()
    this.selectSince = database.prepare(
      'SELECT count(*) AS taken, max(id) AS lastId FROM message WHERE id > ? AND account = ? AND number >= ?',
    )
    this.saveBlock = database.prepare(
      'INSERT OR REPLACE INTO draw (account, block, taken, position, secret, last_id) VALUES (?, ?, ?, ?, ?, ?)',
    )
    this.selectTrusted = database.prepare('SELECT trusted FROM account WHERE id = ?').pluck()
    this.selectDayKey = database.prepare('SELECT public FROM sample_key WHERE day = ?').pluck()
    this.insertSample = database.prepare(
      `INSERT INTO sample (message, account, block, position, accepted_at, keep_until, day, size, domains, content)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.insertAddress = database.prepare('INSERT OR IGNORE INTO sample_address (address, message) VALUES (?, ?)')
  }

  /** Numbers a message of an account, and keeps it sealed when it is the drawn one of its block. */
  take(message: EncodedMessage): Place {
    const [id, account, , acceptedAt] = message.message as [number, number, number, number]
    const block = this.block(account, acceptedAt, id)
    const position = block.taken++
    block.lastId = Math.max(block.lastId, id)
    block.unsaved++
    const sampled = position === block.position && this.draw(message, block)
    const place = { number: block.block * BLOCK + position, sampled }
    if (position === block.position) {
      const facts = { account, block: block.block, position, message: id, stored: sampled }
      this.audit.appendSystem(acceptedAt, 'draw.drawn', `account ${account}`, facts)
    }
    if (block.taken === BLOCK) this.close(account, block, acceptedAt)
    return place
  }

  /**
   * Writes down how far the numbering has come where that is due. In between it need not be: the messages say it
   * themselves, and {@link recover} counts them.
   */
  beforeCommit(): void {
    for (const [account, block] of this.blocks) if (block.unsaved >= SAVE_EVERY) this.save(account, block)
  }

  /**
   * Writes down how far every numbering has come: to be called before messages leave live mail. Accounts that have sent
   * nothing since the start, or since a transaction failed, are counted first: their messages are about to go.
   */
  flush(): void {
    for (const account of this.selectNumbered.all() as number[]) {
      if (this.blocks.has(account)) continue
      const block = this.recover(account)
      if (block) this.blocks.set(account, block)
    }
    for (const [account, block] of this.blocks) if (block.unsaved > 0) this.save(account, block)
  }

  /** What was numbered in a transaction that failed is numbered again. */
  rolledBack(): void {
    this.blocks.clear()
    this.blindKey = undefined
  }

  private save(account: number, block: Block): void {
    this.saveBlock.run(account, block.block, block.taken, block.position, block.secret, block.lastId)
    block.unsaved = 0
  }

  private block(account: number, now: number, id: number): Block {
    const known = this.blocks.get(account) ?? this.recover(account)
    const block = known && known.taken < BLOCK ? known : this.open(account, (known?.block ?? -1) + 1, now, id)
    this.blocks.set(account, block)
    return block
  }

  /** The open block as the last commit left it: as written down, and what was numbered after. */
  private recover(account: number): Block | undefined {
    const block = this.selectBlock.get(account) as Block | undefined
    if (!block) return undefined
    const { taken, lastId } = this.selectSince.get(
      block.lastId - OVERTAKING,
      account,
      block.block * BLOCK + block.taken,
    ) as { taken: number; lastId: number | null }
    return { ...block, taken: block.taken + taken, lastId: Math.max(block.lastId, lastId ?? 0), unsaved: taken }
  }

  /** Opens a block: its secret is drawn, and the log says which one before any of its messages is numbered. */
  private open(account: number, block: number, now: number, id: number): Block {
    const secret = randomBytes(32)
    const digest = (round: number) =>
      createHmac('sha256', secret)
        .update(samplingText(account, block, round))
        .digest()
    const commitment = createHash('sha256').update(secret).digest('hex')
    this.audit.appendSystem(now, 'draw.open', `account ${account}`, { account, block, commitment })
    const opened = { block, taken: 0, position: sampledPosition(digest), secret, lastId: id, unsaved: 0 }
    this.save(account, opened)
    return opened
  }

  /** Closes a full block: the secret is told, so that everybody can replay the draw. */
  private close(account: number, full: Block, now: number): void {
    this.save(account, full)
    const { block, taken, secret } = full
    const facts = { account, block, secret: Buffer.from(secret).toString('hex'), messages: taken }
    this.audit.appendSystem(now, 'draw.close', `account ${account}`, facts)
  }

  /** Keeps a drawn message, unless its account is trusted. Returns whether it was kept. */
  private draw(message: EncodedMessage, { block, position }: Block): boolean {
    const [id, account, , acceptedAt, sender, , , size, keepUntil] = message.message as [
      number,
      number,
      number,
      number,
      string,
      string,
      string,
      number,
      number,
    ]
    if (this.selectTrusted.get(account) === 1) return false
    const day = dayOf(acceptedAt)
    const to = message.deliveries.map((delivery) => delivery[2] as string)
    const content = sealSample(this.dayKey(day, acceptedAt), id, day, { from: sender, to, bytes: message.bytes })
    const domains = [...new Set(to.map((address) => address.slice(address.lastIndexOf('@') + 1).toLowerCase()))]
    this.insertSample.run(
      id,
      account,
      block,
      position,
      acceptedAt,
      keepUntil,
      day,
      size,
      JSON.stringify(domains),
      content,
    )
    for (const address of blindAll(this.indexKey(), [sender, ...to], message.bytes)) this.insertAddress.run(address, id)
    return true
  }

  /** The public key a day's samples are sealed to. Its private part is wrapped by the seal key and forgotten. */
  private dayKey(day: string, now: number): Uint8Array {
    const known = this.selectDayKey.get(day) as Uint8Array | null | undefined
    if (known) return known
    const seal = this.database
      .prepare('SELECT id, public FROM seal_key ORDER BY created_at DESC, rowid DESC LIMIT 1')
      .get() as { id: string; public: Uint8Array } | undefined
    if (!seal) throw new Error('there is no seal key: a drawn message cannot be kept, so it is not accepted')
    const pair = makeKeyPair()
    const wrapped = wrapDayKey(seal.public, pair.privateKey, day)
    pair.privateKey.fill(0)
    this.database
      .prepare('INSERT INTO sample_key (day, file, public, wrapped, seal) VALUES (?, ?, ?, ?, ?)')
      .run(day, randomBytes(32), pair.publicKey, wrapped, seal.id)
    this.audit.appendSystem(now, 'samples.day', day, {
      day,
      seal: seal.id,
      publicKey: Buffer.from(pair.publicKey).toString('hex'),
    })
    return pair.publicKey
  }

  private indexKey(): Uint8Array {
    this.blindKey ??= blindKeyOf(this.database) ?? this.makeBlindKey()
    return this.blindKey
  }

  private makeBlindKey(): Uint8Array {
    const key = randomBytes(32)
    this.database
      .prepare('INSERT INTO setting (key, value) VALUES (?, ?)')
      .run(BLIND_KEY, JSON.stringify(key.toString('hex')))
    return key
  }
}

/** The key of the blind index; undefined while there is no sample. */
export function blindKeyOf(database: Connection): Uint8Array | undefined {
  const value = database.prepare('SELECT value FROM setting WHERE key = ?').pluck().get(BLIND_KEY) as string | undefined
  return value === undefined ? undefined : Buffer.from(JSON.parse(value) as string, 'hex')
}
