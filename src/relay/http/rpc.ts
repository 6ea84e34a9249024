/** The API over each kind of connection: one router, one way of reporting faults. */

import { SmartCoercionPlugin } from '@orpc/json-schema'
import { OpenAPIHandler } from '@orpc/openapi/node'
import { ORPCError, onError } from '@orpc/server'
import { RPCHandler as PortHandler } from '@orpc/server/message-port'
import { BodyLimitPlugin, RPCHandler } from '@orpc/server/node'
import { RPCHandler as SocketHandler } from '@orpc/server/ws'
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4'
import { errorFields } from '../../base/errorFields.ts'
import type { Log } from '../../mta/ports.ts'
import type { RelayRouter } from '../api/router.ts'

/** Largest request, in bytes. No call needs more. */
export const REQUEST_LIMIT = 1024 * 1024

/** What callers do wrong is told to them; what we do wrong goes to the log, without content. */
function report(log: Log, error: unknown): void {
  if (error instanceof ORPCError && error.status < 500) return
  if (error instanceof Error && error.name === 'AbortError') return
  log.error(errorFields(error), 'a call failed')
}

/** A handler for each transport. */
export function createHandlers(router: RelayRouter, log: Log) {
  const told = (error: unknown) => report(log, error)
  const bodyLimit = () => new BodyLimitPlugin({ maxBodySize: REQUEST_LIMIT })
  const coercion = new SmartCoercionPlugin({ schemaConverters: [new ZodToJsonSchemaConverter()] })
  return {
    http: new RPCHandler(router, { interceptors: [onError(told)], plugins: [bodyLimit()] }),
    openApi: new OpenAPIHandler(router, { interceptors: [onError(told)], plugins: [bodyLimit(), coercion] }),
    webSocket: new SocketHandler(router, { interceptors: [onError(told)] }),
    port: new PortHandler(router, { interceptors: [onError(told)] }),
  }
}

export type Handlers = ReturnType<typeof createHandlers>
