/** `/session`: a browser's console keeps its session in a cookie no script can read. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { SESSION_MS, type Sessions } from '../auth/sessions.ts'
import { sayText } from './answers.ts'
import { clearCookie, cookieToken, setCookie } from './credentials.ts'
import { originOf } from './guard.ts'

/** Bytes; a token has 43. */
const BODY_LIMIT = 1024

const bodyShape = z.object({ token: z.string().regex(/^[\w-]{1,200}$/) })

async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > BODY_LIMIT) return undefined
  }
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether the browser speaks TLS, to a proxy before us: then the cookie may never travel without. */
function isSecure(request: IncomingMessage): boolean {
  return request.headers.origin?.startsWith('https:') ?? false
}

async function keep(sessions: Sessions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = bodyShape.safeParse(await readBody(request))
  if (!body.success) return sayText(response, 400, 'send {"token": "…"}')
  const { token } = body.data
  if (!(await sessions.find(token))) return sayText(response, 401, 'this session has ended: log in again')
  // the cookie goes at the latest when the session, which is older than it, goes
  response.setHeader('set-cookie', setCookie(token, SESSION_MS, isSecure(request)))
  response.writeHead(204).end()
}

async function forget(sessions: Sessions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const token = cookieToken(request.headers)
  if (token !== undefined) await sessions.end(token)
  response.setHeader('set-cookie', clearCookie())
  response.writeHead(204).end()
}

/** `POST {token}` keeps a session in the cookie, `DELETE` ends it and clears the cookie. For this console's page only. */
export async function answerSession(
  sessions: Sessions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (originOf(request.headers) !== 'own') return sayText(response, 403, 'only the console may do this')
  if (request.method === 'POST') return keep(sessions, request, response)
  if (request.method === 'DELETE') return forget(sessions, request, response)
  return sayText(response, 405, 'POST or DELETE')
}
