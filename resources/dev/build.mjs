/**
 * Builds everything into out/. With --if-stale only when a source is newer than the last complete build.
 * Run by npm scripts, which put the Node that came with the checkout first in PATH.
 */

import './node-version.mjs'
import { spawnSync } from 'node:child_process'
import { readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const stamp = join(root, 'out/complete')
const sources = ['src', 'electron.vite.config.ts', 'package.json', 'package-lock.json']

function newest(path) {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), stat.mtimeMs)
}

/** Whether out/ is missing, unfinished or older than what it is made of. */
export function isStale() {
  const built = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs
  return built === undefined || sources.some((path) => newest(join(root, path)) > built)
}

/** Builds; ends the process when that fails. */
export function build() {
  const startedAt = new Date()
  rmSync(stamp, { force: true })
  const program = join(root, 'node_modules/electron-vite/bin/electron-vite.js')
  const done = spawnSync(process.execPath, [program, 'build', '--logLevel', 'warn'], { cwd: root, stdio: 'inherit' })
  if (done.status !== 0) {
    console.error('The build failed; what it said stands above.')
    process.exit(done.status ?? 1)
  }
  writeFileSync(stamp, '')
  // a source saved while the build ran is newer than the build
  utimesSync(stamp, startedAt, startedAt)
}

if (process.argv[1] === import.meta.filename && (!process.argv.includes('--if-stale') || isStale())) {
  console.log('Building …')
  build()
}
