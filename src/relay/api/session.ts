/** Calls about who is on this connection: first person, login, logout. */

import { hashPassword, verifyPassword } from '../../engine/policy/password.ts'
import type { Person } from '../../model/people.ts'
import { isFirstToken } from '../firstPerson.ts'
import type { Guarded } from './base.ts'
import { audit, type Connection, entryOf, type Parts } from './context.ts'
import { conflict, refused, tooMany, unauthorized, wrongLogin } from './errors.ts'
import { createFailureAudit } from './failureAudit.ts'
import { personView, timeView } from './views.ts'

/** A hash no password fits: an unknown address costs as long as a wrong password (no telling who exists). */
const nobodysHash = hashPassword(`nobody ${Math.random()}`)

export function sessionCalls(os: Guarded, parts: Parts) {
  const { store, sessions, loginThrottle, demo } = parts
  const failures = createFailureAudit(parts)
  /** claims wait for each other: the token is good for one */
  let claims: Promise<unknown> = Promise.resolve()

  async function opened(person: Person, connection: Connection) {
    const { token, expiresAt } = await sessions.open(person)
    connection.session = token
    connection.remember?.(token)
    return { person: personView(person), token, expiresAt: timeView(expiresAt) }
  }

  async function claim(input: { token: string; email: string; name: string; password: string }): Promise<Person> {
    if ((await store.people.list()).length > 0)
      throw conflict('this relay has its first person already', 'log in, or ask an admin to add you')
    if (!(await isFirstToken(store, input.token)))
      throw refused('this link is not valid any more', 'use the link that the last start of the relay printed')
    const { email, name } = input
    const passwordHash = await hashPassword(input.password)
    const entry = {
      ...entryOf(parts, { kind: 'nobody' }, { action: 'session.claim', object: 'person {id}' }),
      actor: email,
    }
    const person = await store.people.add({ email, name, role: 'admin', passwordHash }, entry)
    if (!person) throw conflict('a person with this address exists')
    return person
  }

  return {
    state: os.session.state.handler(async ({ context }) => ({
      firstRun: (await store.people.list()).length === 0,
      demo,
      person: context.actor.kind === 'person' ? personView(context.actor.person) : null,
    })),

    claim: os.session.claim.handler(async ({ input, context }) => {
      const turn = claims.then(() => claim(input))
      claims = turn.catch(() => undefined)
      return opened(await turn, context.connection)
    }),

    login: os.session.login.handler(async ({ input, context }) => {
      const begun = await loginThrottle.begin({ address: context.connection.address, email: input.email })
      if (begun.kind === 'wait') {
        await failures.lockedOut(context.connection.address)
        throw tooMany(begun.waitMs)
      }
      const person = await store.people.byEmail(input.email.trim())
      const right = await verifyPassword(input.password, person?.passwordHash ?? (await nobodysHash))
      if (!person || !right) {
        await failures.failed(person, context.connection.address)
        throw wrongLogin()
      }
      await begun.succeeded()
      await audit(parts, { kind: 'person', person }, { action: 'session.login', object: `person ${person.id}` })
      return opened(person, context.connection)
    }),

    logout: os.session.logout.handler(async ({ context }) => {
      const { connection, actor } = context
      if (actor.kind === 'local') return { ended: true as const }
      if (actor.kind === 'nobody' || connection.session === undefined) throw unauthorized()
      await audit(parts, actor, { action: 'session.logout', object: `person ${actor.person.id}` })
      await sessions.end(connection.session)
      connection.session = undefined
      connection.remember?.(undefined)
      return { ended: true as const }
    }),
  }
}
