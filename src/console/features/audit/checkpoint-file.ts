/** Reads checkpoints out of a file: one JSON object, or one a line. */

import type { Checkpoint } from '../../../contract/audit.ts'

const texts = ['folder', 'head', 'at', 'publicKey', 'signature'] as const

function isCheckpoint(value: unknown): value is Checkpoint {
  if (typeof value !== 'object' || value === null) return false
  const fields = value as Record<string, unknown>
  return typeof fields.sequence === 'number' && texts.every((name) => typeof fields[name] === 'string')
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    // a line that was cut short, or a file of another kind
    return undefined
  }
}

/** The checkpoints in a file, in its order; empty when there is none. */
export function readCheckpoints(content: string): Checkpoint[] {
  const whole = parse(content)
  return (whole === undefined ? content.split('\n').map(parse) : [whole]).filter(isCheckpoint)
}
