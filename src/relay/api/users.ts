/** Calls about the people who use the console, and what policy asks of them. */

import type { User } from '../../model/user.ts'
import type { ListedUser } from '../../store/users.ts'
import { actorName } from '../auth/authorise.ts'
import type { Guarded } from './base.ts'
import { entryOf, type Parts } from './context.ts'
import { customerAccount } from './customerAccount.ts'
import { conflict, notFound, refused } from './errors.ts'
import { hashNewPassword } from './passwords.ts'
import { sessionView, timeOrNull, userView } from './views.ts'

export function userCalls(os: Guarded, parts: Parts) {
  const { loginThrottle, userRules, clock } = parts
  const { users, directory } = parts.store

  /** Throws NOT_FOUND. */
  async function known(id: number): Promise<User> {
    const person = (await users.list()).find((each) => each.id === id)
    if (!person) throw notFound(`person ${id}`, 'look at the list of people')
    return person
  }

  function listed(person: ListedUser) {
    const waitMs = loginThrottle.waitOf(person.email)
    return {
      ...userView(person, directory),
      secondFactor: person.secondFactor,
      seenAt: timeOrNull(person.seenAt),
      lockedUntil: timeOrNull(waitMs > 0 ? clock.now() + waitMs : undefined),
    }
  }

  return {
    list: os.users.list.handler(async () => (await users.list()).map(listed)),

    add: os.users.add.handler(async ({ input, context }) => {
      const first = (await users.list()).length === 0
      if (first && input.role !== 'admin') throw refused('the first person is an admin', 'add an admin first')
      const { email, role } = input
      const account = customerAccount(directory, role, input.account)
      const passwordHash = await hashNewPassword(input.password, email)
      const said = { action: 'people.add', object: 'person {id}', details: { email, role, account: input.account } }
      const entry = entryOf(parts, context.actor, said)
      const added = { email, name: input.name ?? '', role, account: account?.id, passwordHash }
      const person = await users.add(added, entry)
      if (!person) throw conflict('a person with this address exists', 'choose another address')
      return userView(person, directory)
    }),

    remove: os.users.remove.handler(async ({ input, context }) => {
      await known(input.id)
      const entry = entryOf(parts, context.actor, { action: 'people.remove', object: `person ${input.id}` })
      if (!(await users.remove(input.id, entry))) throw refused('the last admin stays', 'add another admin first')
      return { removed: true as const }
    }),

    setRole: os.users.setRole.handler(async ({ input, context }) => {
      const { id, role } = input
      const person = await known(id)
      const account = customerAccount(directory, role, input.account)?.id
      const details = { from: person.role, to: role, account: input.account }
      const said = { action: 'people.setRole', object: `person ${id}`, details }
      if (!(await users.setRole(id, role, entryOf(parts, context.actor, said), account)))
        throw refused('the last admin stays one', 'make somebody else an admin first')
      return userView({ ...person, role, account }, directory)
    }),

    unlock: os.users.unlock.handler(async ({ input, context }) => {
      const { email } = await known(input.id)
      const entry = entryOf(parts, context.actor, { action: 'people.unlock', object: `person ${input.id}` })
      await loginThrottle.unlock(email, entry)
      return { unlocked: true as const }
    }),

    resetSecondFactor: os.users.resetSecondFactor.handler(async ({ input, context }) => {
      const { id, reason } = input
      const { actor } = context
      if (actor.kind === 'person' && actor.person.id === id)
        throw refused('this is your own second factor', 'end it with a code, or a recovery code, in your own settings')
      const { email } = await known(id)
      const entry = entryOf(parts, actor, { action: 'people.resetSecondFactor', object: `person ${id}`, reason })
      if (!(await users.resetSecondFactor(id, actorName(actor), entry)))
        throw conflict(`${email} has no second factor`, 'nothing has to be reset')
      return { reset: true as const }
    }),

    sessions: os.users.sessions.handler(async ({ input, context }) => {
      const { id } = await known(input.id)
      const own = context.actor.kind === 'person' ? context.actor.session : undefined
      return (await users.sessions(id, clock.now())).map((session) => sessionView(session, own))
    }),

    endSession: os.users.endSession.handler(async ({ input, context }) => {
      const { id, session } = input
      const said = { action: 'people.endSession', object: `person ${id}`, details: { session } }
      if (!(await users.revokeSession(id, session, entryOf(parts, context.actor, said))))
        throw notFound(`session ${session} of person ${id}`)
      return { ended: true as const }
    }),

    policy: os.users.policy.handler(async () => userRules.get()),

    setPolicy: os.users.setPolicy.handler(async ({ input, context }) => {
      const said = { action: 'people.setPolicy', object: 'policy of people', facts: input }
      await userRules.set(input, entryOf(parts, context.actor, said))
      return input
    }),
  }
}
