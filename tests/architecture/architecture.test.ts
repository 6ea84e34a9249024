import { describe, expect, test } from 'vitest'
import { violations } from './architecture.ts'
import { readSources } from './sources.ts'

const real = readSources()
/** The real files, but empty: quick, and each is there to be imported. */
const empty = new Map([...real.keys()].map((path) => [path, '']))

/** Names what is wrong with one planted file. */
function plant(path: string, text: string): string[] {
  return violations(new Map([...empty, [path, text]]))
}

test('the product keeps to its rooms and arrows', () => {
  expect(violations(real)).toEqual([])
})

describe('a planted call by text into a thread of the store is named', () => {
  const byText = 'calls a thread by a text: call its operation, which the compiler checks'
  const wrong: [what: string, text: string, named: string][] = [
    ['through the channel', "await channel.send('queue.accept', [message])", byText],
    ['over lines, with a type', "await writer.call<\n  number\n>(\n  'placeHold', scope)", byText],
    ['through an index', "await writer.calls['queue'].accept(message)", byText],
    ['a message of its own', "port.postMessage([1, 'queue.accept', []])", 'posts to a thread: call its operation'],
    ['a thread of its own', 'const worker = new Worker(file)', 'starts a thread: only the plumbing does'],
  ]
  test.each(wrong)('%s', (_, text, named) => {
    expect(plant('src/store/sqlite/a.ts', text)).toEqual([`src/store/sqlite/a.ts:1: ${named}`])
  })
})

describe('a planted import is named', () => {
  const wrong: [what: string, path: string, text: string, named: string][] = [
    ['model importing Node', 'src/model/a.ts', "import 'node:fs'", 'model may not import node:fs: it knows no Node'],
    ['model importing a room', 'src/model/a.ts', "import '../store/store.ts'", 'model may not import store'],
    ['mta importing relay', 'src/mta/a.ts', "export * from '../relay/relay.ts'", 'mta may not import relay'],
    [
      'mta importing abuse',
      'src/mta/a.ts',
      "import type { Scorer } from '../abuse/scoring/scorer.ts'",
      'mta may not import abuse',
    ],
    [
      'privacy importing abuse',
      'src/privacy/a.ts',
      "import '../abuse/scoring/scorer.ts'",
      'privacy may not import abuse',
    ],
    ['base importing the model', 'src/base/a.ts', "import '../model/id.ts'", 'base may not import model'],
    ['the relay importing the demo', 'src/relay/a.ts', "import '../demo/demo.ts'", 'relay may not import demo'],
    ['mta speaking HTTP', 'src/mta/a.ts', "import 'node:http'", 'mta may not import node:http'],
    ['mta importing electron', 'src/mta/a.ts', "import 'electron'", 'mta may not import the package electron'],
    [
      'SQL outside its engine folder',
      'src/store/a.ts',
      "import Database from 'better-sqlite3'",
      'only src/store/sqlite/ may import better-sqlite3',
    ],
    [
      'relay reaching behind the store',
      'src/relay/a.ts',
      "import '../store/sqlite/threads/worker.ts'",
      'relay may import of store only what lies right in src/store/',
    ],
    ['relay importing electron', 'src/relay/a.ts', "import('electron')", 'relay may not import the package electron'],
    ['desktop importing relay', 'src/desktop/a.ts', "import '../relay/relay.ts'", 'desktop may not import relay'],
    [
      'desktop importing more than types of the contract',
      'src/desktop/a.ts',
      "import { contract } from '../contract/index.ts'",
      'desktop may import only types of contract',
    ],
    [
      'a type position',
      'src/model/a.ts',
      "export type A = import('../contract/shell.ts').ShellState",
      'model may not import contract',
    ],
    ['require', 'src/console/a.ts', "const a = require('electron')", 'console may not import the package electron'],
    ['a computed path', 'src/relay/a.ts', 'await import(process.argv[2])', 'relay may not import a computed path'],
    ['a package not allowed', 'src/cli/a.ts', "import 'ws'", 'cli may not import the package ws'],
    ['a room the design does not have', 'src/misc/a.ts', "import 'node:fs'", 'src/misc is no room of the design'],
    ['a file that is not there', 'src/model/a.ts', "import './gone.ts'", 'there is no src/model/gone.ts'],
    [
      'package.json where no version is wanted',
      'src/store/a.ts',
      "import '../../package.json'",
      '../../package.json leads out of src',
    ],
    ['a way out of src', 'src/relay/a.ts', "import '../../tests/a.ts'", '../../tests/a.ts leads out of src'],
  ]
  test.each(wrong)('%s', (_, path, text, named) => {
    expect(plant(path, text)).toEqual([`${path}:1: ${named}`])
  })

  test('a feature importing a feature, ui importing a feature, a feature importing app', () => {
    const sources = new Map([
      ['src/console/app/a.ts', "import '../features/mail/a.ts'\nimport '../ui/a.ts'\nimport '../text.ts'"],
      ['src/console/features/mail/a.ts', "import './b.ts'\nimport '../queue/a.ts'"],
      ['src/console/features/mail/b.ts', "import '../../text.ts'\nimport '../../app/b.ts'"],
      ['src/console/features/queue/a.ts', ''],
      ['src/console/app/b.ts', ''],
      ['src/console/ui/a.ts', "import '../features/queue/a.ts'"],
      ['src/console/text.ts', ''],
    ])
    expect(violations(sources)).toEqual([
      'src/console/features/mail/a.ts:2: feature mail may not import feature queue',
      'src/console/features/mail/b.ts:2: console/features may not import console/app',
      'src/console/ui/a.ts:1: console/ui may not import console/features',
    ])
  })

  test('a cycle, also one that types alone close or make', () => {
    const cycle = (back: string) =>
      new Map([
        ['src/model/a.ts', "import './b.ts'"],
        ['src/model/b.ts', "export { c } from './c.ts'"],
        ['src/model/c.ts', back],
      ])
    const named = ['src/model/a.ts:1: import cycle src/model/a.ts → src/model/b.ts → src/model/c.ts → src/model/a.ts']
    for (const back of ["import './a.ts'", "import type { A } from './a.ts'", "export type C = import('./a.ts').A"])
      expect(violations(cycle(back))).toEqual(named)
    const types = new Map([
      ['src/model/a.ts', "import type { B } from './b.ts'"],
      ['src/model/b.ts', "import type { A } from './a.ts'"],
    ])
    expect(violations(types)).toEqual([
      'src/model/a.ts:1: import cycle src/model/a.ts → src/model/b.ts → src/model/a.ts',
    ])
    expect(violations(cycle(''))).toEqual([])
  })
})

test('type imports of the contract are the desktop’s right', () => {
  expect(plant('src/desktop/a.ts', "import type { ShellState } from '../contract/shell.ts'")).toEqual([])
  expect(plant('src/desktop/a.ts', "import { type ShellState } from '../contract/shell.ts'")).toEqual([])
})
