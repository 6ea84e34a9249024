/** Every procedure states who may call it, and the page for auditors says the same. */

import { resolve } from 'node:path'
import { oc } from '@orpc/contract'
import { describe, expect, test } from 'vitest'
import { authorities, type Procedure } from '../../src/contract/index.ts'
import { procedure } from '../../src/contract/procedure.ts'
import { roles, tokenScopes } from '../../src/model/user.ts'
import { authorityPage } from './authority.ts'

const page = resolve(import.meta.dirname, '../../docs/authority.md')

/** Checked by the compiler: an authority that becomes optional fails `npm run check -- types`. */
describe('does not compile:', () => {
  test('a procedure of the contract that was begun without an authority', () => {
    // @ts-expect-error
    const planted: Procedure = oc.route({ method: 'GET', path: '/planted' })
    expect(planted['~orpc'].meta).toEqual({})
  })

  test('an authority without roles, without any role, with an unknown one, or without a token scope', () => {
    // @ts-expect-error
    procedure({ tokenScope: 'read' })
    // @ts-expect-error
    procedure({ roles: [], tokenScope: 'read' })
    // @ts-expect-error
    procedure({ roles: ['owner'], tokenScope: 'read' })
    // @ts-expect-error
    procedure({ roles: ['admin'] })
  })
})

test.each([...authorities])('%s states roles and a token scope', (_, authority) => {
  if (authority.roles !== 'anyone') {
    expect(authority.roles).not.toHaveLength(0)
    expect(roles).toEqual(expect.arrayContaining([...authority.roles]))
  }
  expect([...tokenScopes, 'none']).toContain(authority.tokenScope)
})

test('the page for auditors is current', async () => {
  await expect(authorityPage(authorities)).toMatchFileSnapshot(page)
})

test('the page names each call once, and a change of one authority changes it', () => {
  const named = [...authorityPage(authorities).matchAll(/^\| (\w+) \| ([\w, ]+) \|/gm)]
    .filter(([, feature]) => feature !== 'feature')
    .flatMap(([, feature, names]) => names!.split(', ').map((name) => `${feature}.${name}`))
  expect(named.toSorted()).toEqual([...authorities.keys()].toSorted())
  const changed = new Map([...authorities, ['audit.erase', { roles: 'anyone', tokenScope: 'read' } as const]])
  expect(authorityPage(changed)).not.toBe(authorityPage(authorities))
})
