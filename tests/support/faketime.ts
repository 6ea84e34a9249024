/** Another time for whole processes, by Debian's libfaketime where it is installed. */

import { existsSync } from 'node:fs'

const library = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1',
].find((path) => existsSync(path))

/** Why such a test cannot run here; undefined when it can. */
export const noFaketime = library === undefined ? 'faketime is not installed' : undefined

/** The environment of a process that lives some days ahead. Its monotonic clock, which timers go by, is left alone. */
export function daysAhead(days: number): Record<string, string> {
  if (library === undefined) throw new Error('faketime is not installed')
  return { LD_PRELOAD: library, FAKETIME: `+${days}d`, FAKETIME_DONT_FAKE_MONOTONIC: '1', DONT_FAKE_MONOTONIC: '1' }
}
