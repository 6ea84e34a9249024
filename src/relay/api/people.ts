/** Calls about the people who use the console. */

import { hashPassword } from '../../engine/policy/password.ts'
import type { Guarded } from './base.ts'
import { audit, type Parts } from './context.ts'
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
      const person = await people.add({ email, name: input.name ?? '', role, passwordHash })
      if (!person) throw conflict('a person with this address exists', 'choose another address')
      await audit(parts, context.actor, {
        action: 'people.add',
        object: `person ${person.id}`,
        details: { email, role },
      })
      return personView(person)
    }),

    remove: os.people.remove.handler(async ({ input, context }) => {
      const known = (await people.list()).some(({ id }) => id === input.id)
      if (!known) throw notFound(`person ${input.id}`)
      if (!(await people.remove(input.id))) throw refused('the last admin stays', 'add another admin first')
      await audit(parts, context.actor, { action: 'people.remove', object: `person ${input.id}` })
      return { removed: true as const }
    }),
  }
}
