/**
 * Run as a process of its own: erases a person, and is killed (SIGKILL, by itself) just before or after a call to the
 * store's threads: `eraser.ts FOLDER NOW ADDRESS STEP before|after`.
 */

import { openStore } from '../../src/store/index.ts'
import { Channel } from '../../src/store/sqlite/thread/channel.ts'
import { logKey } from '../support/storeFixture.ts'

const [folder, now, address, step, when] = process.argv.slice(2) as [string, string, string, string, 'before' | 'after']
const time = Number(now)
const store = await openStore({ folder, logKey, now: () => time })

const send = Channel.prototype.send
Channel.prototype.send = async function (this: Channel, operation: string, given: unknown[]): Promise<unknown> {
  if (operation === step && when === 'before') process.kill(process.pid, 'SIGKILL')
  const answer = await send.call(this, operation, given)
  if (operation === step && when === 'after') process.kill(process.pid, 'SIGKILL')
  return answer
}
const order = { request: 7, actor: 'ann@relay.example', at: time, reason: '', keepRequests: [] }
await store.subjects.erase({ address, account: undefined }, order, {
  progress: () => undefined,
  isCancelled: () => false,
})
console.log('erased')
