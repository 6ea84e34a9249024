/** An application folder with the built shell and preload, a page of a few words, and a stand-in for the relay. */

import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './electron.ts'

const page =
  '<!doctype html><meta charset="utf-8"><title>Staged</title><h1>Staged</h1><script src="./page.js"></script>'

export interface Stage {
  folder: string
  remove(): void
}

/** Makes the folder; the product must be built. */
export function stageApplication(): Stage {
  if (!existsSync(join(root, 'out/main/shell.cjs'))) throw new Error('nothing is built: npm run build')
  const folder = mkdtempSync(join(tmpdir(), 'mailward-stage-'))
  for (const name of ['out/main', 'out/renderer', 'resources']) mkdirSync(join(folder, name), { recursive: true })
  copyFileSync(join(root, 'out/main/shell.cjs'), join(folder, 'out/main/shell.cjs'))
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'))
  copyFileSync(join(import.meta.dirname, 'fixtures/relay.cjs'), join(folder, 'out/main/utility.cjs'))
  cpSync(join(root, 'out/preload'), join(folder, 'out/preload'), { recursive: true })
  cpSync(join(root, 'resources/icons'), join(folder, 'resources/icons'), { recursive: true })
  writeFileSync(join(folder, 'out/renderer/index.html'), page)
  writeFileSync(join(folder, 'out/renderer/page.js'), 'window.ownScriptRan = true')
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
