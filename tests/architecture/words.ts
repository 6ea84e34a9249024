/**
 * Finds words that the product has given up: each had several meanings, or was nobody's but ours. One word has one meaning;
 * a word that has gone for good is listed here, so that it cannot come back in a name or a path. Pure.
 */

import { parseSync } from 'oxc-parser'

/** Word given up → the word that says it. Words of names and paths, in lower case. */
const retired: Readonly<Record<string, string>> = {
  admission: 'connection limiter',
  arrivals: 'traffic',
  custody: 'keys and backups',
  deed: 'seeded decision',
  desks: 'role mailboxes',
  door: 'submission server, limiter entry',
  doorkeeper: 'connection limiter',
  disclosures: 'legal requests',
  intake: 'submission server',
  keeping: 'legal-hold retention',
  lookout: 'scanner',
  people: 'users',
  persons: 'subjects',
  seams: 'ports',
  settlement: 'result of an attempt',
  shelf: 'export store',
  sight: 'visibility',
  tidying: 'maintenance',
  trial: 'delivery attempt',
  verdicts: 'findings',
  workshop: 'worker pool',
}

/** `keepDays`, `keep-days`, `KEEP_DAYS` → its words in lower case. */
function wordsIn(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z]+/)
    .map((word) => word.toLowerCase())
}

function problemOf(name: string): string | undefined {
  const word = wordsIn(name).find((each) => Object.hasOwn(retired, each))
  return word === undefined ? undefined : `${name}: “${word}” is retired; the word is ${retired[word]}`
}

/** Names a file gives to things, with where they stand: identifiers, never texts or comments. */
function namesIn(path: string, text: string): { name: string; start: number }[] {
  const names: { name: string; start: number }[] = []
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const node = value as { type?: unknown; name?: unknown; start?: unknown }
    if (node.type === 'Identifier' && typeof node.name === 'string' && typeof node.start === 'number')
      names.push({ name: node.name, start: node.start })
    for (const child of Object.values(value)) visit(child)
  }
  visit(parseSync(path, text).program)
  return names
}

/** Every retired word in a file's path and in the names it uses, as `path:line: what is wrong`. */
export function wordProblems(path: string, text: string): string[] {
  const inPath = problemOf(path)
  const found = namesIn(path, text).flatMap(({ name, start }) => {
    const problem = problemOf(name)
    return problem === undefined ? [] : [`${path}:${text.slice(0, start).split('\n').length}: ${problem}`]
  })
  return [...(inPath === undefined ? [] : [`${path}:1: ${inPath}`]), ...found]
}
