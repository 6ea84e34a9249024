/** Calls about the people who use the console. */

import { hashPassword } from '../../engine/policy/password.ts'
import type { Guarded } from './base.ts'
import { entryOf, type Parts } from './context.ts'
import { conflict, notFound, refused } from './errors.ts'
import { personView } from './views.ts'

export function peopleCalls(os: Guarded, parts: Parts) {
  const { people } = parts.store

  return {
    list: os.people.list.handler(async () => (await people.list()).map(personView)),

    add: os.people.add.handler(async ({ input, context }) => {
      const first = (await people.list()).length === 0
      if (first && input.role !== 'admin') throw refused('the first person is an admin', 'add an admin first')
      const { email, role } = input
      const passwordHash = await hashPassword(input.password)
      const said = { action: 'people.add', object: 'person {id}', details: { email, role } }
      const entry = entryOf(parts, context.actor, said)
      const person = await people.add({ email, name: input.name ?? '', role, passwordHash }, entry)
      if (!person) throw conflict('a person with this address exists', 'choose another address')
      return personView(person)
    }),

    remove: os.people.remove.handler(async ({ input, context }) => {
      const known = (await people.list()).some(({ id }) => id === input.id)
      if (!known) throw notFound(`person ${input.id}`)
      const entry = entryOf(parts, context.actor, { action: 'people.remove', object: `person ${input.id}` })
      if (!(await people.remove(input.id, entry))) throw refused('the last admin stays', 'add another admin first')
      return { removed: true as const }
    }),
  }
}
