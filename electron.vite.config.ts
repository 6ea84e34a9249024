/** How the product is built: Electron main, relay, command line and worker (out/main), preload, console (out/renderer). */

import { resolve } from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const root = import.meta.dirname

/** Packages that exist as ES modules only: bundled, so that the CommonJS output starts the same everywhere. */
const bundled = [
  '@orpc/client',
  '@orpc/contract',
  '@orpc/json-schema',
  '@orpc/openapi',
  '@orpc/server',
  '@orpc/zod',
  'commander',
]

const entries = {
  shell: 'src/desktop/main/shell.ts',
  headless: 'src/relay/entry/headless.ts',
  restore: 'src/relay/entry/restore.ts',
  utility: 'src/relay/entry/utility.ts',
  demo: 'src/demo/entry.ts',
  cli: 'src/cli/main.ts',
  worker: 'src/store/sqlite/threads/worker.ts',
  reading: 'src/relay/reading/worker.ts',
  viewer: 'src/abuse/viewer/worker.ts',
  packager: 'src/privacy/exports/worker.ts',
}
const input = Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, resolve(root, path)]))

/** What is built into the files comes with its licences. */
const license = { fileName: 'LICENSES.md' }

/** Chunks lie beside the entries, so that code that looks for a file beside itself finds it wherever it was put. */
const output = { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name]-[hash].cjs' } as const

export default defineConfig({
  main: {
    build: {
      externalizeDeps: { exclude: bundled },
      sourcemap: true,
      license,
      // the shell's tests run it in an older Electron as well
      target: 'node18',
      rolldownOptions: { input, output },
    },
  },
  preload: {
    build: {
      // a sandboxed preload can require nothing but electron
      externalizeDeps: false,
      target: 'node18',
      rolldownOptions: { input: { preload: resolve(root, 'src/desktop/preload/preload.ts') }, output },
    },
  },
  renderer: {
    root: resolve(root, 'src/console'),
    // relative, so that the same files serve mailward://console/ and http://host/
    base: './',
    plugins: [react(), tailwindcss()],
    build: {
      outDir: resolve(root, 'out/renderer'),
      emptyOutDir: true,
      minify: true,
      license,
      // one file, from the disk or over loopback: splitting it would save nothing
      chunkSizeWarningLimit: 4000,
      // what browsers of the last years understand: the console is served to them as well
      target: 'chrome111',
      rolldownOptions: { input: resolve(root, 'src/console/index.html') },
    },
  },
})
