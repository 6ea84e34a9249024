/** What the console address answers to each path. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import { errorFields } from '../../base/errorFields.ts'
import { isLoopback } from '../../base/loopback.ts'
import type { Connection, Parts } from '../api/context.ts'
import { isApiToken } from '../auth/sessions.ts'
import { storageProblem } from '../host/storageProblem.ts'
import { peerAddress, sayText } from './answers.ts'
import { bearerToken, cookieToken, sessionOf } from './credentials.ts'
import { isExportPath, sendExport } from './exportDownload.ts'
import { isOwnHost, isSafe, kindOf, originOf } from './guard.ts'
import type { Metrics } from './metrics.ts'
import type { Handlers } from './rpc.ts'
import { answerSession } from './sessionCookie.ts'
import { securityHeaders, sendFile } from './staticFiles.ts'
import { answerUnsubscribe, isUnsubscribe } from './unsubscribe.ts'

export interface ConsoleSite {
  parts: Parts
  handlers: Handlers
  metrics: Metrics
  /** folder of the built console; undefined when it is not built */
  consoleFolder: string | undefined
  openApi: string
}

/** Why a request is not listened to; undefined when it is. */
function objection(request: IncomingMessage, hosts: ReadonlySet<string>): { status: number; text: string } | undefined {
  const { headers, method, socket } = request
  if (!isOwnHost(headers, hosts, socket.localAddress))
    return { status: 421, text: 'this relay does not answer to that host name: start it with --console-host NAME' }
  if (isSafe(method)) return undefined
  const origin = originOf(headers)
  if (origin === 'foreign') return { status: 403, text: 'requests from other sites are refused' }
  if (origin === 'none' && bearerToken(headers) === undefined && cookieToken(headers) !== undefined)
    return { status: 403, text: 'a cookie is taken from the console only: send an Origin, or a bearer token' }
  return undefined
}

async function answerMetrics(site: ConsoleSite, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const token = bearerToken(request.headers)
  const { sessions } = site.parts
  const find = (known: string) => (isApiToken(known) ? sessions.findApiToken(known) : sessions.find(known))
  const known = token !== undefined && (await find(token)) !== undefined
  if (!known && !isLoopback(peerAddress(request)))
    return sayText(response, 401, 'metrics are for this machine, or with a bearer token')
  response.writeHead(200, { 'content-type': site.metrics.contentType, 'cache-control': 'no-store' })
  response.end(await site.metrics.render())
}

async function answerFile(
  site: ConsoleSite,
  pathname: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!isSafe(request.method)) return sayText(response, 405, 'only GET and HEAD are possible here')
  if (site.consoleFolder === undefined) return sayText(response, 503, 'the console is not built: run npm run build')
  if (!(await sendFile(site.consoleFolder, pathname, request, response)))
    sayText(response, 404, 'there is no such page')
}

/** Scripts that hold a token use /api; the cookie is for the console's own calls only, and never holds an API token. */
function connectionOf(request: IncomingMessage, isApi: boolean): Connection {
  const { headers } = request
  const place = { address: peerAddress(request), kind: kindOf(headers), local: false }
  const bearer = bearerToken(headers)
  if (bearer !== undefined && isApiToken(bearer)) return { ...place, session: undefined, apiToken: bearer }
  return { ...place, session: isApi ? bearer : sessionOf(headers) }
}

/** Whether mail is accepted, and if not, why. */
function sayReadiness({ store }: Parts, response: ServerResponse): void {
  const problem = storageProblem(store.storage())
  sayText(response, problem === undefined ? 200 : 503, problem ?? 'ok')
}

async function answer(
  site: ConsoleSite,
  hosts: ReadonlySet<string>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value)
  const { pathname } = new URL(request.url ?? '/', 'http://relay')
  if (pathname === '/readyz' || pathname === '/healthz') return sayReadiness(site.parts, response)
  if (pathname === '/livez') return sayText(response, 200, 'ok')
  // its token is all it needs, whatever name and site it comes by
  if (isUnsubscribe(pathname)) return answerUnsubscribe(site.parts.engine.consents, pathname, request, response)
  const problem = objection(request, hosts)
  if (problem) return sayText(response, problem.status, problem.text)
  if (isExportPath(pathname)) return sendExport(site.parts.dataExports, pathname, request, response)
  if (pathname === '/metrics') return answerMetrics(site, request, response)
  if (pathname === '/session') return answerSession(site.parts.sessions, request, response)
  if (pathname === '/api/openapi.json') {
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache' })
    return void response.end(site.openApi)
  }
  const isApi = pathname.startsWith('/api/')
  if (!isApi && !pathname.startsWith('/rpc/')) return answerFile(site, pathname, request, response)
  response.setHeader('cache-control', 'no-store')
  const connection = connectionOf(request, isApi)
  const context = { connection }
  const { matched } = isApi
    ? await site.handlers.openApi.handle(request, response, { prefix: '/api', context })
    : await site.handlers.http.handle(request, response, { prefix: '/rpc', context })
  if (!matched) sayText(response, 404, 'there is no such call')
}

/** Answers one request; never rejects. */
export async function respond(
  site: ConsoleSite,
  hosts: ReadonlySet<string>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await answer(site, hosts, request, response)
  } catch (fault) {
    if (!response.destroyed) site.parts.log.error(errorFields(fault), 'a request failed')
    if (response.headersSent) response.destroy()
    else sayText(response, 500, 'the relay made a mistake: see its log')
  }
}
