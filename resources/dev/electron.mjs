/** Finds Electron, or fetches it: npm installs the package without its program (250 MB), which is wanted only here. */

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const folder = join(root, 'node_modules/electron')

/** A download that brings nothing for this long (milliseconds) is given up. */
const PATIENCE_MS = 60_000

/** The path of the program, or undefined when it is not there. */
export function findElectron() {
  const named = process.env.MAILWARD_ELECTRON
  if (named) return existsSync(named) ? named : undefined
  const note = join(folder, 'path.txt')
  const program = existsSync(note) ? join(folder, 'dist', readFileSync(note, 'utf8')) : undefined
  return program && existsSync(program) ? program : undefined
}

/** One line that grows on a terminal; elsewhere a line each tenth. */
function progressLine() {
  let shown = -1
  return ({ transferred, total }) => {
    const percent = total ? Math.floor((100 * transferred) / total) : 0
    const step = process.stdout.isTTY ? percent : percent - (percent % 10)
    if (step === shown) return
    shown = step
    const words = `Fetching Electron … ${step} % of ${Math.round((total ?? 0) / 1e6)} MB`
    process.stdout.write(process.stdout.isTTY ? `\r${words}${percent === 100 ? '\n' : ''}` : `${words}\n`)
  }
}

async function download() {
  const fromElectron = createRequire(join(folder, 'package.json'))
  const { downloadArtifact } = await import(fromElectron.resolve('@electron/get'))
  const abort = new AbortController()
  const giveUp = () => abort.abort(new Error(`nothing came for ${PATIENCE_MS / 1000} seconds`))
  let timer = setTimeout(giveUp, PATIENCE_MS)
  const show = progressLine()
  const getProgressCallback = async (progress) => {
    clearTimeout(timer)
    timer = setTimeout(giveUp, PATIENCE_MS)
    show(progress)
  }
  try {
    await downloadArtifact({
      version: fromElectron('./package.json').version,
      artifactName: 'electron',
      platform: process.platform,
      arch: process.arch,
      checksums: fromElectron('./checksums.json'),
      downloadOptions: { quiet: true, getProgressCallback, signal: abort.signal },
    })
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Fetches Electron into the person's cache with visible progress and unpacks it.
 * @returns what went wrong in one line, or undefined
 */
export async function fetchElectron() {
  console.log('Electron is not here yet; fetching it (once, about 110 MB) …')
  try {
    await download()
  } catch (error) {
    return `Electron could not be fetched: ${error.cause?.message ?? error.message}`
  }
  // finds the file just fetched in the cache, checks it once more and unpacks it
  const unpacked = spawnSync(process.execPath, [join(folder, 'install.js')], { stdio: 'inherit' })
  return unpacked.status === 0 ? undefined : 'Electron could not be unpacked'
}
