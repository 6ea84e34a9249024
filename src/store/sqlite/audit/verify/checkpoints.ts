/** Compares signed checkpoints with the log: what they speak of must be there, unchanged. */

import type { AuditFinding, SignedCheckpoint } from '../../../auditLog.ts'
import type { Connection } from '../../thread/connection.ts'
import { checkpointText } from '../maintenance.ts'
import { isSigned } from '../signer.ts'
import type { Identity } from './chain.ts'

function named({ at, sequence }: SignedCheckpoint): string {
  return `the checkpoint of ${new Date(at).toISOString()} (row ${sequence})`
}

export class CheckpointCheck {
  compared = 0
  private readonly identity: Identity
  private readonly selectHash
  private readonly selectEnd
  private readonly selectRestore
  private readonly wrong: AuditFinding[] = []
  /** of this log by signature, but of another row */
  private readonly differing: SignedCheckpoint[] = []
  private readonly beyond: SignedCheckpoint[] = []
  private readonly agreeing: number[] = []

  constructor(database: Connection, identity: Identity) {
    this.identity = identity
    this.selectHash = database.prepare('SELECT hash FROM audit WHERE sequence = ?').pluck()
    this.selectRestore = database
      .prepare("SELECT sequence FROM audit WHERE action = 'custody.restore' AND at >= ? ORDER BY sequence LIMIT 1")
      .pluck()
    this.selectEnd = database.prepare('SELECT sequence, at FROM audit ORDER BY sequence DESC LIMIT 1')
  }

  take(checkpoint: SignedCheckpoint): void {
    this.compared += 1
    const refusal = this.refusal(checkpoint)
    if (refusal) {
      this.wrong.push(refusal)
      return
    }
    const hash = checkpoint.sequence === 0 ? '' : (this.selectHash.get(checkpoint.sequence) as string | undefined)
    if (hash === checkpoint.head) this.agreeing.push(checkpoint.sequence)
    else if (hash !== undefined) this.differing.push(checkpoint)
    else this.beyond.push(checkpoint)
  }

  findings(): AuditFinding[] {
    return [...this.refused(), ...this.rolledBack(), ...this.cutOff()]
  }

  private refusal(checkpoint: SignedCheckpoint): AuditFinding | undefined {
    const { folder, publicKey } = this.identity
    const { sequence } = checkpoint
    if (!isSigned(checkpointText(checkpoint), checkpoint.signature, checkpoint.publicKey))
      return { kind: 'bad checkpoint', sequence, text: `${named(checkpoint)} is not signed by the key it names` }
    if (checkpoint.folder !== folder) {
      const text = `${named(checkpoint)} is of data folder ${checkpoint.folder}, and this is ${folder}`
      return { kind: 'replaced', sequence, text }
    }
    if (checkpoint.publicKey.trim() !== publicKey?.trim()) {
      const text = `${named(checkpoint)} is signed with another key than this log's: the log is not the one it was`
      return { kind: 'replaced', sequence, text }
    }
    return undefined
  }

  /** The first of each kind; the others are counted. */
  private refused(): AuditFinding[] {
    return ['bad checkpoint', 'replaced'].flatMap((kind) => {
      const all = this.wrong.filter((finding) => finding.kind === kind)
      const [first] = all
      if (!first) return []
      const more = all.length === 1 ? '' : `; so with ${all.length - 1} more`
      return [{ ...first, text: first.text + more }]
    })
  }

  private rolledBack(): AuditFinding[] {
    const first = this.differing.sort((a, b) => a.sequence - b.sequence)[0]
    if (!first) return []
    return [{ kind: 'rolled back', sequence: first.sequence, text: this.otherwise(first) }]
  }

  private otherwise(checkpoint: SignedCheckpoint): string {
    const last = Math.max(0, ...this.agreeing.filter((sequence) => sequence < checkpoint.sequence))
    const since = last === 0 ? 'no earlier checkpoint agrees' : `the last that agrees is of row ${last}`
    return `${named(checkpoint)} speaks of another row: the log was put back and went on differently; ${since}${this.restoredAfter(checkpoint)}`
  }

  /** A backup that was restored is an older log, too; who may do that is for people to judge. */
  private restoredAfter({ at }: SignedCheckpoint): string {
    const sequence = this.selectRestore.get(at) as number | undefined
    return sequence === undefined ? '' : `; row ${sequence} tells of a backup that was restored`
  }

  /** Checkpoints of rows that are not there: the end is cut off, or an older log was put back and went on. */
  private cutOff(): AuditFinding[] {
    const last = this.beyond.sort((a, b) => b.sequence - a.sequence)[0]
    if (!last) return []
    const end = (this.selectEnd.get() as { sequence: number; at: number } | undefined) ?? { sequence: 0, at: 0 }
    if (last.sequence <= end.sequence) return []
    const sequence = end.sequence + 1
    const missing = `the log ends at row ${end.sequence}, and ${named(last)} speaks of ${last.sequence - end.sequence} more`
    if (end.at <= last.at) return [{ kind: 'missing tail', sequence, text: missing }]
    const text = `${missing}, though row ${end.sequence} is later: an older log was put back and went on${this.restoredAfter(last)}`
    return [{ kind: 'rolled back', sequence, text }]
  }
}
