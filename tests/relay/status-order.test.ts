/** The order in which an account is suspended: at no moment is it suspended while its queue goes on unasked. */

import { expect, test } from 'vitest'
import type { Account } from '../../src/model/account.ts'
import { changeStatus } from '../../src/relay/api/accountFlow.ts'

type Parts = Parameters<typeof changeStatus>[0]

/** What is done, in order; a crash ends it where it says. */
function machine(crashAt?: string): { parts: Parts; done: string[] } {
  const done: string[] = []
  const step = async (name: string) => {
    if (name === crashAt) throw new Error('crash')
    done.push(name)
  }
  const parts = {
    store: { trust: { setStatus: (_account: number, status: string) => step(status) } },
    engine: { act: (action: string) => step(action).then(() => ({ messages: 0, deliveries: 0 })) },
    clock: { now: () => 0 },
  }
  return { parts: parts as unknown as Parts, done }
}

const account = { id: 1, name: 'acme', outgoing: 'flow' } as Account

test('its queue is put aside before the status says so, and what came between after it', async () => {
  const { parts, done } = machine()
  await changeStatus(parts, account, 'suspended', { actor: 'ann', reason: 'unpaid' })
  expect(done).toEqual(['hold', 'suspended', 'hold'])
})

test('a crash before the status leaves the queue held, and nothing goes out', async () => {
  const { parts, done } = machine('suspended')
  await expect(changeStatus(parts, account, 'suspended', { actor: 'ann', reason: 'unpaid' })).rejects.toThrow('crash')
  expect(done).toEqual(['hold'])
})

test('a resumed account takes its queue along only once it is active', async () => {
  const { parts, done } = machine()
  await changeStatus(parts, account, 'active', { actor: 'ann', reason: '' })
  expect(done).toEqual(['active', 'release'])
})
