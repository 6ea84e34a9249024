import { expect, test } from 'vitest'
import { readSources } from './sources.ts'
import { wordProblems } from './words.ts'

test('no name and no path of the product holds a retired word', () => {
  expect([...readSources()].flatMap(([path, text]) => wordProblems(path, text))).toEqual([])
})

test.each([
  ['a variable', 'const custodyOf = 1', 'custodyOf: “custody” is retired; the word is keys and backups'],
  ['a member', 'export interface A { intakeOptions: string }', 'intakeOptions: “intake” is retired'],
  ['a constant', 'const MOST_PEOPLE = 2', 'MOST_PEOPLE: “people” is retired'],
])('%s with one is named', (_, text, named) => {
  expect(wordProblems('src/model/a.ts', text)).toEqual([expect.stringContaining(`src/model/a.ts:1: ${named}`)])
})

test('a path with one is named', () => {
  expect(wordProblems('src/relay/custody/a.ts', '')).toEqual([expect.stringContaining('“custody” is retired')])
})

test('texts and comments may speak of anything', () => {
  expect(wordProblems('src/model/a.ts', "// people\nexport const text = 'people.add'")).toEqual([])
})
