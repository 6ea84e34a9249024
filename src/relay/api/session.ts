/** Calls about who is on this connection: first person, invitation, login, logout. */

import type { User } from '../../model/user.ts'
import type { AuditEntry } from '../../store/store.ts'
import { hashToken } from '../auth/sessions.ts'
import { isFirstToken } from '../auth/setupToken.ts'
import type { Guarded } from './base.ts'
import { audit, type Connection, entryOf, type Parts } from './context.ts'
import { conflict, refused, unauthorized } from './errors.ts'
import { createLogin } from './login.ts'
import { hashNewPassword } from './passwords.ts'
import { accountOfCustomer, timeView, userView } from './views.ts'

export function sessionCalls(os: Guarded, parts: Parts) {
  const { store, sessions, clock, demo } = parts
  const logIn = createLogin(parts)
  /** claims wait for each other: the token is good for one */
  let claims: Promise<unknown> = Promise.resolve()

  async function opened(person: User, connection: Connection) {
    const { token, expiresAt } = await sessions.open(person, connection)
    connection.session = token
    connection.remember?.(token)
    return { person: userView(person, store.directory), token, expiresAt: timeView(expiresAt) }
  }

  /** What somebody does who becomes a person by it. */
  function becoming(email: string, action: string): AuditEntry {
    return { ...entryOf(parts, { kind: 'nobody' }, { action, object: 'person {id}' }), actor: email }
  }

  async function claim(input: { token: string; email: string; name: string; password: string }): Promise<User> {
    if ((await store.users.list()).length > 0)
      throw conflict('this relay has its first person already', 'log in, or ask an admin to add you')
    if (!(await isFirstToken(store, input.token)))
      throw refused('this link is not valid any more', 'use the link that the last start of the relay printed')
    const { email, name } = input
    const passwordHash = await hashNewPassword(input.password, email)
    const person = await store.users.add({ email, name, role: 'admin', passwordHash }, becoming(email, 'session.claim'))
    if (!person) throw conflict('a person with this address exists')
    return person
  }

  async function invited(token: string) {
    const invitation = await store.users.invitation(hashToken(token), clock.now())
    if (!invitation) throw refused('this invitation is not valid any more', 'ask an admin for another one')
    return invitation
  }

  return {
    state: os.session.state.handler(async ({ context: { actor } }) => ({
      firstRun: (await store.users.list()).length === 0,
      demo,
      person: actor.kind === 'person' ? userView(actor.person, store.directory) : null,
      mustSetUp: actor.kind === 'person' && actor.mustSetUp === true,
    })),

    claim: os.session.claim.handler(async ({ input, context }) => {
      const turn = claims.then(() => claim(input))
      claims = turn.catch(() => undefined)
      return opened(await turn, context.connection)
    }),

    invitation: os.session.invitation.handler(async ({ input }) => {
      const { email, name, role, account, expiresAt } = await invited(input.token)
      return {
        email,
        name,
        role,
        account: accountOfCustomer(store.directory, account),
        expiresAt: timeView(expiresAt),
      }
    }),

    accept: os.session.accept.handler(async ({ input, context }) => {
      const { token, name } = input
      const { email } = await invited(token)
      const passwordHash = await hashNewPassword(input.password, email)
      const accepted = { tokenHash: hashToken(token), name, passwordHash, now: clock.now() }
      const person = await store.users.accept(accepted, becoming(email, 'session.accept'))
      if (!person) throw conflict('this invitation was used meanwhile', 'log in')
      return opened(person, context.connection)
    }),

    login: os.session.login.handler(async ({ input, context }) => {
      const person = await logIn(input, context.connection.address)
      const session = await opened(person, context.connection)
      const reset = await store.users.takeReset(person.id)
      return { ...session, secondFactorReset: reset ? { at: timeView(reset.at), by: reset.by } : null }
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
