/** A data export as others may see it: never its key, nor what is in it. */
export interface ExportView {
  id: number
  /** ISO 8601 UTC, as every time here */
  createdAt: string
  /** destroyed then */
  expiresAt: string
  bytes: number
  records: number
  /** SHA-256 of the file, hex */
  sha256: string
  /** a second user has to review it before it is handed over */
  needsReview: boolean
  builtBy: string
  reviewedBy: string | null
  downloads: number
  /** whether it is still there */
  available: boolean
}
