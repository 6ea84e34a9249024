/**
 * What a person who asks for access waits for: a request from its search to the encrypted file, in a built relay that
 * holds many records, by its command line. The file is opened and looked through for anybody else's address.
 * `npm run bench -- package [--records 10000000] [--hits 10000]`
 */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js'
import { connect } from '../src/cli/client.ts'
import { fill } from './fill.ts'
import { cpuOf, memoryOf } from './processes.ts'
import { ServedRelay } from './served.ts'

const ADDRESS = 'tom.miller@kestrel.example'
/** From the order to search to the file, seconds. */
const BUDGET = 60
const LOOK_MS = 100

interface Step {
  name: string
  seconds: number
}

/** Runs the steps of a request by the relay's API; progress goes to the console. */
async function carryOut(relay: ServedRelay, steps: Step[]): Promise<{ file: Buffer; passphrase: string }> {
  const { requests } = await connect(relay.data)
  const timed = async <T>(name: string, run: () => Promise<T>): Promise<T> => {
    const began = performance.now()
    const result = await run()
    steps.push({ name, seconds: (performance.now() - began) / 1000 })
    return result
  }
  const { id } = await requests.open({ kind: 'access', track: 'third party', subject: ADDRESS, suppress: false })
  await requests.confirmEvidence({ id, evidence: 'bench' })
  const until = async (isOver: (detail: Awaited<ReturnType<typeof requests.get>>) => boolean): Promise<void> => {
    const told = new Set<string>()
    for (;;) {
      const detail = await requests.get({ id })
      if (isOver(detail)) break
      const work = detail.state === 'executing' ? detail.execution : detail.search
      if (work && work.total > 0) told.add(`${Math.floor((10 * work.done) / work.total) * 10} %`)
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
    console.log(`  progress told: ${[...told].join(', ')}`)
  }
  await timed('search', async () => {
    await requests.search({ id })
    await until(({ search }) => search?.state !== 'running')
  })
  const { search } = await requests.get({ id })
  console.log(`  found ${search?.places.map(({ place, count }) => `${count} ${place}`).join(', ')}`)
  await requests.decide({ id, note: '' })
  await timed('package', async () => {
    await requests.execute({ id })
    await until(({ state, execution }) => state !== 'executing' || execution?.state === 'failed')
  })
  const out = join(relay.folder, 'package.zip')
  return timed('hand over', async () => {
    const { dataExports } = await requests.get({ id })
    const made = dataExports.at(-1)
    if (!made) throw new Error('there is no package')
    const { path, passphrase } = await requests.handOver({ id: made.id, hours: 1 })
    await relay.download(path, out)
    return { file: readFileSync(out), passphrase }
  })
}

/** Addresses in the package that are neither the person's nor at a domain of the sender. */
async function othersIn(file: Buffer, passphrase: string): Promise<{ entries: number; others: Set<string> }> {
  const zip = new ZipReader(new Uint8ArrayReader(file), { password: passphrase })
  const others = new Set<string>()
  const entries = await zip.getEntries()
  for (const entry of entries) {
    if (entry.directory) continue
    const text = Buffer.from(await entry.getData(new Uint8ArrayWriter())).toString('utf8')
    for (const [address] of text.matchAll(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g)) {
      if (address !== ADDRESS && !/@account\d+\.example$/.test(address)) others.add(address)
    }
  }
  await zip.close()
  return { entries: entries.length, others }
}

/** Runs the package bench. Returns whether the budget held and nobody else was in the package. */
export async function benchPackage(argv: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: argv,
    options: { records: { type: 'string', default: '1000000' }, hits: { type: 'string', default: '10000' } },
  })
  const records = Number(values.records)
  const person = { address: ADDRESS, every: Math.max(1, Math.floor(records / Number(values.hits))) }
  const relay = new ServedRelay()
  try {
    await relay.start()
    await relay.stop()
    await fill({ folder: relay.data, key: relay.logKey(), records, days: 70, now: Date.now(), person })
    const pid = await relay.start()
    const steps: Step[] = []
    const cpu = cpuOf(pid)
    const { file, passphrase } = await carryOut(relay, steps)
    const spent = (cpuOf(pid) - cpu) / 1000
    for (const { name, seconds } of steps) console.log(`${name}: ${seconds.toFixed(1)} s`)
    console.log(`CPU of the relay ${spent.toFixed(1)} s, memory ${memoryOf(pid).toFixed(0)} MB`)
    const { entries, others } = await othersIn(file, passphrase)
    console.log(`package: ${file.length} bytes, ${entries} entries, ${others.size} other addresses in it`)
    const total = steps.reduce((sum, { seconds }) => sum + seconds, 0)
    const ok = total < BUDGET && others.size === 0
    console.log(`  ${total.toFixed(1)} s in all, within ${BUDGET} s and nobody else in it: ${ok ? 'holds' : 'MISSED'}`)
    return ok
  } finally {
    await relay.stop()
    relay.remove()
  }
}
