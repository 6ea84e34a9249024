/**
 * Checks the whole audit log, in slices, so that a search meanwhile does not wait long: receipts, then checkpoints, then
 * the chain, which is read last and therefore knows all that was written until then.
 */

import type { AuditFinding, SignedCheckpoint, VerificationResult } from '../../../auditLog.ts'
import type { Connection } from '../../thread/connection.ts'
import { AuditReader } from '../reader.ts'
import { publicKeyOf } from '../signer.ts'
import { ChainCheck } from './chain.ts'
import { CheckpointCheck } from './checkpoints.ts'
import { ReceiptCheck } from './receipts.ts'

/** Rows a slice: some milliseconds. A signature costs as much as twenty hashes. */
const ROWS = 1000
const SIGNATURES = 100

export class Verification {
  private readonly reader: AuditReader
  private readonly receipts: ReceiptCheck
  private readonly checkpoints: CheckpointCheck
  private readonly chain: ChainCheck
  private readonly waiting: SignedCheckpoint[]
  private after = Number.MIN_SAFE_INTEGER
  private stage: 'receipts' | 'checkpoints' | 'chain' = 'receipts'

  constructor(main: Connection, folder: string, outside: SignedCheckpoint[]) {
    const identity = { folder, publicKey: publicKeyOf(main) }
    this.reader = new AuditReader(main)
    this.receipts = new ReceiptCheck(main, identity.publicKey)
    this.checkpoints = new CheckpointCheck(main, identity)
    this.chain = new ChainCheck(main, identity)
    this.waiting = distinct([...this.reader.checkpoints(Number.MAX_SAFE_INTEGER), ...outside])
  }

  /** Does the next slice. Returns the verdict when all is done. */
  step(): VerificationResult | undefined {
    if (this.stage === 'receipts') {
      if (!this.receipts.step(SIGNATURES)) this.stage = 'checkpoints'
      return undefined
    }
    if (this.stage === 'checkpoints') {
      for (const checkpoint of this.waiting.splice(0, SIGNATURES)) this.checkpoints.take(checkpoint)
      if (this.waiting.length === 0) this.stage = 'chain'
      return undefined
    }
    const rows = this.reader.rows(this.after, ROWS)
    for (const row of rows) this.chain.take(row)
    this.after = rows.at(-1)?.sequence ?? this.after
    return rows.length === ROWS ? undefined : this.verdict()
  }

  private verdict(): VerificationResult {
    const { rows, head } = this.chain
    const findings = [
      ...this.chain.findings(),
      ...this.checkpoints.findings(),
      ...this.receipts.findings(this.chain.receipts),
    ]
    return {
      rows,
      head,
      erased: this.chain.erasedRows(),
      checkpoints: this.checkpoints.compared,
      receipts: this.receipts.checked,
      findings,
    }
  }
}

/** The same checkpoint may be kept here, exported, and given. */
function distinct(checkpoints: SignedCheckpoint[]): SignedCheckpoint[] {
  return [
    ...new Map(
      checkpoints.map((one) => [
        JSON.stringify([one.folder, one.sequence, one.head, one.at, one.publicKey, one.signature]),
        one,
      ]),
    ).values(),
  ]
}

/** Compares checkpoints with the rows they speak of, and nothing else. */
export function compareCheckpoints(main: Connection, folder: string, outside: SignedCheckpoint[]): AuditFinding[] {
  const check = new CheckpointCheck(main, { folder, publicKey: publicKeyOf(main) })
  for (const checkpoint of outside) check.take(checkpoint)
  return check.findings()
}
