/** `npm run test:unit`: what needs no browser and no process of its own, for the loop while writing. */

import { defineConfig } from 'vitest/config'
import whole from './vitest.config.ts'

const folders = ['architecture', 'model', 'delivery', 'submission']
const files = [
  'cli/{names,output}',
  'console/{filter-words,paged-rows,policy-parts,request-path,words}',
  'desktop/{decisions,keeping}',
  'exports/{redact,zip}',
  'mta/{mailingLetter,queue,totp}',
  'relay/{configuration,keys,status-order}',
]

export default defineConfig({
  test: {
    ...whole.test,
    include: [...folders.map((name) => `tests/${name}/**/*.test.ts`), ...files.map((name) => `tests/${name}.test.ts`)],
  },
})
