/**
 * Every check that needs no running product: types, format and lint, promises, rooms and arrows, unused code, and that
 * documents and command line name what exists.
 * Runs all of them even when one fails, so that one run names everything. `npm run check -- types lint` runs some.
 */

import './node-version.mjs'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

/** Every folder with a tsconfig.json is checked by itself, with only the globals its room has. */
function projects() {
  const rooms = readdirSync(join(root, 'src')).map((room) => `src/${room}`)
  const folders = [...rooms, 'tests', 'bench'].filter((path) => existsSync(join(root, path, 'tsconfig.json')))
  return [...folders, 'tsconfig.tools.json']
}

function run(program, ...parameters) {
  const windows = process.platform === 'win32'
  const path = join(root, 'node_modules/.bin', program + (windows ? '.cmd' : ''))
  return spawnSync(path, parameters, { cwd: root, stdio: 'inherit', shell: windows }).status === 0
}

function node(...parameters) {
  return spawnSync(process.execPath, parameters, { cwd: root, stdio: 'inherit' }).status === 0
}

const checks = {
  types: () =>
    projects()
      .map((project) => run('tsc', '-p', project))
      .every(Boolean),
  format: () => run('biome', 'check'),
  lint: () => run('oxlint', '--type-aware'),
  architecture: () => node('tests/architecture/check.ts'),
  unused: () => run('knip'),
  documents: () =>
    run(
      'vitest',
      'run',
      'tests/architecture/documents.test.ts',
      'tests/architecture/authority.test.ts',
      'tests/cli/names.test.ts',
    ),
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in checks))
if (unknown.length > 0) {
  console.error(`No check is called ${unknown.join(', ')}; there are ${Object.keys(checks).join(', ')}.`)
  process.exit(2)
}

const failed = Object.keys(checks).filter((name) => {
  if (wanted.length > 0 && !wanted.includes(name)) return false
  console.log(`— ${name}`)
  return !checks[name]()
})
console.log(failed.length === 0 ? 'All checks passed.' : `Failed: ${failed.join(', ')}.`)
process.exitCode = failed.length === 0 ? 0 : 1
