/** The OpenAPI document, generated from the contract, so that it cannot say anything else. */

import { OpenAPIGenerator } from '@orpc/openapi'
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4'
import { contract } from '../../contract/index.ts'
import { version } from '../host/version.ts'

/** Live streams have no place in OpenAPI: they are for the console's connection. */
const streams = new Set(['messages.tail', 'status.watch'])

/** The document as a JSON text. Paths are relative to `/api`. */
export async function openApiDocument(): Promise<string> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] })
  const document = await generator.generate(contract, {
    info: { title: 'Mailward', version },
    servers: [{ url: '/api' }],
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    security: [{ bearer: [] }],
    filter: ({ path }) => !streams.has(path.join('.')),
  })
  return JSON.stringify(document)
}
