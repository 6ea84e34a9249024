/** The command line's way to a running relay: its control socket, found through `control.json` in the data folder. */

import { readFile } from 'node:fs/promises'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import type { ContractRouterClient } from '@orpc/contract'
import { z } from 'zod'
import type { contract } from '../contract/index.ts'
import { defaultDataFolder } from '../model/defaultPaths.ts'
import { Failure } from './failure.ts'

export type Client = ContractRouterClient<typeof contract>

const cardShape = z.object({ socket: z.string(), secret: z.string() })
type Card = z.infer<typeof cardShape>

/** The data folder that is meant: the one named, else the platform's. */
export function dataFolder(named: string | undefined): string {
  const { platform, env: environment } = process
  return resolve(named ?? defaultDataFolder({ platform, environment, home: homedir() }))
}

function notRunning(folder: string): Failure {
  return new Failure(`no relay is running on ${folder}: start it with mailward serve, or name its folder with --data`)
}

async function readManifest(folder: string): Promise<Card> {
  const file = join(folder, 'control.json')
  const text = await readFile(file, 'utf8').catch((fault: NodeJS.ErrnoException) => {
    if (fault.code === 'EACCES') throw new Failure(`${file} belongs to another user: call as the owner of the relay`)
    throw notRunning(folder)
  })
  return cardShape.parse(JSON.parse(text))
}

function send(card: Card, request: Request, body: Buffer): Promise<IncomingMessage> {
  return new Promise((answered, failed) => {
    const { pathname, search } = new URL(request.url)
    const headers = { ...Object.fromEntries(request.headers), authorization: `Bearer ${card.secret}` }
    const { signal, method } = request
    const outgoing = httpRequest({ socketPath: card.socket, path: pathname + search, method, headers, signal })
    outgoing.on('response', answered)
    outgoing.on('error', failed)
    outgoing.end(body)
  })
}

/**
 * Reads what the running relay has under a path besides its calls, such as a package.
 * Rejects with Failure when no relay is running, or it has nothing there.
 */
export async function download(folder: string, path: string): Promise<IncomingMessage> {
  const message = await send(await readManifest(folder), new Request(`http://relay${path}`), Buffer.alloc(0))
  if (message.statusCode === 200) return message
  message.resume()
  throw new Failure(`the relay has nothing there any more (${message.statusCode}): try again`)
}

function headersOf(message: IncomingMessage): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(message.headers)) if (value !== undefined) headers.set(name, String(value))
  return headers
}

/** `fetch` over the control socket. Bodies of answers are streamed, for `--follow`. */
function socketFetch(card: Card, folder: string) {
  return async (request: Request): Promise<Response> => {
    const message = await send(card, request, Buffer.from(await request.arrayBuffer())).catch((fault) => {
      const gone = ['ECONNREFUSED', 'ENOENT', 'ECONNRESET'].includes((fault as NodeJS.ErrnoException).code ?? '')
      throw gone ? notRunning(folder) : fault
    })
    const body = Readable.toWeb(message) as ReadableStream<Uint8Array>
    return new Response(body, { status: message.statusCode ?? 500, headers: headersOf(message) })
  }
}

/** Connects to the relay that runs on a data folder. Rejects with Failure when none does. */
export async function connect(folder: string): Promise<Client> {
  const card = await readManifest(folder)
  return createORPCClient(new RPCLink({ url: 'http://relay/rpc', fetch: socketFetch(card, folder) }))
}
