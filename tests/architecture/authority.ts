/** The page for auditors: who may call what, out of the contract itself. */

import type { Authority } from '../../src/contract/procedure.ts'
import { roles } from '../../src/model/user.ts'

const columns = [...roles, 'not logged in'] as const

const tokens: Record<Authority['tokenScope'], string> = { read: 'any', full: 'full', none: 'none' }

const introduction = `# Who may call what

This page is generated from \`src/contract\`, where every procedure states the roles and the token scope it asks for; the
relay checks both before every handler, on every transport. After a change of the contract, write it anew with
\`npx vitest run tests/architecture/authority.test.ts -u\`; \`npm run check\` fails until it is current.

Whoever owns the data folder calls as an admin, over the control socket. An API token may do what the role of its user
may, and of that only what its scope includes: \`any\` is every token, \`full\` those of full scope, \`none\` no token at all.
Where a second factor is required and the user has none, only \`session\` answers.
`

function allows({ roles: allowed }: Authority, column: (typeof columns)[number]): boolean {
  return allowed === 'anyone' || (column !== 'not logged in' && allowed.includes(column))
}

/** `docs/authority.md`. Calls of one feature with the same authority share a row. */
export function authorityPage(authorities: ReadonlyMap<string, Authority>): string {
  const rows = new Map<string, { feature: string; names: string[]; cells: string }>()
  for (const [call, authority] of authorities) {
    const [feature = '', name = ''] = call.split('.')
    const marks = columns.map((column) => (allows(authority, column) ? 'yes' : ''))
    const cells = [...marks, tokens[authority.tokenScope]].join(' | ')
    const row = rows.get(feature + cells) ?? { feature, names: [], cells }
    row.names.push(name)
    rows.set(feature + cells, row)
  }
  const head = ['feature', 'calls', ...columns, 'token']
  const lines = [...rows.values()].map(({ feature, names, cells }) => `| ${feature} | ${names.join(', ')} | ${cells} |`)
  return [introduction, `| ${head.join(' | ')} |`, `|${'---|'.repeat(head.length)}`, ...lines, ''].join('\n')
}
