/** Whether a path leads into the data folder: keys and proofs that lie there protect nothing. */

import { existsSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path'

/** The path with every link on the way followed, as far as it exists. */
async function realPath(path: string): Promise<string> {
  const parent = dirname(path)
  if (existsSync(path) || parent === path) return realpath(path)
  return join(await realPath(parent), basename(path))
}

/** Whether `path`, which need not exist, is `folder` or lies in it. */
export async function isSubpath(folder: string, path: string): Promise<boolean> {
  const way = relative(await realPath(folder), await realPath(path))
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}
