/** `npm run bench -- relay|log|purge|subjects|package [options]`: timings beside a peer or a budget. Exits 1 when a budget is missed. */

import { benchLog } from './log.ts'
import { benchPackage } from './package.ts'
import { benchPersons } from './persons.ts'
import { benchPurge } from './purge.ts'
import { benchRelay } from './relay.ts'

const [which, ...rest] = process.argv.slice(2)
const benches: Record<string, (argv: string[]) => Promise<boolean>> = {
  log: benchLog,
  relay: benchRelay,
  purge: benchPurge,
  subjects: benchPersons,
  package: benchPackage,
}
const bench = benches[which ?? '']
if (!bench) {
  console.error(`usage: npm run bench -- ${Object.keys(benches).join('|')} [options]`)
  process.exit(2)
}
process.exit((await bench(rest)) ? 0 : 1)
