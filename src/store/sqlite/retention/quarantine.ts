/**
 * Main databases that were damaged, set aside under `corrupt/` for a person to look at. What could be read was copied out of
 * one; the rest of it may be read by other means. It holds what the relay may not keep for ever (live mail, keys of days), so
 * it goes after a week.
 */

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { DAY_MS } from '../../../model/retention.ts'
import { besideDatabase } from '../thread/connection.ts'

/** How long a file stays aside, in days. */
export const ASIDE_DAYS = 7

/** When it was set aside, with `-` for `:`, and what it was. */
const NAME = /^(\d{4}-\d\d-\d\dT\d\d)-(\d\d)-(\d\d\.\d{3}Z) /

function quarantineFolder(folder: string): string {
  return join(folder, 'corrupt')
}

/** Moves a database with its log under `corrupt/`. Returns the folder it lies in. */
export function quarantined(folder: string, path: string, now: number): string {
  const target = quarantineFolder(folder)
  mkdirSync(target, { recursive: true, mode: 0o700 })
  const stamp = new Date(now).toISOString().replaceAll(':', '-')
  for (const suffix of ['', ...besideDatabase]) {
    if (existsSync(path + suffix)) renameSync(path + suffix, join(target, `${stamp} ${basename(path)}${suffix}`))
  }
  return target
}

/** Deletes what was set aside a week ago. Returns how many files that were. */
export function sweepQuarantine(folder: string, now: number): number {
  const target = quarantineFolder(folder)
  if (!existsSync(target)) return 0
  const over = readdirSync(target).filter((name) => {
    const [, hour, minute, second] = NAME.exec(name) ?? []
    const at = Date.parse(`${hour}:${minute}:${second}`)
    return now - at > ASIDE_DAYS * DAY_MS
  })
  for (const name of over) rmSync(join(target, name))
  return over.length
}
