/**
 * Run as a process of its own: opens a store, purges, and is killed (SIGKILL, by itself, so that nothing is between) just
 * before or after a step: `purger.ts FOLDER NOW STEP before|after`. Steps are the store's own calls to its threads.
 */

import { openStore } from '../../src/store/index.ts'
import { Channel } from '../../src/store/sqlite/thread/channel.ts'
import { logKey } from '../support/storeFixture.ts'

const [folder, now, step, when] = process.argv.slice(2) as [string, string, string, 'before' | 'after']
const time = Number(now)
// nothing may move or be purged before the step that is asked for
const store = await openStore({ folder, logKey, now: () => time })

const send = Channel.prototype.send
Channel.prototype.send = async function (this: Channel, operation: string, given: unknown[]): Promise<unknown> {
  if (operation === step && when === 'before') process.kill(process.pid, 'SIGKILL')
  const answer = await send.call(this, operation, given)
  if (operation === step && when === 'after') process.kill(process.pid, 'SIGKILL')
  return answer
}
await store.retention.purge(time)
console.log('purged')
