/** `npm run check` runs this: names every import that breaks the design, and fails when there is one. */

import { violations } from './architecture.ts'
import { readSources } from './sources.ts'

const sources = readSources()
const found = violations(sources)
for (const line of found) console.error(line)
console.log(`${sources.size} files, ${found.length} broken rules`)
process.exitCode = found.length === 0 ? 0 : 1
