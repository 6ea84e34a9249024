/** What the shell remembers from one start to the next: one small JSON file in Electron's own folder. */

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { WindowBounds } from './window/bounds.ts'

export interface Preferences {
  window?: WindowBounds
  /** address of the relay elsewhere that was connected to last; absent for this computer's */
  relay?: string
  /** session tokens sealed by the system's keychain, base64, by relay (its address, or `local`) */
  sessions?: Record<string, string>
  /** the person was told once that closing the window leaves the relay running */
  trayExplained?: boolean
}

export interface PreferenceFile {
  get(): Preferences
  set(change: Partial<Preferences>): void
}

function read(path: string): Preferences {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    // absent at first start; damaged, there is nothing in it that a person could not set again
    return {}
  }
}

/** Opens the preferences kept at `path`. Each change is written at once, by rename, so that the file is always whole. */
export function openPreferences(path: string): PreferenceFile {
  let present = read(path)
  return {
    get: () => present,
    set(change) {
      present = { ...present, ...change }
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(`${path}.new`, JSON.stringify(present, null, 2), { mode: 0o600 })
      renameSync(`${path}.new`, path)
    },
  }
}
