/**
 * `/package/TOKEN`: hands a package to whoever has the link. Nobody logs in for it: the token is the key to the door,
 * the passphrase, told another way, the one to the content.
 */

import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { DataExports } from '../../privacy/exports/exports.ts'
import { sayText } from './answers.ts'

const PATH = /^\/package\/([A-Za-z0-9_-]{22})$/

/** Whether a path is that of a package. */
export function isExportPath(pathname: string): boolean {
  return pathname.startsWith('/package/')
}

/** Answers a download. What a link scanner asks with HEAD is not counted. */
export async function sendExport(
  dataExports: Pick<DataExports, 'take'>,
  pathname: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('cache-control', 'no-store')
  response.setHeader('x-content-type-options', 'nosniff')
  response.setHeader('x-robots-tag', 'noindex')
  if (request.method !== 'GET') {
    response.setHeader('allow', 'GET')
    return sayText(response, 405, 'only GET is possible here')
  }
  const token = PATH.exec(pathname)?.[1]
  const taken = token === undefined ? undefined : await dataExports.take(token)
  if (!taken) return sayText(response, 404, 'this link leads nowhere, or has expired: ask for a new one')
  response.writeHead(200, {
    'content-type': 'application/zip',
    'content-length': taken.bytes,
    'content-disposition': `attachment; filename="request-${taken.request}.zip"`,
  })
  await pipeline(Readable.from(taken.content), response)
}
