/**
 * Whether intake notices that a day of a million records is destroyed: messages a second end to end in rounds before,
 * and in a round during which the purge runs, in one run.
 * `npm run bench -- purge [--day-records 1000000] [--messages 6000] [--sessions 20]`
 */

import { parseArgs } from 'node:util'
import { connect } from '../src/cli/client.ts'
import { DAY_MS } from '../src/model/retention.ts'
import { fill } from './fill.ts'
import { recordResult } from './log.ts'
import { type Load, round, SINK } from './relay.ts'
import { PORT, ServedRelay } from './served.ts'

const ROUNDS = 3
/** The day lies so far back, and goes when the policy says one day less. */
const BACK = 60

async function prepare(relay: ServedRelay, records: number): Promise<number> {
  await relay.start()
  relay.run('account', 'add', 'acme', '--contact', 'ops@acme.example', '--domain', 'acme.example')
  relay.run('credential', 'add', 'acme', '--address', '127.0.0.0/8')
  relay.run('route', 'set', '*', 'smarthost', `127.0.0.1:${SINK}`, '--tls', 'none')
  await relay.stop()
  const key = relay.logKey()
  const past = Date.now() - BACK * DAY_MS
  await fill({ folder: relay.data, key, records, days: 1, now: past })
  await recordResult(relay.data, key, past + 8 * DAY_MS)
  return relay.start()
}

/** Destroys the day while a round of mail goes through. */
async function during(relay: ServedRelay, peer: { pid: number; port: number }, load: Load): Promise<[number, string]> {
  const client = await connect(relay.data)
  const purge = async (): Promise<string> => {
    // in the middle of the round
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const began = performance.now()
    await client.retention.setDays({ days: BACK - 1, reason: 'bench' })
    await client.retention.run()
    const { receipts } = await client.retention.receipts({})
    const gone = receipts.reduce((sum, { headers }) => sum + headers, 0)
    return `${gone} records destroyed, order to receipt ${(performance.now() - began).toFixed(0)} ms`
  }
  const [result, told] = await Promise.all([round(peer, load), purge()])
  return [result.rate, told]
}

/** Runs the purge bench. Returns whether intake kept its rate within 10 %. */
export async function benchPurge(argv: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: argv,
    options: {
      'day-records': { type: 'string', default: '1000000' },
      messages: { type: 'string', default: '6000' },
      sessions: { type: 'string', default: '20' },
    },
  })
  const load = { sessions: Number(values.sessions), size: 4096, messages: Number(values.messages) }
  const relay = new ServedRelay()
  try {
    const pid = await prepare(relay, Number(values['day-records']))
    const peer = { pid, port: PORT }
    await round(peer, { ...load, messages: 1000 })
    const before: number[] = []
    for (let n = 0; n < ROUNDS; n++) before.push((await round(peer, load)).rate)
    const [rate, told] = await during(relay, peer, load)
    const usual = before.toSorted((a, b) => a - b)[1]!
    const ok = rate >= 0.9 * usual
    console.log(`before: ${before.map((one) => one.toFixed(0)).join(', ')} messages a second`)
    console.log(`during: ${rate.toFixed(0)} messages a second, ${(rate / usual).toFixed(2)} of before (${told})`)
    console.log(`  within 10 %: ${ok ? 'holds' : 'MISSED'}`)
    return ok
  } finally {
    await relay.stop()
    relay.remove()
  }
}
