/**
 * The control socket: the API for the owner of the data folder, used by the command line. Who may read
 * `control.json` in the data folder (its owner only) may call, and counts as an admin.
 */

import { randomBytes, timingSafeEqual } from 'node:crypto'
import { chmod, lstat, mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { errorFields } from '../../base/errorFields.ts'
import type { Log } from '../../mta/ports.ts'
import type { DataExports } from '../../privacy/exports/exports.ts'
import type { Connection } from '../api/context.ts'
import { ConfigError } from '../host/configError.ts'
import { sayText } from './answers.ts'
import { bearerToken } from './credentials.ts'
import { isExportPath, sendExport } from './exportDownload.ts'
import type { Handlers } from './rpc.ts'

/** Bytes a socket's path may have on every system (108 on Linux, 104 on macOS, with the ending zero). */
const LONGEST_PATH = 100

export interface ControlPath {
  /** data folder */
  folder: string
  /** id of the data folder */
  id: string
}

/** A folder of our own for sockets whose path in the data folder would be too long. */
async function socketFolder(): Promise<string> {
  const { uid } = userInfo()
  const folder = join(tmpdir(), `mailward-${uid}`)
  await mkdir(folder, { mode: 0o700, recursive: true })
  const found = await lstat(folder)
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o077) !== 0)
    throw new ConfigError(`${folder} belongs to somebody else or is open to others: remove it`)
  return folder
}

async function socketPath({ folder, id }: ControlPath): Promise<string> {
  // a pipe's name is for everybody to see; what keeps others out is the secret
  if (process.platform === 'win32') return `\\\\.\\pipe\\mailward-${id}-${randomBytes(8).toString('hex')}`
  const path = join(folder, 'control.sock')
  return Buffer.byteLength(path) <= LONGEST_PATH ? path : join(await socketFolder(), `${id}.sock`)
}

function holdsSecret(request: IncomingMessage, secret: string): boolean {
  const given = Buffer.from(bearerToken(request.headers) ?? '')
  const expected = Buffer.from(secret)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

async function respond(
  handlers: Handlers,
  dataExports: DataExports,
  secret: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!holdsSecret(request, secret)) return sayText(response, 401, 'read the secret from control.json')
  const path = request.url ?? '/'
  if (isExportPath(path)) return sendExport(dataExports, path, request, response)
  const connection: Connection = { address: 'local', kind: 'token', local: true, session: undefined }
  const { matched } = await handlers.http.handle(request, response, { prefix: '/rpc', context: { connection } })
  if (!matched) sayText(response, 404, 'there is no such call')
}

/** Opens the control socket. To be called by the one relay that holds the folder's lock: an old socket is removed. */
export async function listenControl(
  place: ControlPath,
  handlers: Handlers,
  dataExports: DataExports,
  log: Log,
): Promise<{ stop(): Promise<void> }> {
  const socket = await socketPath(place)
  const card = join(place.folder, 'control.json')
  const secret = randomBytes(32).toString('base64url')
  const server = createServer((request, response) => {
    respond(handlers, dataExports, secret, request, response).catch((fault) => {
      log.error(errorFields(fault), 'a request on the control socket failed')
      response.destroy()
    })
  })
  if (process.platform !== 'win32') await rm(socket, { force: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(socket, resolve)
  })
  if (process.platform !== 'win32') await chmod(socket, 0o600)
  await rm(card, { force: true })
  await writeFile(card, JSON.stringify({ socket, secret, pid: process.pid }), { mode: 0o600 })
  return {
    async stop() {
      await rm(card, { force: true })
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}
