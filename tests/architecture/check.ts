/** `npm run check` runs this: names every import that breaks the design and every retired word, and fails when there is one. */

import { violations } from './architecture.ts'
import { readSources } from './sources.ts'
import { wordProblems } from './words.ts'

const sources = readSources()
const found = [...violations(sources), ...[...sources].flatMap(([path, text]) => wordProblems(path, text))]
for (const line of found) console.error(line)
console.log(`${sources.size} files, ${found.length} broken rules`)
process.exitCode = found.length === 0 ? 0 : 1
