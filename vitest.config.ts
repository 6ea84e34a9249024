import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// each store of a test starts three threads from its sources, each relay a process: half of that is compiling them anew
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'mailward-compile-cache')

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // what is waited for comes late on a busy machine; a second, as usual, is not enough there
    expect: { poll: { timeout: 10_000 } },
    // real browsers and processes on a busy machine: a second try there, named in the report, and none at a desk
    retry: process.env.CI ? 1 : 0,
    pool: 'forks',
    maxWorkers: 2,
  },
})
