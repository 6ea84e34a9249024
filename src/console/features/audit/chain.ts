/** Rows of the audit log as they lie in the chain, and the same arithmetic the relay does, done in the browser. */

import type { InferContractRouterOutputs } from '@orpc/contract'
import type { contract } from '../../../contract/index.ts'

/** A row as hashed. */
export type ChainRow = InferContractRouterOutputs<typeof contract>['audit']['rows']['rows'][number]

/** Who, on what and why; erasable. */
export interface PersonalPart {
  actor: string
  object: string
  reason: string
  details: Record<string, unknown>
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** The personal part of a row; undefined when it was erased, or is none. */
export function personalOf({ personal }: ChainRow): PersonalPart | undefined {
  const value = personal === null ? undefined : parse(personal)
  if (!isRecord(value)) return undefined
  const written = (part: unknown): string => (typeof part === 'string' ? part : '')
  return {
    actor: written(value.actor),
    object: written(value.object),
    reason: written(value.reason),
    details: isRecord(value.details) ? value.details : {},
  }
}

/** The facts of a row; empty when it has none. */
export function factsOf({ facts }: ChainRow): Record<string, unknown> {
  const value = facts === null ? undefined : parse(facts)
  return isRecord(value) ? value : {}
}

async function sha256(content: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(content))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

export type Recomputed = 'agrees' | 'agreesErased' | 'wrongHash' | 'wrongCommitment'

/**
 * Recomputes a row's commitment and hash.
 * @param previous hash of the row before; empty for the first
 * @returns undefined where the browser offers no SHA-256 (a page that is neither local nor over TLS)
 */
export async function recompute(row: ChainRow, previous: string): Promise<Recomputed | undefined> {
  if (!globalThis.crypto?.subtle) return undefined
  const { sequence, at, action, facts, commitment } = row
  const parts =
    facts === null ? [previous, sequence, at, action, commitment] : [previous, sequence, at, action, facts, commitment]
  if ((await sha256(JSON.stringify(parts))) !== row.hash) return 'wrongHash'
  if (row.personal === null) return 'agreesErased'
  return (await sha256(row.personal)) === commitment ? 'agrees' : 'wrongCommitment'
}
