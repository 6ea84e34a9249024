/**
 * Packages that answer requests for access and portability, as the store keeps track of them. The files lie in
 * `packages/` of the data folder and are the business of who writes them; their keys are kept here, and clearing a key
 * is the deletion. Times are milliseconds of Unix time.
 */

import type { Actor } from './cases.ts'

export interface ExportRecord {
  id: number
  request: number
  /** id: whose own mail it holds, with the addresses it wrote to; undefined where other people are redacted */
  account: number | undefined
  createdAt: number
  /** destroyed then */
  expiresAt: number
  destroyedAt: number | undefined
  bytes: number
  /** header records in it */
  records: number
  /** SHA-256 of the file, hex */
  sha256: string
  /** policy asked for a second person when it was built */
  needsReview: boolean
  builtBy: string
  reviewedBy: string | undefined
  downloads: number
}

/** A file in `packages/` and what opens it. */
export interface ExportFile {
  file: string
  /** 32 bytes */
  key: Uint8Array
}

export interface NewExport extends ExportFile {
  request: number
  account: number | undefined
  expiresAt: number
  bytes: number
  records: number
  sha256: string
  needsReview: boolean
}

/** A package as it was handed over: under a passphrase nobody keeps, behind a link of which a hash is kept. */
export interface HandedExport extends ExportFile {
  bytes: number
  sha256: string
  /** SHA-256 of the link's token, hex */
  linkHash: string
  linkExpires: number
}

/** `gone`: destroyed or expired. `own work`: nobody reviews what they built. `nobody`: the owner of the data folder. */
export type ExportRefusal = 'not found' | 'gone' | 'not reviewed' | 'reviewed' | 'own work' | 'nobody'
export type ExportResult = { ok: true; package: ExportRecord } | { ok: false; refusal: ExportRefusal }

/** What a link leads to. */
export interface LinkedExport extends ExportFile {
  id: number
  request: number
  bytes: number
}

export interface DataExportStore {
  /** Of one request, oldest first; destroyed ones too. */
  list(request: number): Promise<ExportRecord[]>
  get(id: number): Promise<ExportRecord | undefined>
  /** The file it was built into; undefined when it is gone. */
  content(id: number, at: number): Promise<ExportFile | undefined>
  /** Keeps track of a package whose file is written. */
  add(made: NewExport, actor: Actor, at: number): Promise<ExportRecord>
  /** That somebody reads it is written down. */
  read(id: number, actor: Actor, at: number): Promise<ExportResult>
  /** Releases it as the second person: another one than who built it, decided in the writing transaction. */
  review(id: number, note: string, actor: Actor, at: number): Promise<ExportResult>
  /** Makes a link to it; an earlier one ends. Refused until it was reviewed, where policy asked for that. */
  handOver(id: number, handed: HandedExport, actor: Actor, at: number): Promise<ExportResult>
  /** Counts a download. Undefined when the link is unknown, has expired or was used too often. */
  take(linkHash: string, at: number): Promise<LinkedExport | undefined>
  destroy(id: number, actor: Actor, at: number): Promise<ExportResult>
  /** Destroys what has expired; returns how many packages and links that were. */
  expire(at: number): Promise<number>
  /** Files that a package still needs. */
  files(): Promise<string[]>
}

/** Downloads a link is good for: more than a person needs, fewer than a leaked link wants. */
export const MOST_DOWNLOADS = 10
