/** Acts of people: what is done and its entry in the audit log are one transaction, so that neither is without the other. */

import type { AuditEntry } from '../../auditLog.ts'
import type { AuditWriter } from '../audit/writer.ts'

export interface AuditedAct {
  operation: string
  argument: unknown
  entry: AuditEntry
}

/** Operations that answer undefined when they refuse; the others answer false, or cannot refuse. */
const making: ReadonlySet<string> = new Set(['addAccount', 'addCredential', 'addUser', 'acceptInvitation'])

function isRefused(operation: string, result: unknown): boolean {
  return result === false || (result === undefined && making.has(operation))
}

/** Runs an operation and appends its entry, unless the operation refused. To be called inside a transaction. */
export function audited(
  operations: Record<string, (argument: never) => unknown>,
  audit: AuditWriter,
  { operation, argument, entry }: AuditedAct,
): unknown {
  const run = operations[operation]
  if (!run) throw new Error(`the writer knows no operation ${operation}`)
  const result = run(argument as never)
  if (isRefused(operation, result)) return result
  const made = (result as { id?: number } | undefined)?.id
  audit.append({ ...entry, object: made === undefined ? entry.object : entry.object.replace('{id}', String(made)) })
  return result
}
