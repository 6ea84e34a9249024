/** `npm run bench -- relay|log [options]`: timings beside a peer or a budget. Exits 1 when a budget is missed. */

import { benchLog } from './log.ts'
import { benchRelay } from './relay.ts'

const [which, ...rest] = process.argv.slice(2)
const benches: Record<string, (argv: string[]) => Promise<boolean>> = { log: benchLog, relay: benchRelay }
const bench = benches[which ?? '']
if (!bench) {
  console.error(`usage: npm run bench -- ${Object.keys(benches).join('|')} [options]`)
  process.exit(2)
}
process.exit((await bench(rest)) ? 0 : 1)
