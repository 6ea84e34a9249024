/** Routes of folders of older versions go on meaning what they said. */

import { join } from 'node:path'
import { expect, test } from 'vitest'
import { migrate, openConnection } from '../../src/store/sqlite/thread/connection.ts'
import { mainMigrations } from '../../src/store/sqlite/thread/schema.ts'
import { logKey, temporaryFolder } from '../support/storeFixture.ts'

const smarthost = { kind: 'smarthost', host: 'smart.example', port: 587 }
const login = { username: 'acme', password: 'secret' }

test('a login that was allowed without TLS is still allowed, now by name, and no other', () => {
  const { path, remove } = temporaryFolder()
  const database = openConnection({ path: join(path, 'mailward.db'), key: logKey, cacheKiB: 1024 })
  const before = mainMigrations.findIndex((sql) => sql.includes('unverifiedLogin'))
  migrate(database, mainMigrations.slice(0, before))
  const routes = {
    'none.example': { ...smarthost, tls: 'none', ...login },
    'offered.example': { ...smarthost, tls: 'opportunistic', ...login },
    'open.example': { ...smarthost, tls: 'none' },
    '*': { kind: 'mx', tls: 'none' },
  }
  for (const [domain, route] of Object.entries(routes))
    database.prepare('INSERT INTO route (domain, route) VALUES (?, ?)').run(domain, JSON.stringify(route))
  migrate(database, mainMigrations)
  const rows = database.prepare('SELECT domain, route FROM route').all() as { domain: string; route: string }[]
  expect(Object.fromEntries(rows.map(({ domain, route }) => [domain, JSON.parse(route)]))).toEqual({
    ...routes,
    'none.example': { ...routes['none.example'], unverifiedLogin: true },
  })
  database.close()
  remove()
})
