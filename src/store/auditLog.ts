/** The audit log in the words of the model. Times are milliseconds of Unix time, hashes SHA-256 in hex. */

export interface AuditEntry {
  at: number
  /** e-mail of the person, or `system`, `local` (the owner of the data folder, on the command line) */
  actor: string
  action: string
  object: string
  reason: string
  details: Record<string, unknown>
  /** no personal data: ids, counts, hashes. Part of the chain itself, never erased */
  facts?: Record<string, unknown>
}

/** A row as people read it; actor, object, reason and details are undefined once they were erased. */
export interface AuditRow {
  /** 1, 2, … without a gap */
  sequence: number
  at: number
  action: string
  facts: Record<string, unknown>
  actor: string | undefined
  object: string | undefined
  reason: string | undefined
  details: Record<string, unknown> | undefined
  commitment: string
  hash: string
}

/** A row as it lies in the chain: texts exactly as they were hashed. */
export interface ChainRow {
  sequence: number
  at: number
  action: string
  facts: string | null
  personal: string | null
  commitment: string
  hash: string
}

export interface AuditFilter {
  since?: number | undefined
  /** exclusive */
  until?: number | undefined
  /** an action such as `accounts.add`, or its first part: `accounts` */
  action?: string | undefined
  actor?: string | undefined
  /** part of object, reason or details; case does not matter */
  text?: string | undefined
}

export interface SignedCheckpoint {
  /** id of the data folder */
  folder: string
  sequence: number
  /** hash of the row with that sequence */
  head: string
  at: number
  /** Ed25519, SPKI PEM */
  publicKey: string
  /** Ed25519 over folder, sequence, head and at (see signedText), base64 */
  signature: string
}

export interface AuditFinding {
  kind:
    | 'broken row'
    | 'missing row'
    | 'missing tail'
    | 'replaced'
    | 'rolled back'
    | 'bad checkpoint'
    | 'bad receipt'
    | 'missing receipt'
  /** the first row it is about; undefined when it is about the whole log */
  sequence: number | undefined
  text: string
}

export interface VerificationResult {
  rows: number
  head: string
  /** rows whose personal part was erased, and that verify all the same */
  erased: number
  /** checkpoints compared */
  checkpoints: number
  receipts: number
  /** none: all is well */
  findings: AuditFinding[]
}

export interface SamplingReplayResult {
  /** blocks that are closed and were recomputed */
  blocks: number
  stored: number
  withheld: number
  open: number
  /** in words, naming account, block and what is wrong */
  findings: string[]
}

export interface AuditLog {
  append(entry: AuditEntry): Promise<void>
  head(): Promise<{ entries: number; head: string }>
  /** Newest first; `next` goes on where the page ended. */
  list(
    filter: AuditFilter,
    limit: number,
    cursor: string | undefined,
  ): Promise<{ rows: AuditRow[]; next: string | undefined }>
  /** Rows of the chain after a sequence, oldest first. */
  rows(after: number, limit: number): Promise<ChainRow[]>
  /** The key that receipts and checkpoints are signed with; made when there is none yet. */
  publicKey(): Promise<string>
  /** Signs the present state and keeps the checkpoint. A state that has one already gets no second. */
  checkpoint(folder: string, at: number): Promise<SignedCheckpoint>
  /** Kept checkpoints, newest first. */
  checkpoints(limit: number): Promise<SignedCheckpoint[]>
  /** Checks every row, receipt and checkpoint: kept ones, and those from outside the data folder. */
  verify(folder: string, outside: SignedCheckpoint[]): Promise<VerificationResult>
  /** Compares checkpoints from outside with the rows they speak of, without going through the log. */
  compare(folder: string, outside: SignedCheckpoint[]): Promise<AuditFinding[]>
  /** Recomputes every closed block of the sampling draw, and looks whether the samples are those that were drawn. */
  replayDraws(now: number): Promise<SamplingReplayResult>
  /** Erases the personal part of rows; one row more says which and why. Returns how many had one. */
  erase(sequences: number[], erasure: { at: number; actor: string; reason: string }): Promise<number>
}
