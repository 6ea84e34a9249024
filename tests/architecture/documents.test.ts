import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

function documents(): string[] {
  const inside = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  return ['README.md', ...inside.filter((path) => path.endsWith('.md')).map((path) => `docs/${path}`)]
}

/** Paths from the root that a text names between backticks; folders may carry a pattern or a slash at their end. */
function namedPaths(text: string): string[] {
  const found = text.matchAll(/`((?:src|tests|docs|bench|resources)\/[\w./@-]*)(?:\*\*?)?`/g)
  return [...found].map((match) => match[1]!.replace(/\/$/, ''))
}

describe.each(documents())('%s', (path) => {
  const text = readFileSync(join(root, path), 'utf8')

  test('names only files and folders that exist', () => {
    expect(namedPaths(text).filter((named) => !existsSync(join(root, named)))).toEqual([])
  })

  test('names only scripts that package.json has', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object }
    const named = [...text.matchAll(/npm (?:run ([\w:]+)|(test|start)\b)/g)].map((match) => match[1] ?? match[2]!)
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })

  test('can be read in one sitting', () => {
    expect(text.split('\n').length).toBeLessThanOrEqual(200)
  })
})
