/**
 * Replays the sampling draw from the audit log alone: every closed block is recomputed from its secret, and the samples
 * that exist are compared with those that were drawn.
 */

import { createHash, createHmac } from 'node:crypto'
import { DAY_MS, dayOf, KEEP_DAYS } from '../../../../model/retention.ts'
import { BLOCK, sampledPosition, samplingText } from '../../../../model/sampling.ts'
import type { SamplingReplayResult } from '../../../auditLog.ts'
import type { Connection } from '../../thread/connection.ts'

/** Rows of the log a slice reads. */
const ROWS = 5000

interface SampledPosition {
  at: number
  position: number
  message: number
  stored: boolean
  /** before a backup was restored, which holds no samples */
  leftBehind: boolean
}

interface Closing {
  secret: string
  messages: number
}

/** What the log says of one block. */
interface BlockStory {
  commitments: string[]
  drawn: SampledPosition[]
  closings: Closing[]
  /** open when a backup was restored: its secret is in none, and the numbering went on with the next block */
  cutOff: boolean
}

interface SamplingRow {
  sequence: number
  at: number
  action: string
  facts: string
}

interface SampleRow {
  message: number
  account: number
  block: number
  position: number
}

interface OpenRow {
  account: number
  block: number
  secret: Uint8Array
}

/** Samples that a receipt says were destroyed. */
interface Destroyed {
  day: string | null
  at: number
  samples: number
}

/** The position a block's secret decides. */
function recompute(secret: Uint8Array, account: number, block: number): number {
  return sampledPosition((round) =>
    createHmac('sha256', secret)
      .update(samplingText(account, block, round))
      .digest(),
  )
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

export class SamplingReplay {
  private readonly main: Connection
  private readonly now: number
  private readonly selectLog
  private readonly selectEnd
  private readonly accounts = new Map<number, Map<number, BlockStory>>()
  private readonly findings: string[] = []
  private after = 0

  /** @param now milliseconds, Unix time: samples whose time is over need not be there */
  constructor(main: Connection, now: number) {
    this.main = main
    this.now = now
    this.selectLog = main.prepare(
      `SELECT sequence, at, action, facts FROM audit
       WHERE sequence > ? AND sequence <= ?
         AND (action >= 'draw.' AND action < 'draw/' OR action = 'custody.restore') ORDER BY sequence`,
    )
    this.selectEnd = main
      .prepare('SELECT max(sequence) FROM (SELECT sequence FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?)')
      .pluck()
  }

  /** Does the next slice. Returns the verdict when all is done. */
  step(): SamplingReplayResult | undefined {
    const end = this.selectEnd.get(this.after, ROWS) as number | null
    if (end === null) return this.verdict()
    for (const row of this.selectLog.all(this.after, end) as SamplingRow[]) this.take(row)
    this.after = end
    return undefined
  }

  private take({ at, action, facts }: SamplingRow): void {
    if (action === 'custody.restore') {
      this.takeRestore()
      return
    }
    const said = JSON.parse(facts) as { account: number; block: number } & Record<string, unknown>
    const story = this.story(said.account, said.block)
    if (action === 'draw.open') story.commitments.push(String(said.commitment))
    if (action === 'draw.close') story.closings.push({ secret: String(said.secret), messages: Number(said.messages) })
    if (action === 'draw.drawn')
      story.drawn.push({
        at,
        position: Number(said.position),
        message: Number(said.message),
        stored: said.stored === true,
        leftBehind: false,
      })
  }

  /** A backup was restored here: samples and the secrets of open blocks stayed behind. */
  private takeRestore(): void {
    for (const blocks of this.accounts.values()) {
      for (const story of blocks.values()) {
        story.cutOff ||= story.closings.length === 0
        for (const one of story.drawn) one.leftBehind = true
      }
    }
  }

  private story(account: number, block: number): BlockStory {
    const blocks = this.accounts.get(account) ?? new Map<number, BlockStory>()
    this.accounts.set(account, blocks)
    const story = blocks.get(block) ?? { commitments: [], drawn: [], closings: [], cutOff: false }
    blocks.set(block, story)
    return story
  }

  private name(account: number): string {
    const name = this.main.prepare('SELECT name FROM account WHERE id = ?').pluck().get(account) as string | undefined
    return name ?? `#${account}`
  }

  private wrong(account: number, block: number, what: string): void {
    this.findings.push(`account ${this.name(account)}, block ${block}: ${what}`)
  }

  private verdict(): SamplingReplayResult {
    let closed = 0
    let open = 0
    const drawn: SampledPosition[] = []
    for (const [account, blocks] of this.accounts) {
      this.checkNumbering(account, blocks)
      for (const [block, story] of blocks) {
        if (story.closings.length === 0) {
          if (!story.cutOff) open += 1
        } else {
          closed += 1
          drawn.push(...story.drawn)
        }
        this.checkStory(account, block, story)
      }
    }
    this.checkOpenBlocks()
    this.checkSamples()
    const stored = drawn.filter((one) => one.stored).length
    return { blocks: closed, stored, withheld: drawn.length - stored, open, findings: this.findings }
  }

  private checkNumbering(account: number, blocks: Map<number, BlockStory>): void {
    const last = Math.max(...blocks.keys())
    for (let block = 0; block <= last; block++) {
      const story = blocks.get(block)
      if (!story) this.wrong(account, block, 'the log does not speak of it')
      else if (block < last && story.closings.length === 0 && !story.cutOff)
        this.wrong(account, block, 'it was never closed, though the next one was begun')
    }
  }

  private checkStory(account: number, block: number, { commitments, drawn, closings }: BlockStory): void {
    const say = (what: string) => this.wrong(account, block, what)
    if (commitments.length === 0) say('it was never opened')
    if (commitments.length > 1) say(`it was opened ${commitments.length} times`)
    if (closings.length > 1) say(`it was closed ${closings.length} times`)
    if (drawn.length > 1) say(`${drawn.length} messages were drawn`)
    const closing = closings[0]
    if (!closing) return
    if (closing.messages !== BLOCK) say(`it was closed after ${closing.messages} messages`)
    if (drawn.length === 0) say('no message was drawn')
    const secret = Buffer.from(closing.secret, 'hex')
    if (sha256(secret) !== commitments[0]) say('its secret is not the one that was committed to')
    const position = recompute(secret, account, block)
    if (drawn[0] && drawn[0].position !== position)
      say(`position ${drawn[0].position} was drawn, and the secret decides ${position}`)
  }

  /** The block an account is in must be the last that was opened, with the secret that was committed to then. */
  private checkOpenBlocks(): void {
    const rows = this.main.prepare('SELECT account, block, secret FROM draw').all() as OpenRow[]
    for (const { account, block, secret } of rows) {
      const story = this.accounts.get(account)?.get(block)
      if (!story?.cutOff && story?.commitments[0] !== sha256(secret))
        this.wrong(account, block, 'the secret it runs on is not the one that was committed to')
    }
  }

  private checkSamples(): void {
    const samples = this.main.prepare('SELECT message, account, block, position FROM sample').all() as SampleRow[]
    const unexplained = new Map(samples.map((sample) => [sample.message, sample]))
    const destroyed = this.main.prepare('SELECT day, at, samples FROM receipt WHERE samples > 0').all() as Destroyed[]
    for (const [account, blocks] of this.accounts) {
      for (const [block, { drawn }] of blocks) {
        for (const one of drawn) {
          const sample = unexplained.get(one.message)
          if (sample && isOf(sample, account, block, one)) unexplained.delete(one.message)
          else if (!sample && one.stored && !one.leftBehind && this.isMissing(one, destroyed))
            this.wrong(account, block, 'its sample is missing, and no receipt tells of its destruction')
        }
      }
    }
    for (const { account, block, position } of unexplained.values())
      this.wrong(account, block, `there is a sample of position ${position} that no draw explains`)
  }

  /** Whether a sample that was stored should still be there. A receipt explains as many samples as it says. */
  private isMissing({ at }: SampledPosition, destroyed: Destroyed[]): boolean {
    if (at + KEEP_DAYS * DAY_MS <= this.now) return false
    const fits = destroyed.filter((one) => one.samples > 0 && one.at >= at)
    const receipt = fits.find(({ day }) => day === dayOf(at)) ?? fits.find(({ day }) => day === null)
    if (!receipt) return true
    receipt.samples -= 1
    return false
  }
}

function isOf(sample: SampleRow, account: number, block: number, drawn: SampledPosition): boolean {
  return drawn.stored && sample.account === account && sample.block === block && sample.position === drawn.position
}
