/** Serves the built console as mailward://console/ with its headers, and nothing else from the disk. */

import { readFile } from 'node:fs/promises'
import { extname, resolve, sep } from 'node:path'
import type { Protocol } from 'electron'
import { CONSOLE_ORIGIN, originOf, SCHEME } from '../origin.ts'

/** `wss:` covers relays elsewhere; safety/traffic.ts lets through only the one that is connected to. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self' ws://127.0.0.1:* ws://localhost:* wss:",
  // the frame of an opened sample is written in place, and loads nothing
  "frame-src 'none'",
  "worker-src 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'none'",
].join('; ')

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
}

/** Must run before Electron is ready: makes the scheme a proper origin, as safe as https. */
export function registerScheme(protocol: Protocol): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/** The file an address of the console stands for, or undefined when it leads out of the folder or to no known type. */
export function fileFor(address: string, folder: string): string | undefined {
  if (originOf(address) !== CONSOLE_ORIGIN) return undefined
  const path = decoded(new URL(address).pathname)
  if (path === undefined || /[\0\\]/.test(path)) return undefined
  const file = resolve(folder, `.${path === '/' || path === '' ? '/index.html' : path}`)
  return file.startsWith(folder + sep) && extname(file) in types ? file : undefined
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

function refuse(status: number): Response {
  return new Response(null, { status })
}

async function respond(request: Request, folder: string): Promise<Response> {
  if (request.method !== 'GET') return refuse(405)
  const file = fileFor(request.url, folder)
  if (file === undefined) return refuse(404)
  const content = await readFile(file).catch(() => undefined)
  if (content === undefined) return refuse(404)
  return new Response(new Uint8Array(content), {
    headers: {
      'content-type': types[extname(file)]!,
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    },
  })
}

/** @param folder absolute path of the built console */
export function serveConsole(protocol: Protocol, folder: string): void {
  protocol.handle(SCHEME, (request) => respond(request, folder))
}
