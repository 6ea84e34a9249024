/** Reads the product's sources as the architecture check wants them. */

import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Sources } from './architecture.ts'

const root = resolve(import.meta.dirname, '../..')

/** Every TypeScript file under src, by its path from the root with forward slashes. */
export function readSources(): Sources {
  const paths = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => `src/${path.replaceAll('\\', '/')}`)
  return new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]))
}
