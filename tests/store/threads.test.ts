/** Calls into the store's threads: what the compiler refuses, and what a thread that is asked all the same answers. */

import { expect, expectTypeOf, test } from 'vitest'
import { Channel } from '../../src/store/sqlite/thread/channel.ts'
import { joined, operationsOf, type Remote, type RemoteSubject, remote } from '../../src/store/sqlite/thread/remote.ts'
import type { Writer } from '../../src/store/sqlite/threads/threads.ts'
import type { WriterSubjects } from '../../src/store/sqlite/threads/writerSubjects.ts'
import { logKey, temporaryFolder } from '../support/storeFixture.ts'

class Base {
  inherited(): string {
    return this.word()
  }
  private word(): string {
    return 'inherited'
  }
}
class Reading extends Base {
  get(id: number): string {
    return `read ${id}`
  }
}
class Writing {
  set(id: number, text: string): boolean {
    return text !== String(id)
  }
}
class Clashing {
  get(): void {}
}

function asked<S>() {
  const calls: [string, unknown[]][] = []
  const thread: Remote<S> = remote(async (operation, given) => void calls.push([operation, given]))
  return { thread, calls }
}

/** Never run: each line marked does not compile. */
function refusedByTheCompiler(writer: Writer): void {
  // @ts-expect-error there is no such subject
  void writer.queues.accept({})
  // @ts-expect-error there is no such operation
  void writer.orders.recovers(1)
  // @ts-expect-error a moment is a number
  void writer.orders.recover('now')
  // @ts-expect-error there is one argument too few
  void writer.trust.finish([1])
  // @ts-expect-error the body's store is for the writer's own thread
  void writer.bodies.destroy(1)
  const { thread } = asked<{ a: Reading; b: Clashing }>()
  // @ts-expect-error both answer get
  joined([Reading, thread.a], [Clashing, thread.b])
}

test('a wrong subject, operation or argument does not compile', () => {
  expectTypeOf(refusedByTheCompiler).toBeFunction()
})

test('a call has the type of the method, and answers with a promise', () => {
  expectTypeOf<RemoteSubject<Reading>['get']>().toEqualTypeOf<(id: number) => Promise<string>>()
  expectTypeOf<Writer['orders']['recover']>().toEqualTypeOf<(now: number) => Promise<number[]>>()
})

test('a call crosses under the name of subject and method, and its function is made once', async () => {
  const { thread, calls } = asked<{ a: Reading }>()
  await thread.a.get(7)
  expect(calls).toEqual([['a.get', [7]]])
  expect(thread.a.get).toBe(thread.a.get)
  // what awaits a thread gets the thread
  expect(await Promise.resolve(thread)).toBe(thread)
})

test('a subject offers its methods, those of its base class included', () => {
  const operations = operationsOf({ a: new Reading() })
  const run = operations.get('a.inherited') as () => string
  expect(run()).toBe('inherited')
  expect(operations.has('a.constructor')).toBe(false)
})

test('of a subject of two threads each is asked for what it can', async () => {
  const one = asked<{ a: Reading }>()
  const other = asked<{ a: Writing }>()
  const both = { ...joined([Reading, one.thread.a], [Writing, other.thread.a]) }
  await both.get(1)
  await both.set(1, 'x')
  expect([one.calls, other.calls]).toEqual([[['a.get', [1]]], [['a.set', [1, 'x']]]])
})

test('a thread that knows no such operation says so, and goes on', async () => {
  const folder = temporaryFolder()
  const writer = new Channel<WriterSubjects>({ role: 'writer', folder: folder.path, logKey })
  try {
    await expect(writer.send('queue.gone', [])).rejects.toThrow('knows no operation queue.gone')
    expect(await writer.calls.orders.recover(0)).toEqual([])
  } finally {
    await writer.stop()
    folder.remove()
  }
})
